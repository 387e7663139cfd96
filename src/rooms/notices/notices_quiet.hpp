// Quiet hours: when phones stay still but for emergencies.
#pragma once
#include "base/time.hpp"

namespace lifang::notices {

/// In minutes of the local day.
struct Quiet {
  int from = 22 * 60, until = 7 * 60;
  int offset_minutes = 480;
  Duration unanswered = std::chrono::minutes(10);  ///< then an emergency that was not read is rung up
};

/// The same instant, or the end of the quiet hours that it falls into.
Time decent(Time t, const Quiet& quiet);
/// The first instant after `now` at which the local clock shows `hour`, moved out of the quiet hours.
Time next_hour(Time now, std::int64_t hour, const Quiet& quiet);

}  // namespace lifang::notices
