// SQL of helpers, organisations, tags and consents.
#include "base/members.hpp"
#include "base/reflect.hpp"
#include "rooms/people/people_store.hpp"

namespace lifang::people::store {
namespace {

constexpr std::string_view kHelper = "SELECT id, person, helper, scope, since, until, how FROM people_helpers";
constexpr std::string_view kInsertHelper =
    "INSERT INTO people_helpers (id, person, helper, scope, since, until, how, made_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
constexpr std::string_view kEndHelper = "UPDATE people_helpers SET until = $2 WHERE id = $1";

constexpr std::string_view kOrganisation = "SELECT id, kind, name, place, path, above, phone FROM people_organisations";
constexpr std::string_view kKeepOrganisation =
    "INSERT INTO people_organisations (id, kind, name, place, path, above, phone) VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, place = excluded.place, "
    "path = excluded.path, above = excluded.above, phone = excluded.phone";

constexpr std::string_view kTagKinds = "SELECT id, name, sensitive FROM people_tag_kinds ORDER BY id";
constexpr std::string_view kTagKind = "SELECT id, name, sensitive FROM people_tag_kinds WHERE id = $1";
constexpr std::string_view kKeepTagKind =
    "INSERT INTO people_tag_kinds (id, name, sensitive) VALUES ($1, $2, $3) "
    "ON CONFLICT (id) DO UPDATE SET name = excluded.name, sensitive = excluded.sensitive";
constexpr std::string_view kTag =
    "INSERT INTO people_tags (person, tag, made_at, made_by) VALUES ($1, $2, $3, $4) ON CONFLICT (person, tag) DO NOTHING";
constexpr std::string_view kUntag = "DELETE FROM people_tags WHERE person = $1 AND tag = $2";
constexpr std::string_view kUntagAll = "DELETE FROM people_tags WHERE person = $1";
constexpr std::string_view kTagsOf =
    "SELECT t.tag FROM people_tags t JOIN people_tag_kinds k ON k.id = t.tag "
    "WHERE t.person = $1 AND k.sensitive <= $2 ORDER BY t.tag";

constexpr std::string_view kInsertConsent =
    "INSERT INTO people_consents (id, person, purpose, given_at, given_how, given_by, withdrawn_how, withdrawn_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, '', '')";
constexpr std::string_view kWithdraw =
    "UPDATE people_consents SET withdrawn_at = $2, withdrawn_how = $3, withdrawn_by = $4 WHERE id = $1";
constexpr std::string_view kConsentsOf =
    "SELECT id, person, purpose, given_at, given_how, withdrawn_at, withdrawn_how FROM people_consents "
    "WHERE person = $1 ORDER BY given_at, id";

Helper helper_of(const db::Row& row) {
  return {row.get<HelperId>(0), row.get<PersonId>(1), row.get<PersonId>(2),
          from_json<std::vector<std::string>>(row.text(3)), row.time(4), row.get<std::optional<Time>>(5),
          row.get<std::string>(6)};
}

Organisation organisation_of(const db::Row& row) {
  Organisation o{row.get<OrganisationId>(0), enum_of<OrganisationKind>(row.text(1)), row.get<std::string>(2), {},
                 row.get<std::string>(4), {}, {}};
  if (!row.text(3).empty()) o.place = row.get<places::PlaceId>(3);
  if (!row.text(5).empty()) o.above = row.get<OrganisationId>(5);
  if (!row.text(6).empty()) o.phone = row.get<std::string>(6);
  return o;
}

TagKind tag_kind_of(const db::Row& row) { return {row.get<std::string>(0), row.get<std::string>(1), row.get<bool>(2)}; }

Consent consent_of(const db::Row& row) {
  Consent c{row.get<ConsentId>(0), row.get<PersonId>(1), row.get<std::string>(2), row.time(3), row.get<std::string>(4),
            row.get<std::optional<Time>>(5), {}};
  if (!row.text(6).empty()) c.withdrawn_how = row.get<std::string>(6);
  return c;
}

}  // namespace

void insert_helper(Tx& tx, const Helper& h, const std::string& by) {
  tx.run(kInsertHelper, h.id, h.person, h.helper, to_json(h.scope), h.from, h.until, h.how, by);
}
void end_helper(Tx& tx, const HelperId& id) { tx.run(kEndHelper, id, tx.now()); }
std::optional<Helper> find_helper(Reader& reader, const HelperId& id) {
  static const std::string sql = std::string(kHelper) + " WHERE id = $1";
  return reader.one(sql, helper_of, id);
}
std::vector<Helper> helpers_of(Reader& reader, const PersonId& person) {
  static const std::string sql = std::string(kHelper) + " WHERE person = $1 ORDER BY since, id";
  return reader.all(sql, helper_of, person);
}
std::vector<Helper> helped_by(Reader& reader, const PersonId& helper) {
  static const std::string sql = std::string(kHelper) + " WHERE helper = $1 ORDER BY since, id";
  return reader.all(sql, helper_of, helper);
}

void keep_organisation(Tx& tx, const Organisation& o) {
  tx.run(kKeepOrganisation, o.id, enum_name(o.kind), o.name, o.place ? o.place->text : "", o.path,
         o.above ? o.above->text : "", o.phone.value_or(""));
}
std::optional<Organisation> find_organisation(Reader& reader, const OrganisationId& id) {
  static const std::string sql = std::string(kOrganisation) + " WHERE id = $1";
  return reader.one(sql, organisation_of, id);
}
std::vector<Organisation> organisations(Reader& reader, const std::optional<OrganisationKind>& kind,
                                        const std::optional<std::string>& under, const std::optional<std::string>& after,
                                        std::size_t limit) {
  db::Where where;
  if (kind) where.add("kind = $", enum_name(*kind));
  if (under) where.under("path", {*under});
  where.maybe("id > $", after);
  const std::string most = where.placeholder(limit);
  std::vector<Organisation> found;
  reader.each_of(std::string(kOrganisation) + where.sql() + " ORDER BY id LIMIT " + most, where.params(),
                 [&](const db::Row& row) { found.push_back(organisation_of(row)); });
  return found;
}

std::vector<TagKind> tag_kinds(Reader& reader) { return reader.all(kTagKinds, tag_kind_of); }
std::optional<TagKind> find_tag_kind(Reader& reader, const std::string& id) { return reader.one(kTagKind, tag_kind_of, id); }
void keep_tag_kind(Tx& tx, const TagKind& kind) { tx.run(kKeepTagKind, kind.id, kind.name, kind.sensitive); }
void tag(Tx& tx, const PersonId& person, const std::string& tag, const std::string& by) {
  tx.run(kTag, person, tag, tx.now(), by);
}
std::int64_t untag(Tx& tx, const PersonId& person, const std::string& tag) { return tx.run(kUntag, person, tag); }
void untag_all(Tx& tx, const PersonId& person) { tx.run(kUntagAll, person); }
std::vector<std::string> tags_of(Reader& reader, const PersonId& person, bool sensitive_too) {
  return reader.all(kTagsOf, [](const db::Row& row) { return std::string(row.text(0)); }, person, sensitive_too);
}

void insert_consent(Tx& tx, const Consent& c, const std::string& by) {
  tx.run(kInsertConsent, c.id, c.person, c.purpose, c.given_at, c.given_how, by);
}
void withdraw_consent(Tx& tx, const ConsentId& id, const std::string& how, const std::string& by) {
  tx.run(kWithdraw, id, tx.now(), how, by);
}
std::vector<Consent> consents_of(Reader& reader, const PersonId& person) { return reader.all(kConsentsOf, consent_of, person); }

}  // namespace lifang::people::store
