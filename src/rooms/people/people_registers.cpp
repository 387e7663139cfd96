// Helpers, organisations, tags and consents.
#include <algorithm>

#include "base/text.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/people/people.hpp"
#include "rooms/people/people_sight.hpp"

namespace lifang::people {
namespace {

void check_how(const std::string& how) {
  if (!is_how(how)) throw invalid("people.bad_how", "/how", "one of app, paper, voice, desk");
}

bool runs(const Helper& helper, Time now) { return !helper.until || *helper.until > now; }

}  // namespace

// ---- tags -----------------------------------------------------------------------------------------------------

std::vector<TagKind> People::tag_kinds(Reader& reader) { return store::tag_kinds(reader); }

TagKind People::put_tag_kind(Tx& tx, const Caller& caller, const std::string& id, const TagKindWords& words) {
  caller.must("people.write", "/");
  if (!is_client_id(id)) throw invalid("people.bad_id", "/id", "letters, digits, '.', '_', '-', at most 64");
  if (words.name.empty() || length_of(words.name) > 40) throw invalid("people.bad_name", "/name", "1 to 40 characters");
  TagKind kind{id, words.name, words.sensitive};
  store::keep_tag_kind(tx, kind);
  return kind;
}

void People::tag(Tx& tx, const Caller& caller, const PersonId& id, const std::string& tag) {
  const store::PersonRow row = row_of(tx, id);
  must(tx, caller, "people.write", row);
  if (row.state == State::erased) throw conflict("people.is_erased", "this person's data was erased");
  if (!store::find_tag_kind(tx, tag)) throw missing("people.unknown_tag", "no such tag");
  store::tag(tx, id, tag, caller.account);
  bus::tell(bus_, tx, Tagged{id}, {id.text, row.path, {}, caller.account});
}

void People::untag(Tx& tx, const Caller& caller, const PersonId& id, const std::string& tag) {
  const store::PersonRow row = row_of(tx, id);
  must(tx, caller, "people.write", row);
  if (store::untag(tx, id, tag) == 0) throw missing("people.unknown_tag", "this person has no such tag");
  bus::tell(bus_, tx, Tagged{id}, {id.text, row.path, {}, caller.account});
}

// ---- consents -------------------------------------------------------------------------------------------------

Consent People::give_consent(Tx& tx, const Caller& caller, const PersonId& id, const ConsentWords& words) {
  const store::PersonRow row = row_of(tx, id);
  must_or_own(tx, caller, "people.write", row);
  check_how(words.how);
  if (!is_client_id(words.purpose)) throw invalid("people.bad_purpose", "/purpose", "a word such as face or marketing");
  if (!is_own(caller, id) && words.how == "app")
    throw invalid("people.bad_how", "/how", "only the person consents in the app; on their behalf: paper, voice or desk");
  for (const Consent& consent : store::consents_of(tx, id))
    if (consent.purpose == words.purpose && !consent.withdrawn_at) return consent;
  Consent consent{ConsentId::make(tx.ids()), id, words.purpose, tx.now(), words.how, {}, {}};
  store::insert_consent(tx, consent, caller.account);
  bus::tell(bus_, tx, ConsentGiven{id, words.purpose}, {id.text, row.path, {}, caller.account});
  return consent;
}

Consent People::withdraw_consent(Tx& tx, const Caller& caller, const PersonId& id, const ConsentWords& words) {
  const store::PersonRow row = row_of(tx, id);
  must_or_own(tx, caller, "people.write", row);
  check_how(words.how);
  for (Consent& consent : store::consents_of(tx, id)) {
    if (consent.purpose != words.purpose || consent.withdrawn_at) continue;
    store::withdraw_consent(tx, consent.id, words.how, caller.account);
    bus::tell(bus_, tx, ConsentWithdrawn{id, words.purpose}, {id.text, row.path, {}, caller.account});
    consent.withdrawn_at = tx.now();
    consent.withdrawn_how = words.how;
    return consent;
  }
  throw missing("people.no_consent", "there is no consent for this purpose");
}

std::vector<Consent> People::consents(Reader& reader, const Caller& caller, const PersonId& id) const {
  must_or_own(reader, caller, "people.read", row_of(reader, id));
  return store::consents_of(reader, id);
}

bool People::has_consent(Reader& reader, const PersonId& person, std::string_view purpose) {
  const auto all = store::consents_of(reader, person);
  return std::any_of(all.begin(), all.end(), [&](const Consent& c) { return c.purpose == purpose && !c.withdrawn_at; });
}

// ---- helpers --------------------------------------------------------------------------------------------------

Helper People::add_helper(Tx& tx, const Caller& caller, const HelperWords& words) {
  const store::PersonRow row = row_of(tx, words.person);
  must_or_own(tx, caller, "people.write", row);
  check_how(words.how);
  const auto helper = store::find(tx, words.helper);
  if (!helper || helper->state != State::present || row.state != State::present || words.helper == words.person)
    throw invalid("people.bad_helper", "/helper", "another person who is in the register");
  if (words.scope.empty()) throw invalid("people.bad_scope", "/scope", "what the helper may do");
  for (std::size_t i = 0; i < words.scope.size(); ++i)
    if (std::find(kHelperScopes.begin(), kHelperScopes.end(), words.scope[i]) == kHelperScopes.end())
      throw invalid("people.bad_scope", "/scope/" + std::to_string(i), "one of the known scopes");
  if (words.until && *words.until <= tx.now()) throw invalid("people.bad_time", "/until", "a time to come");
  Helper made{HelperId::make(tx.ids()), words.person, words.helper, words.scope, tx.now(), words.until, words.how};
  store::insert_helper(tx, made, caller.account);
  bus::tell(bus_, tx, HelperChanged{words.person, words.helper, "began"},
            {words.person.text, row.path, {}, caller.account});
  return made;
}

Helper People::helper(Reader& reader, const Caller& caller, const HelperId& id) {
  auto found = store::find_helper(reader, id);
  if (!found) throw missing("people.unknown_helper", "no such helper");
  if (!is_own(caller, found->helper)) must_or_own(reader, caller, "people.read", row_of(reader, found->person));
  return *std::move(found);
}

void People::end_helper(Tx& tx, const Caller& caller, const HelperId& id) {
  const auto found = store::find_helper(tx, id);
  if (!found) throw missing("people.unknown_helper", "no such helper");
  const store::PersonRow row = row_of(tx, found->person);
  if (!is_own(caller, found->helper)) must_or_own(tx, caller, "people.write", row);
  if (!runs(*found, tx.now())) throw conflict("people.helper_ended", "this help has ended");
  store::end_helper(tx, id);
  bus::tell(bus_, tx, HelperChanged{found->person, found->helper, "ended"},
            {found->person.text, row.path, {}, caller.account});
}

std::vector<Helper> People::helpers(Reader& reader, const Caller& caller, const PersonId& id) {
  must_or_own(reader, caller, "people.read", row_of(reader, id));
  auto all = store::helpers_of(reader, id);
  const auto helped = store::helped_by(reader, id);
  all.insert(all.end(), helped.begin(), helped.end());
  return all;
}

bool People::may_act_for(Reader& reader, const PersonId& helper, const PersonId& person, std::string_view what, Time now) {
  const auto all = store::helpers_of(reader, person);
  return std::any_of(all.begin(), all.end(), [&](const Helper& h) {
    return h.helper == helper && runs(h, now) && scope_holds(h.scope, what);
  });
}

std::vector<PersonId> People::helped_by(Reader& reader, const PersonId& helper, std::string_view what, Time now) {
  std::vector<PersonId> persons;
  for (const Helper& h : store::helped_by(reader, helper))
    if (runs(h, now) && scope_holds(h.scope, what)) persons.push_back(h.person);
  return persons;
}

// ---- organisations ----------------------------------------------------------------------------------------------

Organisation People::put_organisation(Tx& tx, const Caller& caller, const OrganisationId& id,
                                      const OrganisationWords& words) {
  if (!is_client_id(id.text)) throw invalid("people.bad_id", "/id", "letters, digits, '.', '_', '-', at most 64");
  if (words.name.empty() || length_of(words.name) > 100) throw invalid("people.bad_name", "/name", "1 to 100 characters");
  const std::string path = words.place ? places::Places::path_of(tx, *words.place) : "/";
  caller.must("people.write", path);
  if (const auto before = store::find_organisation(tx, id)) caller.must("people.write", before->path);
  std::optional<std::string> phone;
  if (words.phone && !(phone = normal_phone(*words.phone))) throw invalid("people.bad_phone", "/phone", "5 to 15 digits");
  for (auto above = words.above; above;) {
    if (*above == id) throw invalid("people.cycle", "/above", "an organisation does not answer to itself");
    const auto found = store::find_organisation(tx, *above);
    if (!found) throw invalid("people.unknown_organisation", "/above", "no such organisation");
    above = found->above;
  }
  Organisation organisation{id, words.kind, words.name, words.place, path, words.above, phone};
  store::keep_organisation(tx, organisation);
  bus::tell(bus_, tx, OrganisationKept{id}, {id.text, path, {}, caller.account});
  return organisation;
}

std::optional<Organisation> People::find_organisation(Reader& reader, const OrganisationId& id) {
  return store::find_organisation(reader, id);
}

std::vector<Organisation> People::organisations(Reader& reader, const std::optional<OrganisationKind>& kind,
                                                const std::optional<std::string>& under,
                                                const std::optional<std::string>& after, std::size_t limit) {
  return store::organisations(reader, kind, under, after, limit);
}

}  // namespace lifang::people
