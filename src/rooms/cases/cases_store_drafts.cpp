#include "rooms/cases/cases_store_drafts.hpp"

#include "base/reflect.hpp"

namespace lifang::cases::store {
namespace {

constexpr std::string_view kKeepDraft =
    "INSERT INTO cases_kind_drafts (code, base, at, by, words) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (code) DO UPDATE SET base = excluded.base, at = excluded.at, by = excluded.by, words = excluded.words";
constexpr std::string_view kDropDraft = "DELETE FROM cases_kind_drafts WHERE code = $1";
constexpr std::string_view kDraft = "SELECT code, base, at, by, words FROM cases_kind_drafts WHERE code = $1";
constexpr std::string_view kDrafts =
    "SELECT code, base, at, by, words FROM cases_kind_drafts WHERE code > $1 ORDER BY code LIMIT $2";

Draft draft_of(const db::Row& row) {
  Draft draft;
  static_cast<KindWords&>(draft) = from_json<KindWords>(row.text(4));
  draft.code = row.text(0);
  draft.base = row.integer(1);
  draft.at = row.time(2);
  draft.by = row.text(3);
  return draft;
}

}  // namespace

void keep_draft(Tx& tx, const Draft& draft) {
  tx.run(kKeepDraft, draft.code, draft.base, draft.at, draft.by, to_json(static_cast<const KindWords&>(draft)));
}
void drop_draft(Tx& tx, std::string_view code) { tx.run(kDropDraft, code); }
std::optional<Draft> find_draft(Reader& reader, std::string_view code) { return reader.one(kDraft, draft_of, code); }
std::vector<Draft> drafts(Reader& reader, const std::optional<std::string>& after, std::size_t limit) {
  return reader.all(kDrafts, draft_of, after.value_or(""), static_cast<std::int64_t>(limit));
}

}  // namespace lifang::cases::store
