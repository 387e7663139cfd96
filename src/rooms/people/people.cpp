#include "rooms/people/people.hpp"

#include <algorithm>

#include "base/members.hpp"
#include "base/text.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/people/people_sight.hpp"

namespace lifang::people {
namespace {

constexpr std::size_t kMostFound = 50;

Person skeleton(const store::PersonRow& row) {
  Person person;
  person.id = row.id;
  person.state = row.state;
  person.path = row.path;
  person.source = row.source;
  person.made_at = row.made_at;
  person.confirmed_at = row.confirmed_at;
  return person;
}

struct Key {
  std::string_view column, purpose, by;
  std::string value;
};

/// The one key that was given, in normal form; nothing for values that can stand for nobody.
std::optional<Key> key_of(const SearchWords& words) {
  std::vector<std::optional<Key>> keys;
  if (words.name) keys.push_back(Key{"name_ix", kNameIndex, "name", normalise(*words.name)});
  if (words.phone) {
    const auto phone = normal_phone(*words.phone);
    keys.push_back(phone ? std::optional(Key{"phone_ix", kPhoneIndex, "phone", *phone}) : std::nullopt);
  }
  if (words.phone_tail) keys.push_back(Key{"phone_tail_ix", kPhoneTailIndex, "phone_tail", normalise(*words.phone_tail)});
  if (words.identity) {
    const auto identity = normal_identity(*words.identity);
    keys.push_back(identity ? std::optional(Key{"identity_ix", kIdentityIndex, "identity", *identity}) : std::nullopt);
  }
  if (words.identity_tail) {
    std::string tail = normalise(*words.identity_tail);
    std::transform(tail.begin(), tail.end(), tail.begin(), [](char c) { return c == 'x' ? 'X' : c; });
    keys.push_back(Key{"identity_tail_ix", kIdentityTailIndex, "identity_tail", std::move(tail)});
  }
  if (keys.size() != 1) throw invalid("people.one_key", "/", "exactly one of name, phone, phone_tail, identity, identity_tail");
  return keys.front();
}

std::string_view kind_of(const SearchWords& words) {
  if (words.name) return "name";
  if (words.phone) return "phone";
  if (words.phone_tail) return "phone_tail";
  return words.identity ? "identity" : "identity_tail";
}

void must_have_purpose(const Caller& caller) {
  if (caller.purpose.empty()) throw forbidden("people.no_purpose", "say what for: X-Purpose or ?purpose=");
}

/// The right and the purpose must meet at one place.
void must_reveal(Reader& reader, const Caller& caller, const store::PersonRow& row) {
  must(reader, caller, "people.reveal", row);
  must_have_purpose(caller);
  const auto paths = paths_of(reader, row);
  const std::string purpose = "purpose." + caller.purpose;
  const bool meet = std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
    return caller.may("people.reveal", path) && caller.may(purpose, path);
  });
  if (!meet)
    throw forbidden("people.purpose_not_yours", "this login may not see plain data for that purpose");
}

/// Where somebody may list persons. By a tag that is nobody's business, right and purpose must meet at one place.
std::vector<std::string> roots_of_list(const Caller& caller, bool guarded) {
  if (!guarded) return caller.paths("people.read");
  must_have_purpose(caller);
  const std::string purpose = "purpose." + caller.purpose;
  std::vector<std::string> roots;
  for (std::string& path : caller.paths("people.read"))
    if (caller.may(purpose, path)) roots.push_back(std::move(path));
  for (std::string& path : caller.paths(purpose))
    if (caller.may("people.read", path)) roots.push_back(std::move(path));
  if (roots.empty()) throw forbidden("people.purpose_not_yours", "this login may not list by this tag for that purpose");
  return roots;
}

}  // namespace

// ---- showing --------------------------------------------------------------------------------------------------

Person People::shown(Reader& reader, const store::PersonRow& row, bool masked) const {
  Person person = skeleton(row);
  person.masked = masked;
  if (row.sealed.key.empty()) return person;
  Plain plain = masked ? open_masked(vault_, row.id, row.sealed) : open_person(vault_, row.id, row.sealed);
  person.name = std::move(plain.name);
  person.phone = std::move(plain.phone);
  person.identity = std::move(plain.identity);
  person.birth = plain.birth;
  person.sex = plain.sex;
  person.remarks = std::move(plain.remarks);
  person.born = row.sealed.born;
  person.tags = store::tags_of(reader, row.id, !masked);
  return person;
}

Person People::get(Reader& reader, const Caller& caller, const PersonId& id) const {
  const store::PersonRow row = row_of(reader, id);
  must_or_own(reader, caller, "people.read", row);
  return shown(reader, row, !is_own(caller, id));
}

