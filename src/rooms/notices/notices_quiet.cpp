#include "rooms/notices/notices_quiet.hpp"

namespace lifang::notices {

Time decent(Time t, const Quiet& quiet) {
  const auto local = t + std::chrono::minutes{quiet.offset_minutes};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto minute = std::chrono::duration_cast<std::chrono::minutes>(local - day).count();
  const bool over_midnight = quiet.from > quiet.until;
  const bool still = over_midnight ? minute >= quiet.from || minute < quiet.until : minute >= quiet.from && minute < quiet.until;
  if (!still) return t;
  const bool tomorrow = over_midnight && minute >= quiet.from;
  return Time{day + std::chrono::days{tomorrow ? 1 : 0}} + std::chrono::minutes{quiet.until - quiet.offset_minutes};
}

Time next_hour(Time now, std::int64_t hour, const Quiet& quiet) {
  const auto offset = std::chrono::minutes{quiet.offset_minutes};
  const Time midnight = Time{std::chrono::floor<std::chrono::days>(now + offset)} - offset;
  for (int day = -1;; ++day) {  // an hour of yesterday's late evening may have moved into this morning
    const Time at = decent(midnight + std::chrono::days{day} + std::chrono::hours{hour}, quiet);
    if (at > now) return at;
  }
}

}  // namespace lifang::notices
