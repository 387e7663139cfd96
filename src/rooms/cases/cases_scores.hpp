// Figures about cases split in more ways than the room's own rates, for scorecards. A part of the door.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "platform/db/tx.hpp"
#include "rooms/cases/cases_values.hpp"

namespace lifang::cases {

class Cases;

/// `place`: by the compound, or whatever stands nearest above the cases' places; `month`: of their opening.
enum class ScoresBy { organisation, post, kind, place, month };
BOOST_DESCRIBE_ENUM(ScoresBy, organisation, post, kind, place, month)

struct ScoresFilter {
  ScoresBy by = ScoresBy::organisation;
  std::optional<std::string> key;         ///< one of them
  std::optional<std::string> place_path;
  std::optional<Time> from, to;           ///< the holder's stretch began; with `month`, the case was opened
  bool good = false;                      ///< behind(): those that count for it
  std::optional<std::string> after;
  std::size_t limit = 50;
  int offset_minutes = 480;               ///< in whose zone a month begins
};

/// Of what the caller sees, as Cases::rates. Drills, merged cases and those whose false alarm was granted on appeal count nowhere.
/// In order of key.
std::vector<Rates> scores(Reader& reader, const Cases& cases, const Caller& caller, const ScoresFilter& filter);
/// The cases behind a figure, newest first.
std::vector<CaseId> scores_behind(Reader& reader, const Cases& cases, const Caller& caller, const ScoresFilter& filter, Measure measure);

/// A stretch of time in numbers, for a printed brief.
struct Figures {
  std::int64_t opened = 0, ended = 0;     ///< within the stretch
  std::int64_t open = 0, overdue = 0, deferred = 0, supervised = 0;  ///< now
};
Figures figures(Reader& reader, const Caller& caller, const std::string& place_path, Time from, Time to, Time now);

}  // namespace lifang::cases
