// SQL of households and residencies.
#include "base/members.hpp"
#include "rooms/people/people_store.hpp"

namespace lifang::people::store {
namespace {

constexpr std::string_view kHousehold =
    "SELECT id, kind, place, path, code_at, made_at, closed_at, confirmed_at, code, code_ix, confirmed_by "
    "FROM people_households";
constexpr std::string_view kInsert =
    "INSERT INTO people_households (id, kind, place, path, code, code_ix, code_at, made_at, confirmed_at, confirmed_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
constexpr std::string_view kUpdate =
    "UPDATE people_households SET kind = $2, place = $3, path = $4, closed_at = $5 WHERE id = $1";
constexpr std::string_view kSetCode = "UPDATE people_households SET code = $2, code_ix = $3, code_at = $4 WHERE id = $1";
constexpr std::string_view kConfirm = "UPDATE people_households SET confirmed_at = $2, confirmed_by = $3 WHERE id = $1";

constexpr std::string_view kResidency = "SELECT id, person, household, role, since, until FROM people_residencies";
constexpr std::string_view kInsertResidency =
    "INSERT INTO people_residencies (id, person, household, role, since, until) VALUES ($1, $2, $3, $4, $5, $6)";
constexpr std::string_view kEndResidency = "UPDATE people_residencies SET until = $2 WHERE id = $1";
constexpr std::string_view kLivingAt =
    "SELECT r.person FROM people_households h JOIN people_residencies r ON r.household = h.id "
    "WHERE h.path = $1 AND r.until IS NULL";
constexpr std::string_view kPathsOf =
    "SELECT h.path FROM people_residencies r JOIN people_households h ON h.id = r.household "
    "WHERE r.person = $1 AND r.until IS NULL";

HouseholdRow household_of(const db::Row& row) {
  HouseholdRow found;
  Household& h = found.household;
  h.id = row.get<HouseholdId>(0);
  h.kind = enum_of<HouseholdKind>(row.text(1));
  h.place = row.get<places::PlaceId>(2);
  h.path = row.text(3);
  h.code_at = row.time(4);
  h.made_at = row.time(5);
  h.closed_at = row.get<std::optional<Time>>(6);
  h.confirmed_at = row.time(7);
  found.code = row.blob(8);
  found.code_ix = row.integer(9);
  found.confirmed_by = row.text(10);
  return found;
}

Residency residency_of(const db::Row& row) {
  return {row.get<ResidencyId>(0), row.get<PersonId>(1), row.get<HouseholdId>(2), enum_of<ResidentRole>(row.text(3)),
          row.time(4), row.get<std::optional<Time>>(5)};
}

db::Where where_of(const std::vector<std::string>& roots, const HouseholdFilter& filter) {
  db::Where where;
  where.plain("closed_at IS NULL");
  where.under("path", roots);
  if (filter.under) where.under("path", {*filter.under});
  if (filter.kind) where.add("kind = $", enum_name(*filter.kind));
  where.maybe("confirmed_at < $", filter.confirmed_before);
  return where;
}

}  // namespace

void insert_household(Tx& tx, const HouseholdRow& row) {
  const Household& h = row.household;
  tx.run(kInsert, h.id, enum_name(h.kind), h.place, h.path, db::Blob{row.code}, row.code_ix, h.code_at, h.made_at,
         h.confirmed_at, row.confirmed_by);
}

void update_household(Tx& tx, const Household& h) {
  tx.run(kUpdate, h.id, enum_name(h.kind), h.place, h.path, h.closed_at);
}

void set_code(Tx& tx, const HouseholdId& id, const std::string& sealed, std::int64_t index) {
  tx.run(kSetCode, id, db::Blob{sealed}, index, tx.now());
}

void confirm_household(Tx& tx, const HouseholdId& id, const std::string& by) { tx.run(kConfirm, id, tx.now(), by); }

std::optional<HouseholdRow> find_household(Reader& reader, const HouseholdId& id) {
  static const std::string sql = std::string(kHousehold) + " WHERE id = $1";
  return reader.one(sql, household_of, id);
}

std::optional<HouseholdRow> household_by_code(Reader& reader, std::int64_t index) {
  static const std::string sql = std::string(kHousehold) + " WHERE code_ix = $1";
  return reader.one(sql, household_of, index);
}

std::vector<Household> households(Reader& reader, const std::vector<std::string>& roots, const HouseholdFilter& filter) {
  db::Where where = where_of(roots, filter);
  if (filter.after) {
    const auto cut = filter.after->find('\n');
    const std::string path = where.placeholder(filter.after->substr(0, cut));
    const std::string id = where.placeholder(cut == std::string::npos ? "" : filter.after->substr(cut + 1));
    where.plain("(path, id) > (" + path + ", " + id + ")");
  }
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Household> found;
  reader.each_of(std::string(kHousehold) + where.sql() + " ORDER BY path, id LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(household_of(row).household); });
  return found;
}

std::int64_t count_households(Reader& reader, const std::vector<std::string>& roots, const HouseholdFilter& filter) {
  const db::Where where = where_of(roots, filter);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM people_households" + where.sql(), where.params(),
                 [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

std::vector<Household> households_at(Reader& reader, const places::PlaceId& place) {
  static const std::string sql = std::string(kHousehold) + " WHERE place = $1 AND closed_at IS NULL ORDER BY id";
  return reader.all(sql, [](const db::Row& row) { return household_of(row).household; }, place);
}

void insert_residency(Tx& tx, const Residency& r) {
  tx.run(kInsertResidency, r.id, r.person, r.household, enum_name(r.role), r.from, r.until);
}

void end_residency(Tx& tx, const ResidencyId& id, Time until) { tx.run(kEndResidency, id, until); }

std::optional<Residency> find_residency(Reader& reader, const ResidencyId& id) {
  static const std::string sql = std::string(kResidency) + " WHERE id = $1";
  return reader.one(sql, residency_of, id);
}

std::vector<Residency> residencies_of(Reader& reader, const PersonId& person, bool past) {
  static const std::string all = std::string(kResidency) + " WHERE person = $1 ORDER BY since, id";
  static const std::string now = std::string(kResidency) + " WHERE person = $1 AND until IS NULL ORDER BY since, id";
  return reader.all(past ? all : now, residency_of, person);
}

std::vector<Residency> members_of(Reader& reader, const HouseholdId& household, bool past) {
  static const std::string all = std::string(kResidency) + " WHERE household = $1 ORDER BY since, id";
  static const std::string now = std::string(kResidency) + " WHERE household = $1 AND until IS NULL ORDER BY since, id";
  return reader.all(past ? all : now, residency_of, household);
}

std::set<PersonId> living_at(Reader& reader, const std::string& path) {
  std::set<PersonId> found;
  reader.each(kLivingAt, [&](const db::Row& row) { found.insert(row.get<PersonId>(0)); }, path);
  return found;
}

std::vector<std::string> paths_of(Reader& reader, const PersonId& person) {
  return reader.all(kPathsOf, [](const db::Row& row) { return std::string(row.text(0)); }, person);
}

}  // namespace lifang::people::store
