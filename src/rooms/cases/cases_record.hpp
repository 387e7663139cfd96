// A case as the room itself keeps it: what it shows and what it counts by.
#pragma once
#include "rooms/cases/cases_values.hpp"

namespace lifang::cases {

struct Record : Case {
  std::int64_t holding = 0;  ///< number of the current holding, 0 before the first
  std::int64_t lines = 0;    ///< of the diary
  std::int64_t score_sum = 0, scores = 0;
  std::int64_t contested = 0;  ///< how often a bad verdict has reopened it: once; a second one goes to a mediator
  std::optional<bool> solved;         ///< the last verdict
  std::optional<State> deferred_from; ///< where it wakes
  std::optional<Duration> deferred_left;  ///< of the deadline that ran then, in the kind's own hours
};

}  // namespace lifang::cases
