#include "rooms/people/people_store.hpp"

#include <map>

#include "base/members.hpp"
#include "rooms/people/people_audience.hpp"

namespace lifang::people::store {
namespace {

constexpr std::string_view kPerson =
    "SELECT id, state, path, key, name, phone, identity, birth, sex, remarks, name_ix, phone_ix, phone_tail_ix, "
    "identity_ix, identity_tail_ix, born, source, made_at, confirmed_at, confirmed_by FROM people_persons";
constexpr std::string_view kInsert =
    "INSERT INTO people_persons (id, state, path, key, name, phone, identity, birth, sex, remarks, name_ix, phone_ix, "
    "phone_tail_ix, identity_ix, identity_tail_ix, born, source, made_at, confirmed_at, confirmed_by) VALUES "
    "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
constexpr std::string_view kUpdate =
    "UPDATE people_persons SET state = $2, path = $3, key = $4, name = $5, phone = $6, identity = $7, birth = $8, "
    "sex = $9, remarks = $10, name_ix = $11, phone_ix = $12, phone_tail_ix = $13, identity_ix = $14, "
    "identity_tail_ix = $15, born = $16, source = $17, confirmed_at = $18, confirmed_by = $19 WHERE id = $1";
constexpr std::string_view kErase =
    "UPDATE people_persons SET state = 'erased', key = NULL, name = NULL, phone = NULL, identity = NULL, birth = NULL, "
    "sex = NULL, remarks = NULL, name_ix = NULL, phone_ix = NULL, phone_tail_ix = NULL, identity_ix = NULL, "
    "identity_tail_ix = NULL, born = NULL WHERE id = $1";
constexpr std::string_view kConfirm = "UPDATE people_persons SET confirmed_at = $2, confirmed_by = $3 WHERE id = $1";
constexpr std::string_view kCountPresent = "SELECT COUNT(*) FROM people_persons WHERE state = 'present'";
constexpr std::string_view kRebasePersons =
    "UPDATE people_persons SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";
constexpr std::string_view kRebaseHouseholds =
    "UPDATE people_households SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";
constexpr std::string_view kRebaseOrganisations =
    "UPDATE people_organisations SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

std::optional<db::Blob> blob(const std::string& bytes) {
  return bytes.empty() ? std::nullopt : std::optional(db::Blob{bytes});
}

std::string bytes(const db::Row& row, int column) {
  return row.null(column) ? std::string() : std::string(row.blob(column));
}

PersonRow person_of(const db::Row& row) {
  PersonRow p;
  p.id = row.get<PersonId>(0);
  p.state = enum_of<State>(row.text(1));
  p.path = row.text(2);
  p.sealed.key = bytes(row, 3);
  p.sealed.name = bytes(row, 4);
  p.sealed.phone = bytes(row, 5);
  p.sealed.identity = bytes(row, 6);
  p.sealed.birth = bytes(row, 7);
  p.sealed.sex = bytes(row, 8);
  p.sealed.remarks = bytes(row, 9);
  p.sealed.name_ix = row.get<std::optional<std::int64_t>>(10);
  p.sealed.phone_ix = row.get<std::optional<std::int64_t>>(11);
  p.sealed.phone_tail_ix = row.get<std::optional<std::int64_t>>(12);
  p.sealed.identity_ix = row.get<std::optional<std::int64_t>>(13);
  p.sealed.identity_tail_ix = row.get<std::optional<std::int64_t>>(14);
  p.sealed.born = row.get<std::optional<std::int64_t>>(15);
  p.source = row.text(16);
  p.made_at = row.time(17);
  p.confirmed_at = row.time(18);
  p.confirmed_by = row.text(19);
  return p;
}

db::Where where_of(const std::vector<std::string>& roots, const PersonFilter& filter) {
  db::Where where;
  where.under("path", roots);
  if (filter.under) where.under("path", {*filter.under});
  if (!filter.gone) where.plain("state = 'present'");
  if (filter.tag)
    where.add("EXISTS (SELECT 1 FROM people_tags t WHERE t.person = people_persons.id AND t.tag = $)", *filter.tag);
  where.maybe("born >= $", filter.born_from);
  where.maybe("born <= $", filter.born_to);
  where.maybe("confirmed_at < $", filter.confirmed_before);
  return where;
}

db::Where where_of(const Audience& audience) {
  db::Where where;
  where.plain("state = 'present'");
  where.under("path", audience.paths);
  if (!audience.tags.empty())
    where.plain("EXISTS (SELECT 1 FROM people_tags t WHERE t.person = people_persons.id AND t.tag IN (" +
                where.placeholders(audience.tags) + "))");
  std::vector<std::string> roles;
  for (const ResidentRole role : audience.roles) roles.emplace_back(enum_name(role));
  if (!roles.empty())
    where.plain("EXISTS (SELECT 1 FROM people_residencies r WHERE r.person = people_persons.id AND r.until IS NULL "
                "AND r.role IN (" +
                where.placeholders(roles) + "))");
  where.maybe("born >= $", audience.born_from);
  where.maybe("born <= $", audience.born_to);
  return where;
}

std::int64_t number(Reader& reader, const std::string& sql, const db::Where& where) {
  std::int64_t n = 0;
  reader.each_of(sql + where.sql(), where.params(), [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

}  // namespace

void insert(Tx& tx, const PersonRow& p) {
  const Sealed& s = p.sealed;
  tx.run(kInsert, p.id, enum_name(p.state), p.path, blob(s.key), blob(s.name), blob(s.phone), blob(s.identity),
         blob(s.birth), blob(s.sex), blob(s.remarks), s.name_ix, s.phone_ix, s.phone_tail_ix, s.identity_ix,
         s.identity_tail_ix, s.born, p.source, p.made_at, p.confirmed_at, p.confirmed_by);
}

void update(Tx& tx, const PersonRow& p) {
  const Sealed& s = p.sealed;
  tx.run(kUpdate, p.id, enum_name(p.state), p.path, blob(s.key), blob(s.name), blob(s.phone), blob(s.identity),
         blob(s.birth), blob(s.sex), blob(s.remarks), s.name_ix, s.phone_ix, s.phone_tail_ix, s.identity_ix,
         s.identity_tail_ix, s.born, p.source, p.confirmed_at, p.confirmed_by);
}

void erase(Tx& tx, const PersonId& id) { tx.run(kErase, id); }
void confirm_person(Tx& tx, const PersonId& id, const std::string& by) { tx.run(kConfirm, id, tx.now(), by); }

std::optional<PersonRow> find(Reader& reader, const PersonId& id) {
  static const std::string sql = std::string(kPerson) + " WHERE id = $1";
  return reader.one(sql, person_of, id);
}

std::vector<PersonRow> list(Reader& reader, const std::vector<std::string>& roots, const PersonFilter& filter) {
  db::Where where = where_of(roots, filter);
  if (filter.after) {
    const auto cut = filter.after->find('\n');
    const std::string path = where.placeholder(filter.after->substr(0, cut));
    const std::string id = where.placeholder(cut == std::string::npos ? "" : filter.after->substr(cut + 1));
    where.plain("(path, id) > (" + path + ", " + id + ")");
  }
  const std::string limit = where.placeholder(filter.limit);
  std::vector<PersonRow> found;
  reader.each_of(std::string(kPerson) + where.sql() + " ORDER BY path, id LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(person_of(row)); });
  return found;
}

std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const PersonFilter& filter) {
  return number(reader, "SELECT COUNT(*) FROM people_persons", where_of(roots, filter));
}

std::vector<PersonRow> by_index(Reader& reader, std::string_view column, std::int64_t value, std::size_t limit) {
  const std::string sql = std::string(kPerson) + " WHERE " + std::string(column) + " = $1 ORDER BY id LIMIT $2";
  return reader.all(sql, person_of, value, limit);
}

std::vector<PersonId> audience(Reader& reader, const Audience& audience, const std::string& after, std::size_t limit) {
  db::Where where = where_of(audience);
  where.add("id > $", after);
  const std::string most = where.placeholder(limit);
  std::vector<PersonId> found;
  reader.each_of("SELECT id FROM people_persons" + where.sql() + " ORDER BY id LIMIT " + most, where.params(),
                 [&](const db::Row& row) { found.push_back(row.get<PersonId>(0)); });
  return found;
}

std::int64_t audience_count(Reader& reader, const Audience& audience) {
  return number(reader, "SELECT COUNT(*) FROM people_persons", where_of(audience));
}

std::int64_t count_present(Reader& reader) { return reader.value<std::int64_t>(kCountPresent).value_or(0); }

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // follows '/': everything at or below `from` lies between
  const auto cut = static_cast<std::int64_t>(from.size()) + 1;
  for (const std::string_view sql : {kRebasePersons, kRebaseHouseholds, kRebaseOrganisations})
    tx.run(sql, to, cut, from, end);
}

}  // namespace lifang::people::store

namespace lifang::people {

std::int64_t audience_households(Reader& reader, const Audience& audience) {
  return store::number(reader,
                "SELECT COUNT(DISTINCT COALESCE((SELECT r.household FROM people_residencies r WHERE r.person = people_persons.id AND "
                "r.until IS NULL ORDER BY r.since, r.id LIMIT 1), id)) FROM people_persons",
                store::where_of(audience));
}

std::vector<OfHousehold> audience_of_household(Reader& reader, const Audience& audience, const HouseholdId& household) {
  std::map<std::string, ResidentRole> roles;
  std::vector<std::string> ids;
  for (const Residency& residency : store::members_of(reader, household, false)) {
    const auto homes = store::residencies_of(reader, residency.person, false);
    if (homes.empty() || homes.front().household != household) continue;
    if (roles.emplace(residency.person.text, residency.role).second) ids.push_back(residency.person.text);
  }
  std::vector<OfHousehold> found;
  if (ids.empty()) return found;
  db::Where where = store::where_of(audience);
  where.plain("id IN (" + where.placeholders(ids) + ")");
  reader.each_of("SELECT id, born FROM people_persons" + where.sql() + " ORDER BY id", where.params(), [&](const db::Row& row) {
    const auto id = row.get<PersonId>(0);
    found.push_back({id, roles.at(id.text), row.get<std::optional<std::int64_t>>(1)});
  });
  return found;
}

}  // namespace lifang::people
