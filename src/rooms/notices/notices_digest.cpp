#include "rooms/notices/notices_digest.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/notices/notices_digest_store.hpp"
#include "rooms/notices/notices_phone.hpp"
#include "rooms/notices/notices_store.hpp"

namespace lifang::notices {
namespace {

constexpr const char* kJob = "notices.digest";
constexpr std::size_t kSlice = 100;
constexpr std::size_t kMostPieces = 30;    ///< in one notice; how many more there are is said
constexpr std::size_t kPieceLength = 200;  ///< characters of one piece's text
constexpr std::size_t kSpoken = 3;         ///< titles in the word to the phone

std::string me(const Caller& caller) { return caller.person.empty() ? caller.account : caller.person; }

std::string shortened(const std::string& text) {
  const std::u32string points = to_code_points(text);
  return points.size() <= kPieceLength ? text : to_utf8(points.substr(0, kPieceLength)) + "…";
}

cases::Said written(const std::vector<Gathered>& pieces) {
  std::string text;
  for (std::size_t i = 0; i < pieces.size() && i < kMostPieces; ++i)
    text += fmt::format("{}{}. {}{}{}", i == 0 ? "" : "\n\n", i + 1, pieces[i].title, pieces[i].text.empty() ? "" : "\n",
                        shortened(pieces[i].text));
  if (pieces.size() <= kMostPieces) return {text, text};
  const std::size_t more = pieces.size() - kMostPieces;
  return {text + fmt::format("\n\n另有 {} 条", more), text + fmt::format("\n\nand {} more", more)};
}

std::string spoken(const std::vector<Gathered>& pieces) {
  std::string words = fmt::format("今日社区消息{}条：", pieces.size());
  for (std::size_t i = 0; i < pieces.size() && i < kSpoken; ++i) words += (i == 0 ? "" : "；") + pieces[i].title;
  return words + (pieces.size() > kSpoken ? "等" : "");
}

}  // namespace

Digest::Digest(bus::Bus& bus, jobs::Jobs& jobs, Phones& phones, Quiet quiet) : bus_(bus), jobs_(jobs), phones_(phones), quiet_(quiet) {
  jobs_.on(kJob, [this](Tx& tx, const jobs::Job&) { deliver(tx); });
}

void Digest::plan(Tx& tx, Time due) { jobs_.at(tx, kJob, std::to_string(to_ms(due)), due); }

void Digest::gather(Tx& tx, const PersonId& person, const Gathered& piece) {
  const auto hours = store::digest_hours(tx, person.text);
  const Time due = next_hour(tx.now(), hours ? hours->hour : kHour, quiet_);
  store::gather(tx, person.text, piece, due);
  plan(tx, due);
}

std::int64_t Digest::withdraw(Tx& tx, const std::string& announcement) { return store::remove_waiting(tx, announcement); }

/// One slice of those whose hour has come; the job comes back until all have got theirs.
void Digest::deliver(Tx& tx) {
  // A node that was off at the hour does not make up for it at night.
  if (const Time at = decent(tx.now(), quiet_); at != tx.now()) return plan(tx, at);
  const auto receivers = store::due_receivers(tx, tx.now(), kSlice);
  for (const std::string& person : receivers) deliver_to(tx, person);
  if (receivers.size() == kSlice) plan(tx, tx.now());
}

void Digest::deliver_to(Tx& tx, const std::string& person) {
  const auto pieces = store::due_pieces(tx, person, tx.now());
  Notice notice;
  notice.id = NoticeId::make(tx.ids());
  notice.class_ = Class::announcement;
  notice.person = PersonId{person};
  notice.path = pieces.front().path;
  if (pieces.size() == 1) {
    notice.title = pieces.front().title;
    notice.text = pieces.front().text;
  } else {
    notice.title = fmt::format("今日消息 {} 条", pieces.size());
    notice.title_en = fmt::format("Today's messages: {}", pieces.size());
    cases::Said said = written(pieces);
    notice.text = std::move(said.zh);
    notice.text_en = std::move(said.en);
  }
  notice.at = tx.now();
  notice.cause = pieces.front().announcement;
  store::add(tx, notice);
  store::delivered(tx, person, tx.now(), notice.id);
  bus::tell(bus_, tx, Arrived{notice.id, notice.person, {}, false}, {notice.id.text, notice.path, notice.cause, {}});
  const auto hours = store::digest_hours(tx, person);
  if (hours && hours->phone) phones_.tell(tx, *notice.person, spoken(pieces), {notice.id.text, notice.path}, false);
}

DigestHours Digest::hours(Reader& reader, const Caller& caller, Time now) const {
  DigestHours hours = store::digest_hours(reader, me(caller)).value_or(DigestHours{kHour, false, 0, {}});
  hours.waiting = store::waiting(reader, me(caller));
  hours.next_at = next_hour(now, hours.hour, quiet_);
  return hours;
}

DigestHours Digest::choose(Tx& tx, const Caller& caller, const DigestWords& words) {
  if (words.hour < 0 || words.hour > 23) throw invalid("notices.bad_hour", "/hour", "0 to 23");
  DigestHours hours = this->hours(tx, caller, tx.now());
  hours.hour = words.hour;
  hours.phone = words.phone.value_or(hours.phone);
  store::keep_digest_hours(tx, me(caller), hours);
  const Time due = next_hour(tx.now(), hours.hour, quiet_);
  if (hours.waiting > 0) {
    store::move_due(tx, me(caller), due);
    plan(tx, due);
  }
  return this->hours(tx, caller, tx.now());
}

void Digest::place_moved(Tx& tx, const std::string& from, const std::string& to) { store::rebase_digest(tx, from, to); }
void Digest::forget(Tx& tx, const std::string& person) { store::forget_digest(tx, person); }
void Digest::sweep(Tx& tx, Time before, std::int64_t limit) { store::sweep_digest(tx, before, limit); }

}  // namespace lifang::notices
