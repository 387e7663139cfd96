// Every SQL statement of the room people.
#pragma once
#include <set>

#include "platform/db/tx.hpp"
#include "rooms/people/people_seal.hpp"

namespace lifang::people::store {

// ---- persons --------------------------------------------------------------------------------------------------

struct PersonRow {
  PersonId id;
  State state = State::present;
  std::string path;
  Sealed sealed;
  std::string source;
  Time made_at;
  Time confirmed_at;
  std::string confirmed_by;
};
void insert(Tx& tx, const PersonRow& row);
/// Everything but id and made_at.
void update(Tx& tx, const PersonRow& row);
/// Forgets key, sealed columns and indices.
void erase(Tx& tx, const PersonId& id);
void confirm_person(Tx& tx, const PersonId& id, const std::string& by);
std::optional<PersonRow> find(Reader& reader, const PersonId& id);
std::vector<PersonRow> list(Reader& reader, const std::vector<std::string>& roots, const PersonFilter& filter);
std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const PersonFilter& filter);
/// `column`: one of the *_ix columns.
std::vector<PersonRow> by_index(Reader& reader, std::string_view column, std::int64_t value, std::size_t limit);
std::vector<PersonId> audience(Reader& reader, const Audience& audience, const std::string& after, std::size_t limit);
std::int64_t audience_count(Reader& reader, const Audience& audience);
std::int64_t count_present(Reader& reader);

// ---- households and residencies -----------------------------------------------------------------------------------

struct HouseholdRow {
  Household household;
  std::string code;  ///< sealed
  std::int64_t code_ix = 0;
  std::string confirmed_by;
};
void insert_household(Tx& tx, const HouseholdRow& row);
void update_household(Tx& tx, const Household& household);
void set_code(Tx& tx, const HouseholdId& id, const std::string& sealed, std::int64_t index);
void confirm_household(Tx& tx, const HouseholdId& id, const std::string& by);
std::optional<HouseholdRow> find_household(Reader& reader, const HouseholdId& id);
std::optional<HouseholdRow> household_by_code(Reader& reader, std::int64_t index);
std::vector<Household> households(Reader& reader, const std::vector<std::string>& roots, const HouseholdFilter& filter);
std::int64_t count_households(Reader& reader, const std::vector<std::string>& roots, const HouseholdFilter& filter);
std::vector<Household> households_at(Reader& reader, const places::PlaceId& place);

void insert_residency(Tx& tx, const Residency& residency);
void end_residency(Tx& tx, const ResidencyId& id, Time until);
std::optional<Residency> find_residency(Reader& reader, const ResidencyId& id);
/// Running ones, and ended ones too where `past`.
std::vector<Residency> residencies_of(Reader& reader, const PersonId& person, bool past);
std::vector<Residency> members_of(Reader& reader, const HouseholdId& household, bool past);
/// Whoever lives in a household at exactly this path now.
std::set<PersonId> living_at(Reader& reader, const std::string& path);
/// Paths of the households that the person lives in now.
std::vector<std::string> paths_of(Reader& reader, const PersonId& person);

// ---- helpers, organisations, tags, consents ---------------------------------------------------------------------------

void insert_helper(Tx& tx, const Helper& helper, const std::string& by);
void end_helper(Tx& tx, const HelperId& id);
std::optional<Helper> find_helper(Reader& reader, const HelperId& id);
std::vector<Helper> helpers_of(Reader& reader, const PersonId& person);
std::vector<Helper> helped_by(Reader& reader, const PersonId& helper);

void keep_organisation(Tx& tx, const Organisation& organisation);
std::optional<Organisation> find_organisation(Reader& reader, const OrganisationId& id);
std::vector<Organisation> organisations(Reader& reader, const std::optional<OrganisationKind>& kind,
                                        const std::optional<std::string>& under, const std::optional<std::string>& after,
                                        std::size_t limit);

std::vector<TagKind> tag_kinds(Reader& reader);
std::optional<TagKind> find_tag_kind(Reader& reader, const std::string& id);
void keep_tag_kind(Tx& tx, const TagKind& kind);
void tag(Tx& tx, const PersonId& person, const std::string& tag, const std::string& by);
std::int64_t untag(Tx& tx, const PersonId& person, const std::string& tag);
void untag_all(Tx& tx, const PersonId& person);
std::vector<std::string> tags_of(Reader& reader, const PersonId& person, bool sensitive_too);

void insert_consent(Tx& tx, const Consent& consent, const std::string& by);
void withdraw_consent(Tx& tx, const ConsentId& id, const std::string& how, const std::string& by);
std::vector<Consent> consents_of(Reader& reader, const PersonId& person);

/// Rewrites the front of every path at or below `from`.
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::people::store
