// Every SQL statement of the room affairs.
#pragma once
#include "rooms/affairs/affairs.hpp"

namespace lifang::affairs::store {

struct Answer {
  std::string sealed, by;
  Time at;
};
/// That a worker answered a cell in a run; `print`: a keyed hash of what.
struct Given {
  std::string by, print;
  Time at;
};
/// A conflict as it is stored, with what was said later.
struct Contradiction {
  Conflict words;  ///< without label, heading, values
  std::string sealed, print;
};
void keep(Tx& tx, const Form& form);
std::optional<Form> find_form(Reader& reader, const FormId& id);
std::vector<Form> forms(Reader& reader);
void insert(Tx& tx, const Run& run);
std::optional<Run> find_run(Reader& reader, const RunId& id);
std::vector<Run> runs(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after, std::size_t limit);
/// Where the runs of a form stand, each path once.
std::vector<std::string> run_paths(Reader& reader, const FormId& form);
void keep_counts(Tx& tx, const Run& run);
void give(Tx& tx, const RunId& run, const std::string& cell, const std::string& subject, const Given& given);
std::map<std::string, Given> given(Reader& reader, const RunId& run);
void insert(Tx& tx, const Contradiction& contradiction);
void settle(Tx& tx, const std::string& id, Kept kept, const std::string& by);
std::optional<Contradiction> find_conflict(Reader& reader, const std::string& id);
std::vector<Contradiction> conflicts(Reader& reader, const RunId& run, bool open);
std::int64_t open_conflicts(Reader& reader, const RunId& run);
std::int64_t count_runs(Reader& reader, const std::vector<std::string>& roots);
void keep_answer(Tx& tx, const std::string& subject, const std::string& key, const Answer& answer);
std::optional<Answer> find_answer(Reader& reader, const std::string& subject, const std::string& key);
void forget(Tx& tx, const std::string& subject);
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::affairs::store
