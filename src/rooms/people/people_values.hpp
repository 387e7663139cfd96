// The values and events of people. A part of the door.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "rooms/places/places.hpp"

namespace lifang::people {

struct PersonTag {
  static constexpr std::string_view prefix = "person";
};
using PersonId = Id<PersonTag>;
struct HouseholdTag {
  static constexpr std::string_view prefix = "household";
};
using HouseholdId = Id<HouseholdTag>;
struct ResidencyTag {
  static constexpr std::string_view prefix = "residency";
};
using ResidencyId = Id<ResidencyTag>;
struct HelperTag {
  static constexpr std::string_view prefix = "helper";
};
using HelperId = Id<HelperTag>;
struct ConsentTag {
  static constexpr std::string_view prefix = "consent";
};
using ConsentId = Id<ConsentTag>;
using OrganisationId = Id<struct OrganisationTag>;  ///< chosen by the client
using Day = std::chrono::year_month_day;

// ---- persons --------------------------------------------------------------------------------------------------

enum class Sex { unknown, male, female };
BOOST_DESCRIBE_ENUM(Sex, unknown, male, female)

enum class State { present, gone, erased };  ///< gone: moved away or died, not yet erased
BOOST_DESCRIBE_ENUM(State, present, gone, erased)

/// What a client says of a person. `identity`: a resident identity number (GB 11643, check digit held; birth date
/// and sex follow from it) or another paper's number. `place`: where the person is registered, usually the home.
/// `source`: where the record comes from ("register", "import", "self"), shown with its freshness.
struct PersonWords {
  std::string name;
  std::optional<std::string> phone;
  std::optional<std::string> identity;
  std::optional<Day> birth;
  std::optional<Sex> sex;
  std::optional<std::string> remarks;
  places::PlaceId place;
  std::string source = "register";
  static constexpr auto defaulted = members("source");
};
BOOST_DESCRIBE_STRUCT(PersonWords, (), (name, phone, identity, birth, sex, remarks, place, source))

/// Absent: as before. Empty text: no longer known.
struct PersonChange {
  std::optional<std::string> name = {}, phone = {}, identity = {}, remarks = {};
  std::optional<Day> birth = {};
  std::optional<Sex> sex = {};
  std::optional<places::PlaceId> place = {};
  std::optional<State> state = {};  ///< present or gone
};
BOOST_DESCRIBE_STRUCT(PersonChange, (), (name, phone, identity, remarks, birth, sex, place, state))

/// How a list calls somebody: the name as it is shown to whoever asks.
struct Named {
  PersonId id;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Named, (), (id, name))

/// As answered: masked unless the caller asks about himself. Sensitive tags, birth date and remarks are left out
/// of the masked form.
struct Person {
  PersonId id;
  State state = State::present;
  std::string name;
  std::optional<std::string> phone;
  std::optional<std::string> identity;
  std::optional<std::int64_t> born;  ///< year
  std::optional<Day> birth;
  std::optional<Sex> sex;
  std::optional<std::string> remarks;
  std::string path;
  std::vector<std::string> tags;
  bool masked = true;
  std::string source;
  Time made_at;
  Time confirmed_at;
};
BOOST_DESCRIBE_STRUCT(Person, (), (id, state, name, phone, identity, born, birth, sex, remarks, path, tags, masked,
                                   source, made_at, confirmed_at))

enum class Field { name, phone, identity, birth, sex, remarks, tags };
BOOST_DESCRIBE_ENUM(Field, name, phone, identity, birth, sex, remarks, tags)

/// Which fields are to be shown plainly; all if none are named.
struct RevealWords {
  std::vector<Field> fields;
  static constexpr auto defaulted = members("fields");
};
BOOST_DESCRIBE_STRUCT(RevealWords, (), (fields))

/// By exactly one of them; tails are the last four characters.
struct SearchWords {
  std::optional<std::string> name = {}, phone = {}, phone_tail = {}, identity = {}, identity_tail = {};
  std::optional<places::PlaceId> place = {};
};
BOOST_DESCRIBE_STRUCT(SearchWords, (), (name, phone, phone_tail, identity, identity_tail, place))

struct PersonFilter {
  std::optional<std::string> under;  ///< place path
  std::optional<std::string> tag;
  std::optional<std::int64_t> born_from, born_to;  ///< years, both included
  std::optional<Time> confirmed_before;
  bool gone = false;                 ///< also those who are gone or erased
  std::optional<std::string> after;  ///< "path\nid" of the last one seen
  std::size_t limit = 50;
};

// ---- households -----------------------------------------------------------------------------------------------

enum class HouseholdKind { owned, rented, dormitory, vacant };
BOOST_DESCRIBE_ENUM(HouseholdKind, owned, rented, dormitory, vacant)

struct HouseholdWords {
  places::PlaceId place;
  HouseholdKind kind = HouseholdKind::owned;
  static constexpr auto defaulted = members("kind");
};
BOOST_DESCRIBE_STRUCT(HouseholdWords, (), (place, kind))

struct Household {
  HouseholdId id;
  HouseholdKind kind = HouseholdKind::owned;
  places::PlaceId place;
  std::string path;
  Time code_at;  ///< when its present code was made
  Time made_at;
  std::optional<Time> closed_at;
  Time confirmed_at;
};
BOOST_DESCRIBE_STRUCT(Household, (), (id, kind, place, path, code_at, made_at, closed_at, confirmed_at))

/// 一户一码: 12 letters and digits that say nothing, the last one a check character; printed in groups of four.
struct HouseholdCode {
  HouseholdId household;
  std::string code;
  Time made_at;
};
BOOST_DESCRIBE_STRUCT(HouseholdCode, (), (household, code, made_at))

struct HouseholdFilter {
  std::optional<std::string> under;
  std::optional<HouseholdKind> kind;
  std::optional<Time> confirmed_before;
  std::optional<std::string> after;  ///< "path\nid"
  std::size_t limit = 50;
};

enum class ResidentRole { owner, tenant, member };
BOOST_DESCRIBE_ENUM(ResidentRole, owner, tenant, member)

struct ResidencyWords {
  PersonId person;
  ResidentRole role = ResidentRole::member;
  std::optional<Time> from;
  static constexpr auto defaulted = members("role");
};
BOOST_DESCRIBE_STRUCT(ResidencyWords, (), (person, role, from))

struct Residency {
  ResidencyId id;
  PersonId person;
  HouseholdId household;
  ResidentRole role = ResidentRole::member;
  Time from;
  std::optional<Time> until;
};
BOOST_DESCRIBE_STRUCT(Residency, (), (id, person, household, role, from, until))

/// A member as a list of the household shows it.
struct Member {
  Residency residency;
  Person person;
};
BOOST_DESCRIBE_STRUCT(Member, (), (residency, person))

// ---- helpers, organisations, tags, consents -----------------------------------------------------------------------

/// `scope`: what for: report, evaluate, book, pay, points, notices, health, affairs, or * for all but health.
struct HelperWords {
  PersonId person;  ///< who is helped
  PersonId helper;
  std::vector<std::string> scope;
  std::optional<Time> until;
  std::string how = "app";  ///< app, paper, voice, desk
  static constexpr auto defaulted = members("how");
};
BOOST_DESCRIBE_STRUCT(HelperWords, (), (person, helper, scope, until, how))

struct Helper {
  HelperId id;
  PersonId person;
  PersonId helper;
  std::vector<std::string> scope;
  Time from;
  std::optional<Time> until;
  std::string how;
};
BOOST_DESCRIBE_STRUCT(Helper, (), (id, person, helper, scope, from, until, how))

enum class OrganisationKind { property_company, community_office, street_office, bureau, district_centre, clinic, school, merchant, volunteers, other };
BOOST_DESCRIBE_ENUM(OrganisationKind, property_company, community_office, street_office, bureau, district_centre, clinic, school, merchant, volunteers, other)

/// `phone`: of the duty desk, not of a person. `above`: the organisation that it answers to.
struct OrganisationWords {
  OrganisationKind kind = OrganisationKind::other;
  std::string name;
  std::optional<places::PlaceId> place;
  std::optional<OrganisationId> above;
  std::optional<std::string> phone;
};
BOOST_DESCRIBE_STRUCT(OrganisationWords, (), (kind, name, place, above, phone))

struct Organisation {
  OrganisationId id;
  OrganisationKind kind = OrganisationKind::other;
  std::string name;
  std::optional<places::PlaceId> place;
  std::string path;
  std::optional<OrganisationId> above;
  std::optional<std::string> phone;
};
BOOST_DESCRIBE_STRUCT(Organisation, (), (id, kind, name, place, path, above, phone))

struct TagKind {
  std::string id;
  std::string name;
  bool sensitive = true;  ///< shown and searched only with a purpose
};
BOOST_DESCRIBE_STRUCT(TagKind, (), (id, name, sensitive))

struct TagKindWords {
  std::string name;
  bool sensitive = true;
  static constexpr auto defaulted = members("sensitive");
};
BOOST_DESCRIBE_STRUCT(TagKindWords, (), (name, sensitive))

/// `purpose`: face, marketing, health, helpers, research, … as the room that needs it names it.
struct ConsentWords {
  std::string purpose;
  std::string how = "app";  ///< app, paper, voice, desk
  static constexpr auto defaulted = members("how");
};
BOOST_DESCRIBE_STRUCT(ConsentWords, (), (purpose, how))

struct Consent {
  ConsentId id;
  PersonId person;
  std::string purpose;
  Time given_at;
  std::string given_how;
  std::optional<Time> withdrawn_at;
  std::optional<std::string> withdrawn_how;
};
BOOST_DESCRIBE_STRUCT(Consent, (), (id, person, purpose, given_at, given_how, withdrawn_at, withdrawn_how))

/// Somebody looked at a person's plain data: who, when, what for and at what.
struct Look {
  Time at;
  std::string name;  ///< login that looked
  std::string purpose;
  std::string what;
  std::optional<std::string> case_ = {};
};
BOOST_DESCRIBE_STRUCT(Look, (), (at, name, purpose, what, case_))

/// Everything that the room knows of a person, and who looked at it, for the person.
struct Export {
  Person person;
  std::vector<Residency> residencies;
  std::vector<Helper> helpers;
  std::vector<Consent> consents;
  std::vector<Look> looks;  ///< newest first, at most 2,000
};
BOOST_DESCRIBE_STRUCT(Export, (), (person, residencies, helpers, consents, looks))

/// Whom a notice or a survey is for: present persons under one of the paths, with one of the tags (any if none),
/// born between the years, living in a household with one of the roles (any if none).
struct Audience {
  std::vector<std::string> paths;
  std::vector<std::string> tags;
  std::vector<ResidentRole> roles;
  std::optional<std::int64_t> born_from, born_to;
};

/// One household for a bulk load. `path`: of `place`, which the loader has made. Members with their ids, if the loader
/// wants to choose them.
struct LoadMember {
  PersonWords person;
  ResidentRole role = ResidentRole::member;
  std::vector<std::string> tags;
  std::optional<PersonId> id;
};
struct LoadHousehold {
  places::PlaceId place;
  std::string path;
  HouseholdKind kind = HouseholdKind::owned;
  Time since;
  std::vector<LoadMember> members;
};

}  // namespace lifang::people
