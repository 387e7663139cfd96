#include "ward/ward_doors.hpp"

#include "base/check.hpp"
#include "rooms/cases/cases_catalogue.hpp"

namespace lifang::ward {

bool DoorCounter::done(const std::function<void(Tx&)>& work) {
  try {
    house_.lane.now(work);
    return true;
  } catch (const Refusal& refusal) {
    trouble = refusal.code + " " + refusal.detail;
    return false;
  }
}

void DoorCounter::ask(const std::function<void(Reader&)>& question) {
  Reader reader(house_.lane.session());
  question(reader);
}

/// The login with the rights of its roles, as a session would have them.
const Caller& DoorCounter::caller(Reader& reader, const std::string& login) {
  const auto known = callers_.find(login);
  if (known != callers_.end()) return known->second;
  const auto id = accounts::Accounts::find_by_login(reader, login);
  check(id.has_value(), "the demo logins were made");
  const auto account = accounts::Accounts::get(reader, Caller::system(), *id);
  Caller caller{account.id.text, account.person.value_or(""), account.login, {}, {}, {}};
  for (const auto& role : accounts::Accounts::roles(reader))
    for (const auto& assignment : account.assignments)
      if (assignment.role == role.id)
        for (const std::string& right : role.rights) caller.grants.push_back({right, assignment.path});
  return callers_[login] = std::move(caller);
}

std::optional<std::string> DoorCounter::report(const std::string& login, const std::string& kind, const std::string& place,
                                               const std::string& text, const std::vector<std::string>& files) {
  cases::Report words;
  words.kind = kind;
  words.place = places::PlaceId{place};
  words.text = text;
  if (!files.empty()) words.files = files;
  std::optional<std::string> id;
  done([&](Tx& tx) { id = house_.cases.report(tx, caller(tx, login), words).id.text; });
  return id;
}

std::vector<cases::Case> DoorCounter::owed() {
  std::vector<cases::Case> all;
  cases::Filter filter;
  filter.open = true;
  filter.by_due = true;
  filter.limit = 500;
  ask([&](Reader& reader) { all = house_.cases.list(reader, Caller::system(), filter); });
  return all;
}

cases::Verifier DoorCounter::verifier(const std::string& kind) {
  std::optional<cases::Kind> found;
  ask([&](Reader& reader) { found = house_.cases.catalogue().find(reader, kind); });
  return found ? found->verifier : cases::Verifier::desk;
}

bool DoorCounter::move(const std::string& login, const std::string& id, cases::Move move, const Said& said) {
  cases::Words words;
  if (!said.note.empty()) words.note = said.note;
  if (!said.files.empty()) words.files = said.files;
  if (said.post) words.post = rosters::PostId{*said.post};
  if (said.into) words.into = cases::CaseId{*said.into};
  words.passed = said.passed;
  words.until = said.until;
  return done([&](Tx& tx) { house_.cases.move(tx, caller(tx, login), cases::CaseId{id}, move, words); });
}

std::optional<std::string> DoorCounter::upload(const std::string& login, const std::string& png) {
  const files::Upload upload = house_.files.take_in(png, {}, "image/png", house_.world.ids);
  std::optional<std::string> id;
  done([&](Tx& tx) { id = house_.files.keep(tx, caller(tx, login), upload).id.text; });
  return id;
}

std::vector<std::string> DoorCounter::questions(const std::string& login) {
  house_.lane.settle();  // what was closed just now is asked about by a hearer
  std::vector<std::string> ids;
  evaluations::Filter filter;
  filter.mine = true;
  filter.answered = false;
  ask([&](Reader& reader) {
    for (const auto& one : house_.evaluations.list(reader, caller(reader, login), filter)) {
      const auto about = house_.cases.find(reader, one.case_);
      const bool ended = about && (about->state == cases::State::verified || about->state == cases::State::closed);
      if (ended && about->reopened == one.round) ids.push_back(one.id.text);
    }
  });
  return ids;
}

bool DoorCounter::evaluate(const std::string& login, const std::string& id, int score, const std::string& text) {
  return done([&](Tx& tx) { house_.evaluations.give(tx, caller(tx, login), id, {score, {}, text, {}}); });
}

bool DoorCounter::announce(const std::string& login, const std::string& place, const std::vector<std::string>& persons,
                           const std::string& title, const std::string& text) {
  return done([&](Tx& tx) {
    notices::SendWords words{title, text, places::PlaceId{place}, std::vector<notices::PersonId>{}, {}, {}};
    for (const std::string& person : persons) words.persons->push_back(notices::PersonId{person});
    people::Audience audience;
    audience.paths = {places::Places::path_of(tx, words.place)};
    for (const people::PersonId& person : people::People::audience(tx, audience, {}, 60))
      words.persons->push_back(notices::PersonId{person.text});
    house_.notices.send(tx, caller(tx, login), words);
  });
}

}  // namespace lifang::ward
