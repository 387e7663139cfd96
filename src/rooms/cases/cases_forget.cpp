// What an erasure takes out of cases: what the person said and sent, not that something was reported and what was done.
#include <algorithm>
#include <set>

#include "rooms/cases/cases_parts.hpp"
#include "rooms/cases/cases_store_forget.hpp"
#include "rooms/files/files.hpp"

namespace lifang::cases {
namespace {

constexpr std::size_t kWholeDiary = 1'000'000;

/// Whose words go: the person's, or what was said through a login when no person stood behind it.
struct Whose {
  std::optional<PersonId> person;
  std::string account;

  bool reported(const Reporter& reporter) const {
    if (person) return reporter.person == person;
    return !reporter.person && !reporter.on_behalf && reporter.account == account;
  }
  bool spoke(const DiaryLine& line) const {
    return !line.on_behalf && (person ? line.person == person : !line.person && line.by == account);
  }
};

/// Whether the line holds what they said: in it themselves, or written down for them by whoever entered their report.
/// What the same hand entered later, and for none of the others, goes too: rather too much than too little.
bool holds_words_of(const DiaryLine& line, const Whose& whose, const std::vector<Reporter>& reporters) {
  if (whose.spoke(line)) return true;
  if (!line.on_behalf || (line.code != "open" && line.code != "join")) return false;
  bool entered_theirs = false, is_another_report = false;
  for (const Reporter& reporter : reporters) {
    if (reporter.account != line.by || !reporter.on_behalf) continue;
    const bool theirs = whose.reported(reporter), is_report = reporter.at == line.at && reporter.text == line.note;
    if (theirs && is_report) return true;
    entered_theirs = entered_theirs || theirs;
    is_another_report = is_another_report || is_report;
  }
  return entered_theirs && !is_another_report;
}

void replace_all(std::string& in, const std::string& what, std::string_view with) {
  for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + with.size())) in.replace(at, what.size(), with);
}

/// Takes the note out, and out of the sentence that repeats it.
void take_out_note(DiaryLine& line) {
  if (line.note.empty() || line.note == kWithdrawn) return;
  replace_all(line.words, line.note, kWithdrawnZh);
  if (line.words_en) replace_all(*line.words_en, line.note, kWithdrawnEn);
  line.note = kWithdrawn;
}

void forget_in(Tx& tx, files::Files& files_room, const CaseId& id, const Whose& whose) {
  const auto record = store::find(tx, id);
  if (!record) return;
  std::set<std::string> gone;
  std::string text = record->text;
  const auto reporters = store::reporters(tx, id);
  for (Reporter reporter : reporters) {
    if (!whose.reported(reporter)) continue;
    // The first report is the case's own text, unless a device began it.
    if (reporter.n == 1 && !text.empty() && text == reporter.text) text = kWithdrawn;
    if (!reporter.text.empty()) reporter.text = kWithdrawn;
    gone.insert(reporter.files.begin(), reporter.files.end());
    reporter.files.clear();
    store::rewrite_report(tx, id, reporter);
  }
  for (DiaryLine line : store::diary(tx, id, 0, kWholeDiary)) {
    if (!holds_words_of(line, whose, reporters)) continue;
    take_out_note(line);
    gone.insert(line.files.begin(), line.files.end());
    line.files.clear();
    store::rewrite_line(tx, id, line);
  }
  std::vector<std::string> files = record->files;
  std::erase_if(files, [&](const std::string& file) { return gone.contains(file); });
  if (text != record->text || files.size() != record->files.size()) store::rewrite_text(tx, *record, text, files);
  for (const std::string& file : gone)
    if (files::FileId::fits(file)) files_room.withdraw(tx, files::FileId{file}, "case", id.text);
}

}  // namespace

void Cases::forget(Tx& tx, const PersonId& person) {
  for (const CaseId& id : store::reported_by(tx, person)) forget_in(tx, parts_->tools.files, id, {person, {}});
}

void Cases::forget_login(Tx& tx, const std::string& account) {
  for (const CaseId& id : store::reported_through(tx, account)) forget_in(tx, parts_->tools.files, id, {{}, account});
}

}  // namespace lifang::cases
