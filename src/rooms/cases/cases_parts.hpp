// What the room's own sources share: its tools.
#pragma once
#include "rooms/cases/cases.hpp"
#include "rooms/cases/cases_standing.hpp"
#include "rooms/cases/cases_store.hpp"
#include "rooms/cases/cases_work.hpp"

namespace lifang::cases {

struct Cases::Parts {
  Tools tools;

  Case seen(Reader& reader, const Caller& caller, const CaseId& id, const Catalogue& catalogue) const {
    Viewer viewer(reader, tools.rosters, caller);
    auto record = store::find(reader, id);
    if (!record || !viewer.may_see(*record)) throw missing("cases.unknown", "no such case");
    return viewer.show(*std::move(record), catalogue);
  }
};

}  // namespace lifang::cases
