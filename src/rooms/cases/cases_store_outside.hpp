// Deadlines that outside systems set: the SQL of cases_outside.
#pragma once
#include <optional>

#include "platform/db/tx.hpp"
#include "rooms/cases/cases_values.hpp"

namespace lifang::cases::store {

void keep_outer_due(Tx& tx, const CaseId& id, Time due);
std::optional<Time> outer_due(Reader& reader, const CaseId& id);

}  // namespace lifang::cases::store
