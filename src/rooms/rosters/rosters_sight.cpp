#include "rooms/rosters/rosters_sight.hpp"

#include <algorithm>

#include "rooms/rosters/rosters_store.hpp"

namespace lifang::rosters {

void must_write_for(Reader& reader, const Caller& caller, const PersonId& person) {
  if (caller.person == person.text) return;
  caller.must("rosters.write");
  for (const Shift& shift : store::shifts_of(reader, person)) caller.must("rosters.write", shift.path);
}

std::optional<Absence> seen_by(Reader& reader, const Caller& caller, Absence absence) {
  if (!caller.person.empty() && absence.person.text == caller.person) return absence;
  const auto shifts = store::shifts_of(reader, absence.person);
  const auto may = [&](std::string_view right) {
    // Who has no shift is no matter of any one place.
    if (shifts.empty()) return caller.may(right, "/");
    return std::any_of(shifts.begin(), shifts.end(), [&](const Shift& shift) { return caller.may(right, shift.path); });
  };
  const bool stands_in = !caller.person.empty() && absence.substitute && absence.substitute->text == caller.person;
  if (!stands_in && !may("rosters.read")) return std::nullopt;
  if (!may("rosters.write")) absence.reason.reset();
  return absence;
}

std::vector<Absence> absences_seen(Reader& reader, const Caller& caller, AbsenceFilter filter) {
  const std::size_t wanted = filter.limit;
  std::vector<Absence> seen;
  for (filter.limit = 500;;) {
    const auto page = store::absences(reader, filter);
    for (const Absence& absence : page) {
      auto one = seen_by(reader, caller, absence);
      if (one && seen.size() < wanted) seen.push_back(*std::move(one));
    }
    if (page.size() < filter.limit || seen.size() >= wanted) return seen;
    filter.after = page.back().id.text;
  }
}

}  // namespace lifang::rosters
