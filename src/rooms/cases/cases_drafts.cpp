#include "rooms/cases/cases_drafts.hpp"

#include "base/id.hpp"
#include "rooms/cases/cases_store_drafts.hpp"

namespace lifang::cases {
namespace {

Draft judged_draft(Draft draft) {
  if (const auto refusal = fault_of(draft)) draft.fault = Fault{refusal->field, refusal->detail};
  return draft;
}

Draft stored_draft(Reader& reader, const std::string& code) {
  auto draft = store::find_draft(reader, code);
  if (!draft) throw missing("cases.unknown_draft", "no draft of this kind");
  return *std::move(draft);
}

}  // namespace

Draft Drafts::put(Tx& tx, const Caller& caller, const std::string& code, const KindWords& words) {
  caller.must("cases.catalogue", "/");
  if (!is_client_id(code)) throw invalid("cases.bad_kind", "/code", "letters, digits, '.', '_', '-', at most 64");
  const auto before = store::find_draft(tx, code);
  const auto newest = catalogue_.find(tx, code);
  Draft draft;
  static_cast<KindWords&>(draft) = words;
  draft.code = code;
  draft.base = before ? before->base : newest ? newest->version : 0;
  draft.at = tx.now();
  draft.by = caller.account;
  store::keep_draft(tx, draft);
  return judged_draft(std::move(draft));
}

void Drafts::drop(Tx& tx, const Caller& caller, const std::string& code) {
  caller.must("cases.catalogue", "/");
  stored_draft(tx, code);
  store::drop_draft(tx, code);
}

Kind Drafts::publish(Tx& tx, const Caller& caller, const std::string& code) {
  caller.must("cases.catalogue", "/");
  const Draft draft = stored_draft(tx, code);
  const auto newest = catalogue_.find(tx, code);
  if ((newest ? newest->version : 0) != draft.base)
    throw conflict("cases.kind_changed", "another version was published since the draft began");
  Kind kind = catalogue_.put(tx, caller, code, draft);
  store::drop_draft(tx, code);
  return kind;
}

Draft Drafts::rebase(Tx& tx, const Caller& caller, const std::string& code) {
  caller.must("cases.catalogue", "/");
  Draft draft = stored_draft(tx, code);
  const auto newest = catalogue_.find(tx, code);
  draft.base = newest ? newest->version : 0;
  store::keep_draft(tx, draft);
  return judged_draft(std::move(draft));
}

Draft Drafts::get(Reader& reader, const Caller& caller, const std::string& code) const {
  caller.must("cases.catalogue", "/");
  return judged_draft(stored_draft(reader, code));
}

std::vector<Draft> Drafts::list(Reader& reader, const Caller& caller, const std::optional<std::string>& after,
                                std::size_t limit) const {
  caller.must("cases.catalogue", "/");
  std::vector<Draft> found;
  for (Draft& draft : store::drafts(reader, after, limit)) found.push_back(judged_draft(std::move(draft)));
  return found;
}

}  // namespace lifang::cases
