#include "rooms/cases/cases_store_forget.hpp"

#include "base/members.hpp"
#include "base/reflect.hpp"
#include "rooms/cases/cases_store_row.hpp"

namespace lifang::cases::store {
namespace {

constexpr std::string_view kReportedBy =
    "SELECT DISTINCT case_id FROM cases_reporters WHERE person <> '' AND person = $1 ORDER BY case_id";
constexpr std::string_view kReportedThrough =
    "SELECT DISTINCT case_id FROM cases_reporters WHERE account = $1 AND person = '' AND on_behalf = 0 ORDER BY case_id";
constexpr std::string_view kRewriteReport = "UPDATE cases_reporters SET text = $3, files = $4 WHERE case_id = $1 AND n = $2";
constexpr std::string_view kRewriteLine =
    "UPDATE cases_diary SET words = $3, words_en = $4, note = $5, files = $6 WHERE case_id = $1 AND n = $2";
constexpr std::string_view kRewriteText = "UPDATE cases SET text = $2, files = $3 WHERE id = $1";

// An index without its texts takes a row out only by the very terms that it was put in with.
constexpr std::string_view kTakeOutTerms =
    "INSERT INTO cases_words (cases_words, rowid, terms) SELECT 'delete', seq, $2 FROM cases WHERE id = $1";

}  // namespace

std::vector<CaseId> reported_by(Reader& reader, const PersonId& person) {
  return reader.all(kReportedBy, [](const db::Row& row) { return row.get<CaseId>(0); }, person);
}

std::vector<CaseId> reported_through(Reader& reader, const std::string& account) {
  return reader.all(kReportedThrough, [](const db::Row& row) { return row.get<CaseId>(0); }, account);
}

void rewrite_report(Tx& tx, const CaseId& id, const Reporter& r) { tx.run(kRewriteReport, id, r.n, r.text, to_json(r.files)); }

void rewrite_line(Tx& tx, const CaseId& id, const DiaryLine& l) {
  tx.run(kRewriteLine, id, l.n, l.words, l.words_en, l.note, to_json(l.files));
}

void rewrite_text(Tx& tx, const Record& before, const std::string& text, const std::vector<std::string>& files) {
  if (tx.session().engine() == db::Engine::sqlite) tx.run(kTakeOutTerms, before.id, terms_in(before.title, before.text));
  tx.run(kRewriteText, before.id, text, to_json(files));
  keep_words(tx, before.id.text, before.title, text);
}

}  // namespace lifang::cases::store
