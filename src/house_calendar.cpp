#include "house_calendar.hpp"

#include <fmt/format.h>

#include "house.hpp"

namespace lifang {
namespace {

/// One unread warning says as much as ten; one that was read may be said again after this long.
constexpr Duration kAgainAfter = std::chrono::hours(24 * 28);

}  // namespace

void remind_of_holidays(House& house, Tx& tx) {
  const auto local = tx.now() + std::chrono::minutes{house.rosters.offset_minutes()};
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(local)};
  if (static_cast<unsigned>(today.month()) < 11 || static_cast<unsigned>(today.day()) % 7 != 1) return;
  const std::int64_t next = static_cast<int>(today.year()) + 1;
  if (!rosters::Rosters::year(tx, next).provisional) return;
  places::Filter top;
  top.limit = 1;
  const auto places = places::Places::list(tx, Caller::system(), top);
  if (places.empty()) return;
  notices::SendWords words;
  words.place = places.front().id;
  words.title = fmt::format("请录入 {} 年放假安排", next);
  words.text = fmt::format("工作日历里还没有 {} 年的节假日和调休，跨年的工作日时限现在只按周末计算。国务院办公厅的通知公布后，"
                           "请到工作台“值班 → 工作日历”录入或导入。", next);
  const notices::InEnglish english{
      fmt::format("Please enter the holidays of {}", next),
      fmt::format("The working calendar has no holidays and make-up days of {} yet, so deadlines beyond the turn of the year count weekends "
                  "alone. Once the General Office of the State Council has published them, enter or import them under Rosters → Calendar.", next)};
  words.persons.emplace();
  for (const accounts::AccountId& id : accounts::Accounts::holders(tx, "rosters.write", "/", tx.now())) {
    const auto account = accounts::Accounts::get(tx, Caller::system(), id);
    const notices::PersonId person{account.person.value_or(account.id.text)};
    if (!notices::Notices::has_told(tx, person, words.title, tx.now() - kAgainAfter + Duration{1})) words.persons->push_back(person);
  }
  if (!words.persons->empty()) house.notices.send(tx, Caller::system(), words, english);
}

}  // namespace lifang
