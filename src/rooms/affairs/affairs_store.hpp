// Every SQL statement of the room affairs.
#pragma once
#include "rooms/affairs/affairs.hpp"

namespace lifang::affairs::store {

struct Answer {
  std::string sealed, by;
  Time at;
};
void keep(Tx& tx, const Form& form);
std::optional<Form> find_form(Reader& reader, const FormId& id);
std::vector<Form> forms(Reader& reader);
void insert(Tx& tx, const Run& run);
std::optional<Run> find_run(Reader& reader, const RunId& id);
std::vector<Run> runs(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after, std::size_t limit);
void keep_answer(Tx& tx, const std::string& subject, const std::string& key, const Answer& answer);
std::optional<Answer> find_answer(Reader& reader, const std::string& subject, const std::string& key);
void forget(Tx& tx, const std::string& subject);
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::affairs::store
