// Affairs: forms of bureaus that are filled from what Lifang knows (一表通). The door of the room.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.hpp"
#include "base/secret.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "rooms/affairs/affairs_values.hpp"

namespace lifang::affairs {

class Affairs {
 public:
  Affairs(bus::Bus& bus, const Vault& vault, people::People& people, int offset_minutes)
      : bus_(bus), vault_(vault), people_(people), offset_(offset_minutes) {}

  /// What a column may be filled from, with what it is called in Chinese.
  static const std::map<std::string, std::string>& sources();
  /// A first mapping for a bureau's empty form (.xlsx or CSV): headings that we know get their source, others are asked.
  static FormWords suggest(std::string_view file);
  /// Right affairs.write, for a form that is in use over every place where it is. @throws Refusal invalid
  /// affairs.bad_form at the leaf
  Form put(Tx& tx, const Caller& caller, const FormId& id, const FormWords& words);
  static std::optional<Form> find(Reader& reader, const FormId& id);
  static std::vector<Form> forms(Reader& reader);

  /// Right affairs.write over the place. @throws Refusal invalid affairs.unknown_form; too_many rows: affairs.too_many
  Run start(Tx& tx, const Caller& caller, const RunWords& words);
  Run get(Reader& reader, const Caller& caller, const RunId& id) const;
  std::vector<Run> runs(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit) const;
  static std::int64_t count_runs(Reader& reader, const Caller& caller);
  /// What is to be asked, in order, after `after` (id of a blank).
  std::vector<Blank> blanks(Reader& reader, const Caller& caller, const RunId& id, const std::optional<std::string>& after,
                            std::size_t limit) const;
  /// Remembered for every form; what the register holds (a phone, an identity number) goes into the register. What
  /// contradicts another's answer, or the register, waits as a conflict and changes nothing. One's own answer may be mended.
  /// @throws Refusal invalid affairs.unknown_blank, affairs.bad_answer and what people refuses
  Run answer(Tx& tx, const Caller& caller, const RunId& id, const AnswersWords& words);
  /// Counts anew and keeps it, after the registers were completed. Right affairs.write.
  Run recount(Tx& tx, const Caller& caller, const RunId& id);
  /// What workers said that stands in this form, in order, after `after` (id of a cell).
  std::vector<Remembered> answers(Reader& reader, const Caller& caller, const RunId& id, const std::optional<std::string>& after,
                                  std::size_t limit) const;
  /// Newest first; `open`: those that nobody has settled.
  std::vector<Conflict> conflicts(Reader& reader, const Caller& caller, const RunId& id, bool open) const;
  Conflict conflict(Reader& reader, const Caller& caller, const std::string& id) const;
  /// Right affairs.write over the run's place. @throws Refusal missing affairs.unknown_conflict, conflict affairs.settled_already
  Conflict settle(Tx& tx, const Caller& caller, const std::string& id, Kept keep);
  /// The filled form as .xlsx, with where each row's cells come from and of which day. Plain personal data: needs
  /// people.reveal and a purpose, and every person's view log says so.
  std::string file(Tx& tx, const Caller& caller, const RunId& id);

  void forget(Tx& tx, const people::Erased& erased);
  void place_moved(Tx& tx, const std::string& from, const std::string& to);

 private:
  struct Answering;
  std::vector<std::string> subjects(Reader& reader, const Form& form, const std::string& path) const;
  std::optional<Cell> known(Reader& reader, const Caller& caller, const std::string& subject, const FormColumn& column,
                            const people::Person* person, Time now) const;
  std::optional<Cell> remembered(Reader& reader, const std::string& subject, const FormColumn& column) const;
  std::optional<people::Person> person_of(Reader& reader, const Caller& caller, const Form& form, const std::string& subject) const;
  std::string label_of(Reader& reader, const Form& form, const std::string& subject) const;
  void count(Reader& reader, const Caller& caller, Run& run, const Form& form, Time now) const;
  Run run_of(Reader& reader, const Caller& caller, const RunId& id, std::string_view right) const;
  std::string day(Time t) const;
  void learn(Tx& tx, const Caller& caller, const Form& form, const FormColumn& column, const std::string& subject, const std::string& value);
  void take(Tx& tx, const Answering& a, const std::string& value);
  Conflict shown(Reader& reader, const Caller& caller, const Run& run, const Form& form, std::string id) const;
  static bool may_read_answers(const Caller& caller, const Run& run);

  bus::Bus& bus_;
  const Vault& vault_;
  people::People& people_;
  int offset_;
};

}  // namespace lifang::affairs