std::vector<Named> People::names(Reader& reader, const Caller& caller, const std::vector<std::string>& ids) const {
  std::vector<Named> found;
  for (const std::string& text : ids) {
    const PersonId id{text};
    const auto row = PersonId::fits(text) ? store::find(reader, id) : std::nullopt;
    const bool own = is_own(caller, id);
    if (!row || !(own || may(reader, caller, "people.read", *row))) continue;
    Named named{id, {}};  // whose data was erased has none
    if (!row->sealed.key.empty())
      named.name = (own ? open_person(vault_, id, row->sealed) : open_masked(vault_, id, row->sealed)).name;
    found.push_back(std::move(named));
  }
  return found;
}

bool People::is_guarded(Reader& reader, const PersonFilter& filter) {
  if (!filter.tag) return false;
  const auto kind = store::find_tag_kind(reader, *filter.tag);
  return kind && kind->sensitive;
}

std::vector<Person> People::list(Reader& reader, const Caller& caller, const PersonFilter& filter) const {
  std::vector<Person> found;
  for (const auto& row : store::list(reader, roots_of_list(caller, is_guarded(reader, filter)), filter))
    found.push_back(shown(reader, row, true));
  return found;
}

std::int64_t People::count(Reader& reader, const Caller& caller, const PersonFilter& filter) {
  return store::count(reader, roots_of_list(caller, is_guarded(reader, filter)), filter);
}

void People::note_listed(Tx& tx, const Caller& caller, const PersonFilter& filter, std::int64_t found) {
  Searched searched{"tag", found, filter.tag, caller.purpose, caller.case_named()};
  bus::tell(bus_, tx, searched, {caller.account, filter.under.value_or("/"), {}, caller.account});
}

std::vector<Person> People::search(Reader& reader, const Caller& caller, const SearchWords& words) const {
  const std::optional<Key> key = key_of(words);
  std::vector<Person> found;
  if (!key) return found;
  const std::string under = words.place ? places::Places::path_of(reader, *words.place) : "/";
  // More are read than shown: tails have namesakes all over the district.
  for (const auto& row : store::by_index(reader, key->column, index_of(vault_, key->purpose, key->value), 5000)) {
    if (!row.path.starts_with(under) || !may(reader, caller, "people.read", row)) continue;
    found.push_back(shown(reader, row, true));
    if (found.size() == kMostFound) break;
  }
  return found;
}

void People::note_search(Tx& tx, const Caller& caller, const SearchWords& words, std::size_t found) {
  bus::tell(bus_, tx, Searched{std::string(kind_of(words)), static_cast<std::int64_t>(found), {}, {}},
            {caller.account, "/", {}, caller.account});
}

Person People::reveal(Tx& tx, const Caller& caller, const PersonId& id, const std::vector<Field>& fields) {
  const store::PersonRow row = row_of(tx, id);
  must_reveal(tx, caller, row);
  if (row.state == State::erased) throw conflict("people.is_erased", "this person's data was erased");
  const auto wanted = [&](Field field) {
    return fields.empty() || std::find(fields.begin(), fields.end(), field) != fields.end();
  };
  std::string what;
  for (const Field field : {Field::name, Field::phone, Field::identity, Field::birth, Field::sex, Field::remarks, Field::tags})
    if (wanted(field)) what += (what.empty() ? "" : " ") + std::string(enum_name(field));
  bus::tell(bus_, tx, Revealed{id, caller.purpose, what, caller.case_named()}, {id.text, row.path, {}, caller.account});

  Person person = shown(tx, row, true);
  const Person plain = shown(tx, row, false);
  person.masked = false;
  if (wanted(Field::name)) person.name = plain.name;
  if (wanted(Field::phone)) person.phone = plain.phone;
  if (wanted(Field::identity)) person.identity = plain.identity;
  if (wanted(Field::birth)) person.birth = plain.birth;
  if (wanted(Field::sex)) person.sex = plain.sex;
  if (wanted(Field::remarks)) person.remarks = plain.remarks;
  if (wanted(Field::tags)) person.tags = plain.tags;
  return person;
}

Export People::export_of(Tx& tx, const Caller& caller, const PersonId& id) {
  const store::PersonRow row = row_of(tx, id);
  if (!is_own(caller, id)) {
    if (caller.purpose != "request") throw forbidden("people.no_purpose", "a copy is made when the person asks: purpose request");
    must_reveal(tx, caller, row);
    bus::tell(bus_, tx, Revealed{id, caller.purpose, "everything"}, {id.text, row.path, {}, caller.account});
  }
  bus::tell(bus_, tx, Exported{id}, {id.text, row.path, {}, caller.account});
  Export all{shown(tx, row, false), store::residencies_of(tx, id, true), store::helpers_of(tx, id),
             store::consents_of(tx, id), looks_ ? looks_(tx, id) : std::vector<Look>{}};
  const auto helped = store::helped_by(tx, id);
  all.helpers.insert(all.helpers.end(), helped.begin(), helped.end());
  return all;
}

