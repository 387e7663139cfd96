#include "rooms/rosters/rosters_rules.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include "base/check.hpp"
#include "base/csv.hpp"
#include "base/embedded.hpp"

namespace lifang::rosters {
namespace {

using std::chrono::days;

void check_days(const std::vector<std::int64_t>& week, const std::string& field) {
  if (week.empty() || week.size() > 7) throw invalid("rosters.bad_days", field, "1 (Monday) to 7 (Sunday), each once");
  const std::set<std::int64_t> once(week.begin(), week.end());
  if (once.size() != week.size() || *once.begin() < 1 || *once.rbegin() > 7)
    throw invalid("rosters.bad_days", field, "1 (Monday) to 7 (Sunday), each once");
}

bool begins_on(const ShiftWords& shift, const Calendar& calendar, Day day) {
  if (shift.first && day < shift.first->day) return false;
  if (shift.last && day > shift.last->day) return false;
  if (shift.on == On::off) return !calendar.is_working(day);
  if (shift.on == On::working) return calendar.is_working(day);
  if (!shift.days) return true;
  const std::int64_t weekday = std::chrono::weekday{day}.iso_encoding();
  return std::find(shift.days->begin(), shift.days->end(), weekday) != shift.days->end();
}

}  // namespace

bool is_on(const ShiftWords& shift, const Calendar& calendar, Time at) {
  const Day today = calendar.local_day(at);
  for (const Day day : {today, today - days(1)}) {
    const Time from = calendar.at(day, shift.from);
    const Time to = calendar.at(shift.to > shift.from ? day : day + days(1), shift.to);
    if (from <= at && at < to && begins_on(shift, calendar, day)) return true;
  }
  return false;
}

void check_words(const ShiftWords& shift) {
  if (shift.days) check_days(*shift.days, "/days");
  if (shift.days && shift.on != On::every)
    throw invalid("rosters.bad_days", "/on", "either days of the week, or working or free days of the calendar");
  if (shift.first && shift.last && shift.last->day < shift.first->day)
    throw invalid("rosters.bad_stretch", "/last", "not before the first day");
  if (shift.from.minutes == 24 * 60) throw invalid("rosters.bad_stretch", "/from", "00:00 to 23:59");
  if (shift.persons.size() > 200) throw invalid("rosters.too_many", "/persons", "at most 200");
  const std::set<PersonId> once(shift.persons.begin(), shift.persons.end());
  if (once.size() != shift.persons.size()) throw invalid("rosters.twice", "/persons", "each person once");
}

void check_words(const WorkingHours& hours) {
  if (hours.week.empty() || hours.week.size() > 50)
    throw invalid("rosters.bad_hours", "/week", "1 to 50 stretches");
  for (std::size_t i = 0; i < hours.week.size(); ++i) {
    const Stretch& stretch = hours.week[i];
    const std::string field = "/week/" + std::to_string(i);
    check_days(stretch.days, field + "/days");
    if (stretch.from >= stretch.to) throw invalid("rosters.bad_hours", field + "/to", "later than `from`, at most 24:00");
    for (std::size_t k = 0; k < i; ++k) {
      const Stretch& other = hours.week[k];
      const bool meets = std::any_of(stretch.days.begin(), stretch.days.end(), [&](std::int64_t day) {
        return std::find(other.days.begin(), other.days.end(), day) != other.days.end();
      });
      if (meets && stretch.from < other.to && other.from < stretch.to)
        throw invalid("rosters.bad_hours", field + "/from", "stretches of a day do not overlap");
    }
  }
  if (!is_enough(hours)) throw invalid("rosters.few_hours", "/week", "at least ten hours a week: deadlines are counted by them");
  // Make-up days are worked as a Monday; without one they would be days without any hours, which is legal.
}

bool is_enough(const WorkingHours& hours) {
  std::int64_t sum = 0;
  for (const Stretch& stretch : hours.week) sum += static_cast<std::int64_t>(stretch.days.size()) * (stretch.to.minutes - stretch.from.minutes);
  return sum >= 10 * 60;
}

void check_words(std::int64_t year, const YearWords& words) {
  if (year < 2000 || year > 2200) throw missing("rosters.unknown_year", "2000 to 2200");
  if (words.source.empty() || words.source.size() > 200) throw invalid("rosters.bad_source", "/source", "1 to 200 bytes");
  std::set<Day> seen;
  for (std::size_t i = 0; i < words.days.size(); ++i) {
    const Day day = words.days[i].day.day;
    const std::string field = "/days/" + std::to_string(i) + "/day";
    if (static_cast<int>(std::chrono::year_month_day{day}.year()) != year)
      throw invalid("rosters.bad_day", field, "a day of the year");
    if (!seen.insert(day).second) throw invalid("rosters.bad_day", field, "each day once");
  }
}

std::vector<std::string> paths_up(std::string_view path) {
  std::vector<std::string> paths;
  while (path.size() > 1) {
    paths.emplace_back(path);
    path.remove_suffix(1);
    path = path.substr(0, path.rfind('/') + 1);
  }
  return paths;
}

std::map<std::int64_t, YearWords> published_years() {
  std::map<std::int64_t, YearWords> years;
  for (const embedded::File& file : embedded::data()) {
    if (!file.path.ends_with("rosters/data/holidays.csv")) continue;
    std::istringstream in{std::string(file.bytes)};
    CsvReader csv(in);
    check(csv.read_header() == std::vector<std::string>{"year", "first", "last", "off", "name", "source"},
          "holidays.csv has its columns");
    std::vector<std::string> row;
    while (csv.next(row)) {
      const auto first = day_of_text(row[1]), last = day_of_text(row[2]);
      check(first && last && *first <= *last, "holidays.csv holds days");
      YearWords& words = years[std::stoll(row[0])];
      words.source = row[5];
      for (Day day = *first; day <= *last; day += days(1)) words.days.push_back({{day}, row[3] == "true", row[4]});
    }
  }
  return years;
}

std::vector<Post> ready_made_posts() {
  std::vector<Post> posts;
  for (const embedded::File& file : embedded::data()) {
    if (!file.path.ends_with("rosters/data/posts.csv")) continue;
    std::istringstream in{std::string(file.bytes)};
    CsvReader csv(in);
    check(csv.read_header() == std::vector<std::string>{"id", "name", "above"}, "posts.csv has its columns");
    std::vector<std::string> row;
    while (csv.next(row)) {
      Post post;
      post.id = PostId{row[0]};
      post.name = row[1];
      if (!row[2].empty()) post.above = PostId{row[2]};
      posts.push_back(std::move(post));
    }
  }
  return posts;
}

}  // namespace lifang::rosters
