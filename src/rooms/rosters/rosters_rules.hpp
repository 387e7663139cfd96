// Pure decisions of rosters: when a shift is on, what may be kept.
#pragma once
#include "rooms/rosters/rosters.hpp"

namespace lifang::rosters {

/// Whether the shift is on at that instant; a night shift belongs to the day on which it began.
bool is_on(const ShiftWords& shift, const Calendar& calendar, Time at);
/// @throws Refusal invalid rosters.bad_days, rosters.bad_stretch
void check_words(const ShiftWords& shift);
/// @throws Refusal invalid rosters.bad_hours: none at all, overlapping, outside a week
void check_words(const WorkingHours& hours);
/// Whether a deadline that is counted by them comes in any sensible time: ten hours a week.
bool is_enough(const WorkingHours& hours);
/// @throws Refusal invalid rosters.bad_day: outside the year, twice
void check_words(std::int64_t year, const YearWords& words);
/// "/xihu/fuyuan/b3/" → itself, "/xihu/fuyuan/", "/xihu/".
std::vector<std::string> paths_up(std::string_view path);
/// The holidays that came with the program, by year.
std::map<std::int64_t, YearWords> published_years();
/// The posts that catalogues name, with their chain; they too came with the program.
std::vector<Post> ready_made_posts();

}  // namespace lifang::rosters
