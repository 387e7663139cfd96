// Every SQL statement of the room evaluations.
#pragma once
#include "rooms/evaluations/evaluations.hpp"

namespace lifang::evaluations::store {

/// Makes it or keeps its answer.
void keep(Tx& tx, const Evaluation& evaluation);
std::optional<Evaluation> find(Reader& reader, const EvaluationId& id);
std::vector<Evaluation> of_case(Reader& reader, const cases::CaseId& id, std::int64_t round);
std::vector<Evaluation> list(Reader& reader, const Caller& caller, const Filter& filter);
std::int64_t count(Reader& reader, const Caller& caller, const Filter& filter);
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::evaluations::store
