// The proof of cases: what their diaries say against what their rows say.
#include <fmt/format.h>

#include <array>
#include <unordered_map>
#include <unordered_set>

#include "base/members.hpp"
#include "rooms/cases/cases_proof.hpp"
#include "rooms/cases/cases_work.hpp"

namespace lifang::cases {
namespace {

constexpr std::string_view kCauses =
    "SELECT id, cause, opened_at FROM cases WHERE cause <> '' UNION ALL "
    "SELECT case_id, cause, at FROM cases_diary WHERE cause <> ''";
constexpr std::string_view kCases =
    "SELECT id, state, open, lines, due, deferred_until, post, unmanned FROM cases ORDER BY id";
constexpr std::string_view kLines = "SELECT case_id, n, code FROM cases_diary ORDER BY case_id, n";
constexpr std::string_view kTimers = "SELECT name FROM jobs WHERE kind = $1";

/// The lines of a diary after which a case stands differently.
bool decides(std::string_view code) {
  static constexpr std::array<std::string_view, 14> kDeciding = {
      "open", "accept", "handle", "not-verified", "verify", "clear", "close", "refuse", "false-alarm", "merge", "reopen", "approve", "wake",
      "drill-end"};
  return std::find(kDeciding.begin(), kDeciding.end(), code) != kDeciding.end();
}

/// Whether a case may stand so after that line.
bool agrees(State state, std::string_view last) {
  const bool ended = last == "verify" || last == "clear" || last == "close" || last == "refuse" || last == "false-alarm" ||
                     last == "merge" || last == "drill-end";
  switch (state) {
    case State::reported:
    case State::assigned:
    case State::accepted:
    case State::reopened: return !ended && last != "handle";
    case State::handled: return last == "handle";
    case State::deferred: return !ended;
    case State::verified: return last == "verify" || last == "clear";
    case State::closed: return last == "close" || last == "false-alarm" || last == "drill-end";
    case State::refused: return last == "refuse";
    case State::merged: return last == "merge";
  }
  return false;
}

struct Diary {
  std::int64_t lines = 0;
  bool gap = false;
  std::string last;
};

std::unordered_map<std::string, Diary> diaries(Reader& reader) {
  std::unordered_map<std::string, Diary> all;
  reader.each(kLines, [&](const db::Row& r) {
    Diary& diary = all[r.get<std::string>(0)];
    diary.gap = diary.gap || r.integer(1) != ++diary.lines;
    if (decides(r.text(2))) diary.last = r.text(2);
  });
  return all;
}

std::unordered_set<std::string> timers(Reader& reader, std::string_view kind) {
  std::unordered_set<std::string> set;
  reader.each(kTimers, [&](const db::Row& r) { set.insert(r.get<std::string>(0)); }, kind);
  return set;
}

}  // namespace

void each_cause(Reader& reader, const std::function<void(const std::string& id, const std::string& cause, Time at)>& fn) {
  reader.each(kCauses, [&](const db::Row& r) { fn(r.get<std::string>(0), r.get<std::string>(1), r.time(2)); });
}

Proof prove(Reader& reader) {
  Proof proof;
  const auto diary_of = diaries(reader);
  const auto due = timers(reader, kDueJob), wake = timers(reader, kWakeJob);
  reader.each(kCases, [&](const db::Row& r) {
    const std::string id = r.get<std::string>(0);
    const auto fault = [&](const std::string& what) { proof.faults.push_back(id + " " + what); };
    const State state = enum_of<State>(r.text(1));
    const bool open = is_open(state);
    ++proof.cases;
    proof.open += open;
    if (r.get<bool>(2) != open) fault("is listed as open, or as done, against its state");
    const auto found = diary_of.find(id);
    const Diary diary = found == diary_of.end() ? Diary{} : found->second;
    proof.lines += diary.lines;
    if (diary.gap || diary.lines != r.integer(3)) fault("has a gap in its diary");
    else if (!agrees(state, diary.last)) fault(fmt::format("stands as {} after “{}” in its diary", enum_name(state), diary.last));
    if (!open) return;
    const bool has_due = r.get<std::optional<Time>>(4).has_value();
    const bool sleeps = state == State::deferred && r.get<std::optional<Time>>(5).has_value();
    if (has_due && !due.contains(id)) fault("has a deadline without a timer");
    if (sleeps && !wake.contains(id)) fault("is put off without a timer");
    if (!has_due && !sleeps && r.text(6).empty() && r.text(7).empty()) fault("is open, and nobody owes the next step");
  });
  return proof;
}

}  // namespace lifang::cases
