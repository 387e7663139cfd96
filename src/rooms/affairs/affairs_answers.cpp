// What workers answered: remembered for every form, or sent on to the register; contradictions wait for a person.
#include <algorithm>

#include "base/check.hpp"
#include "base/reflect.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/affairs/affairs_cells.hpp"
#include "rooms/affairs/affairs_store.hpp"

namespace lifang::affairs {
namespace {

constexpr std::string_view kPrints = "affairs.print";

std::string conflict_purpose(const std::string& id) { return "affairs.conflict/" + id; }

/// Where a cell lies. `column` is beyond the form for what is none.
struct Spot {
  std::string subject;
  std::size_t column;
};
Spot spot_of(const std::string& cell, const Form& form) {
  const auto colon = cell.rfind(':');
  const std::string number = colon == std::string::npos ? "" : cell.substr(colon + 1);
  const bool digits = !number.empty() && number.size() < 4 && number.find_first_not_of("0123456789") == std::string::npos;
  return {cell.substr(0, colon), digits ? static_cast<std::size_t>(std::stoul(number)) : form.columns.size()};
}

bool goes_to_register(const Form& form, const FormColumn& column) {
  return form.subject == Subject::person && column.source.starts_with("person.");
}

std::string masked(const FormColumn& column, const std::string& value) {
  if (column.source == "person.phone") return mask_phone(value);
  if (column.source == "person.identity") return mask_identity(value);
  return "***";
}

}  // namespace

/// One answer in hand.
struct Affairs::Answering {
  const Caller& caller;
  const Run& run;
  const Form& form;
  const std::map<std::string, store::Given>& given;
  std::string cell, subject;
  const FormColumn& column;
};

bool Affairs::may_read_answers(const Caller& caller, const Run& run) { return caller.may("affairs.write", run.path); }

/// What belongs into the register goes there, so that it is asked once for everything, not once for every form.
void Affairs::learn(Tx& tx, const Caller& caller, const Form& form, const FormColumn& column, const std::string& subject,
                    const std::string& value) {
  if (goes_to_register(form, column)) {
    people::PersonChange change;
    if (column.source == "person.phone") change.phone = value;
    if (column.source == "person.identity") change.identity = value;
    if (column.source == "person.birth") {
      const auto date = from_json<Date>("\"" + value + "\"");
      change.birth = date;
    }
    if (column.source == "person.sex") change.sex = value == "男" ? people::Sex::male : value == "女" ? people::Sex::female : people::Sex::unknown;
    people_.change(tx, caller, people::PersonId{subject}, change);
    return;
  }
  const std::string key = key_of(column);
  store::keep_answer(tx, subject, key, {vault_.seal_own(purpose_of(subject, key), value, tx.ids()), caller.account, tx.now()});
}

/// The first answer stands; the same again is no news; another's that says something else waits for a person.
void Affairs::take(Tx& tx, const Answering& a, const std::string& value) {
  const std::string print = vault_.blind_index(kPrints, a.cell + "/" + normalise(value));
  const auto before = a.given.find(a.cell);
  std::string earlier_by;
  std::optional<Time> earlier_at;
  bool stands = false;
  if (before != a.given.end()) {
    if (before->second.print == print) return;
    stands = true;
    earlier_by = before->second.by;
    earlier_at = before->second.at;
  } else if (goes_to_register(a.form, a.column)) {
    const auto person = person_of(tx, a.caller, a.form, a.subject);
    stands = known(tx, a.caller, a.subject, a.column, person ? &*person : nullptr, tx.now()).has_value();
  } else if (const auto said = remembered(tx, a.subject, a.column)) {
    const auto answer = store::find_answer(tx, a.subject, key_of(a.column));
    stands = said->value != value;
    earlier_by = answer->by;
    earlier_at = answer->at;
  }
  if (!stands || earlier_by == a.caller.account) {
    learn(tx, a.caller, a.form, a.column, a.subject, value);
    store::give(tx, a.run.id, a.cell, a.subject, {a.caller.account, print, tx.now()});
    return;
  }
  store::Contradiction c;
  c.words.id = "contradiction_" + tx.ids().ulid();
  c.words.run = a.run.id;
  c.words.cell = a.cell;
  c.words.subject = a.subject;
  c.words.earlier_by = earlier_by;
  c.words.earlier_at = earlier_at;
  c.words.later_by = a.caller.account;
  c.words.later_at = tx.now();
  c.print = print;
  for (const auto& waiting : store::conflicts(tx, a.run.id, true))
    if (waiting.words.cell == a.cell && waiting.print == print) return;
  c.sealed = vault_.seal_own(conflict_purpose(c.words.id), value, tx.ids());
  store::insert(tx, c);
}

Run Affairs::answer(Tx& tx, const Caller& caller, const RunId& id, const AnswersWords& words) {
  const Run run = run_of(tx, caller, id, "affairs.write");
  const auto form = store::find_form(tx, run.form);
  if (!form) throw missing("affairs.unknown_form", "no such form");
  const auto all = subjects(tx, *form, run.path);
  const auto given = store::given(tx, id);
  for (std::size_t i = 0; i < words.items.size(); ++i) {
    const AnswerWords& item = words.items[i];
    const std::string field = "/items/" + std::to_string(i);
    const Spot spot = spot_of(item.id, *form);
    if (spot.column >= form->columns.size() || !is_askable(form->columns[spot.column].source) ||
        std::find(all.begin(), all.end(), spot.subject) == all.end())
      throw invalid("affairs.unknown_blank", field + "/id", "no such blank in this form");
    if (item.value.empty() || item.value.size() > 1000) throw invalid("affairs.bad_answer", field + "/value", "1 to 1,000 bytes");
    take(tx, {caller, run, *form, given, item.id, spot.subject, form->columns[spot.column]}, item.value);
  }
  bus::tell(bus_, tx, Answered{id, static_cast<std::int64_t>(words.items.size())}, {id.text, run.path, {}, caller.account});
  return recount(tx, caller, id);
}

std::vector<Remembered> Affairs::answers(Reader& reader, const Caller& caller, const RunId& id, const std::optional<std::string>& after,
                                         std::size_t limit) const {
  const Run run = run_of(reader, caller, id, "affairs.read");
  const auto form = store::find_form(reader, run.form);
  std::vector<Remembered> all;
  if (!form) return all;
  const auto given = store::given(reader, id);
  bool on = !after;
  for (const std::string& subject : subjects(reader, *form, run.path)) {
    for (std::size_t i = 0; i < form->columns.size(); ++i) {
      const FormColumn& column = form->columns[i];
      const std::string cell = cell_of(subject, i);
      const bool past = on;
      on = on || cell == *after;
      if (!past || !is_askable(column.source)) continue;
      const auto now = given.find(cell);
      const auto said = goes_to_register(*form, column) ? std::nullopt : store::find_answer(reader, subject, key_of(column));
      if (now == given.end() && !said) continue;
      Remembered line{cell, subject, label_of(reader, *form, subject), column.heading, key_of(column), "***", {}, {}, now != given.end()};
      line.by = said ? said->by : now->second.by;
      line.at = said ? said->at : now->second.at;
      if (said && may_read_answers(caller, run)) line.value = remembered(reader, subject, column)->value;
      all.push_back(std::move(line));
      if (all.size() == limit) return all;
    }
  }
  return all;
}

// ---- contradictions -----------------------------------------------------------------------------------------------

Conflict Affairs::shown(Reader& reader, const Caller& caller, const Run& run, const Form& form, std::string id) const {
  const auto found = store::find_conflict(reader, id);
  check(found.has_value(), "the conflict that is shown is there");
  Conflict words = found->words;
  const Spot spot = spot_of(words.cell, form);
  if (spot.column >= form.columns.size()) return words;  // the form was mapped anew since
  const FormColumn& column = form.columns[spot.column];
  words.label = label_of(reader, form, words.subject);
  words.heading = column.heading;
  auto later = vault_.unseal_own(conflict_purpose(words.id), found->sealed);
  check(later.has_value(), "a later answer opens with the node's key");
  if (goes_to_register(form, column)) {
    words.later = masked(column, *later);
    const auto person = person_of(reader, caller, form, words.subject);
    const auto earlier = known(reader, caller, words.subject, column, person ? &*person : nullptr, run.made_at);
    words.earlier = earlier ? person->masked ? earlier->value : masked(column, earlier->value) : "";
    return words;
  }
  const bool plain = may_read_answers(caller, run);
  const auto earlier = remembered(reader, words.subject, column);
  words.later = plain ? *later : "***";
  words.earlier = earlier && plain ? earlier->value : "***";
  return words;
}

std::vector<Conflict> Affairs::conflicts(Reader& reader, const Caller& caller, const RunId& id, bool open) const {
  const Run run = run_of(reader, caller, id, "affairs.read");
  const auto form = store::find_form(reader, run.form);
  std::vector<Conflict> all;
  for (const auto& c : form ? store::conflicts(reader, id, open) : std::vector<store::Contradiction>{})
    all.push_back(shown(reader, caller, run, *form, c.words.id));
  return all;
}

Conflict Affairs::conflict(Reader& reader, const Caller& caller, const std::string& id) const {
  const auto found = store::find_conflict(reader, id);
  if (!found) throw missing("affairs.unknown_conflict", "no such conflict");
  const auto run = store::find_run(reader, found->words.run);
  const auto form = run ? store::find_form(reader, run->form) : std::nullopt;
  if (!form || !caller.may("affairs.read", run->path)) throw missing("affairs.unknown_conflict", "no such conflict");
  return shown(reader, caller, *run, *form, id);
}

Conflict Affairs::settle(Tx& tx, const Caller& caller, const std::string& id, Kept keep) {
  caller.must("affairs.write");
  const Conflict words = conflict(tx, caller, id);
  const Run run = run_of(tx, caller, words.run, "affairs.write");
  if (words.kept) throw lifang::conflict("affairs.settled_already", "somebody has settled it");
  const auto form = store::find_form(tx, run.form);
  const Spot spot = spot_of(words.cell, *form);
  if (keep == Kept::later && spot.column < form->columns.size()) {
    const auto found = store::find_conflict(tx, id);
    const auto value = vault_.unseal_own(conflict_purpose(id), found->sealed);
    learn(tx, caller, *form, form->columns[spot.column], spot.subject, *value);
    store::give(tx, run.id, words.cell, spot.subject, {words.later_by, found->print, tx.now()});
  }
  store::settle(tx, id, keep, caller.account);
  recount(tx, caller, run.id);
  return conflict(tx, caller, id);
}

}  // namespace lifang::affairs
