// Every SQL statement of the room evaluations.
#pragma once
#include "rooms/evaluations/evaluations.hpp"

namespace lifang::evaluations::store {

/// Makes it or keeps its answer.
void keep(Tx& tx, const Evaluation& evaluation);
std::optional<Evaluation> find(Reader& reader, const EvaluationId& id);
std::vector<Evaluation> of_case(Reader& reader, const cases::CaseId& id, std::int64_t round);
/// Who looks for their own questions: by person; by account where no person stands behind it; and what they reported
/// for those whom they help.
struct Asking {
  std::string person, account;
  std::vector<std::string> helped;
};
/// Their own with `mine` or without `roots` (places with evaluations.read), else those under the roots.
std::vector<Evaluation> list(Reader& reader, const Asking& who, const std::vector<std::string>& roots, const Filter& filter);
std::int64_t count(Reader& reader, const Asking& who, const std::vector<std::string>& roots, const Filter& filter);
/// Puts cases::kWithdrawn in the place of what the person wrote.
void withdraw(Tx& tx, const cases::PersonId& person);
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::evaluations::store
