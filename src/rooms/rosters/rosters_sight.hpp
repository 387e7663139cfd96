// Who may see and write whose absence. Says more of a person than that they are away, and hands their posts to another.
#pragma once
#include <vector>

#include "base/caller.hpp"
#include "rooms/rosters/rosters_values.hpp"

namespace lifang::rosters {

/// For oneself; for others with rosters.write over every place where they have a shift. @throws Refusal as Caller::must
void must_write_for(Reader& reader, const Caller& caller, const PersonId& person);
/// One's own and those that one stands in for; others' where one may read the rosters of a shift of theirs. The reason is
/// for the person and for whoever writes that roster. Nothing if it is none of the caller's.
std::optional<Absence> seen_by(Reader& reader, const Caller& caller, Absence absence);
/// Those that the caller sees, in order of id.
std::vector<Absence> absences_seen(Reader& reader, const Caller& caller, AbsenceFilter filter);

}  // namespace lifang::rosters