// ---- keeping --------------------------------------------------------------------------------------------------

void People::tell_kept(Tx& tx, const Caller& caller, const PersonId& id, const std::string& path) {
  bus::tell(bus_, tx, Kept{id}, {id.text, path, {}, caller.account});
}

/// The same identity number twice would be one person twice. Says nothing about where the other record is.
void People::must_be_new(Reader& reader, const store::PersonRow& row) const {
  if (!row.sealed.identity_ix) return;
  for (const auto& other : store::by_index(reader, "identity_ix", *row.sealed.identity_ix, 2))
    if (other.id != row.id) throw conflict("people.known_already", "there is a person with this identity number");
}

Person People::add(Tx& tx, const Caller& caller, const PersonWords& words) {
  store::PersonRow row;
  row.id = PersonId::make(tx.ids());
  row.path = places::Places::path_of(tx, words.place);
  caller.must("people.write", row.path);
  row.sealed = seal_person(vault_, row.id, plain_of(words, tx.now()), {}, tx.ids());
  row.source = words.source;
  row.made_at = row.confirmed_at = tx.now();
  row.confirmed_by = caller.account;
  must_be_new(tx, row);
  store::insert(tx, row);
  tell_kept(tx, caller, row.id, row.path);
  return shown(tx, row, true);
}

Person People::change(Tx& tx, const Caller& caller, const PersonId& id, const PersonChange& words) {
  store::PersonRow row = row_of(tx, id);
  must(tx, caller, "people.write", row);
  if (row.state == State::erased) throw conflict("people.is_erased", "this person's data was erased");
  if (words.state == State::erased) throw invalid("people.bad_state", "/state", "present or gone; erasing is a move of its own");
  if (words.place) {
    row.path = places::Places::path_of(tx, *words.place);
    caller.must("people.write", row.path);
  }
  const Plain plain = changed(open_person(vault_, id, row.sealed), words, tx.now());
  row.sealed = seal_person(vault_, id, plain, row.sealed.key, tx.ids());
  must_be_new(tx, row);
  row.state = words.state.value_or(row.state);
  row.confirmed_at = tx.now();
  row.confirmed_by = caller.account;
  store::update(tx, row);
  if (row.state == State::gone)
    for (const Residency& residency : store::residencies_of(tx, id, false)) leave(tx, caller, residency);
  tell_kept(tx, caller, id, row.path);
  return shown(tx, row, true);
}

void People::confirm(Tx& tx, const Caller& caller, const PersonId& id) {
  const store::PersonRow row = row_of(tx, id);
  must_or_own(tx, caller, "people.write", row);
  store::confirm_person(tx, id, caller.account);
  bus::tell(bus_, tx, Confirmed{id.text}, {id.text, row.path, {}, caller.account});
}

void People::erase(Tx& tx, const Caller& caller, const PersonId& id) {
  const store::PersonRow row = row_of(tx, id);
  must(tx, caller, "people.erase", row);
  if (row.state == State::erased) return;
  for (const Residency& residency : store::residencies_of(tx, id, false)) leave(tx, caller, residency);
  for (const auto& helpers : {store::helpers_of(tx, id), store::helped_by(tx, id)})
    for (const Helper& helper : helpers)
      if (!helper.until || *helper.until > tx.now()) store::end_helper(tx, helper.id);
  store::untag_all(tx, id);
  store::erase(tx, id);
  bus::tell(bus_, tx, Erased{id}, {id.text, row.path, {}, caller.account});
}

// ---- for other rooms --------------------------------------------------------------------------------------------

std::optional<std::string> People::path_of(Reader& reader, const PersonId& id) {
  const auto row = store::find(reader, id);
  return row ? std::optional(row->path) : std::nullopt;
}

std::string People::masked_name(Reader& reader, const PersonId& id) const {
  const auto row = store::find(reader, id);
  if (!row || row->sealed.key.empty()) return {};
  return open_masked(vault_, id, row->sealed).name;
}

std::optional<std::string> People::phone_for_channel(Reader& reader, const PersonId& id) const {
  const auto row = store::find(reader, id);
  if (!row || row->sealed.key.empty() || row->state != State::present) return std::nullopt;
  return open_person(vault_, id, row->sealed).phone;
}

std::vector<PersonId> People::audience(Reader& reader, const Audience& audience, const std::string& after, std::size_t limit) {
  return store::audience(reader, audience, after, limit);
}

std::int64_t People::audience_count(Reader& reader, const Audience& audience) {
  return store::audience_count(reader, audience);
}

void People::on_moved(Tx& tx, const places::Moved& moved) { store::rebase(tx, moved.from, moved.to); }

}  // namespace lifang::people
