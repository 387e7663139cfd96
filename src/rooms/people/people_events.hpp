// What the room people tells. Ids only. A part of the door.
#pragma once
#include "rooms/people/people_values.hpp"

namespace lifang::people {

/// A person's record was made or changed.
struct Kept {
  static constexpr std::string_view topic = "people.kept";
  PersonId person;
};
BOOST_DESCRIBE_STRUCT(Kept, (), (person))

/// Somebody saw plain data: the view log. Written before anything is answered.
struct Revealed {
  static constexpr std::string_view topic = "people.revealed";
  PersonId person;
  std::string purpose;
  std::string what;  ///< names of the fields
  std::optional<std::string> case_ = {};  ///< where the purpose is one
};
BOOST_DESCRIBE_STRUCT(Revealed, (), (person, purpose, what, case_))

/// Somebody looked a person up, or listed those with a sensitive tag. Written before anything is answered.
struct Searched {
  static constexpr std::string_view topic = "people.searched";
  std::string by;          ///< the kind of key, never the key; or "tag"
  std::int64_t found = 0;  ///< for a tag: how many the whole list holds
  std::optional<std::string> tag;
  std::optional<std::string> purpose;
  std::optional<std::string> case_ = {};  ///< where the purpose is one
};
BOOST_DESCRIBE_STRUCT(Searched, (), (by, found, tag, purpose, case_))

/// The person's key is gone, and with it all that it sealed. Rooms that keep things of the person remove them.
struct Erased {
  static constexpr std::string_view topic = "people.erased";
  PersonId person;
};
BOOST_DESCRIBE_STRUCT(Erased, (), (person))

struct Exported {
  static constexpr std::string_view topic = "people.exported";
  PersonId person;
};
BOOST_DESCRIBE_STRUCT(Exported, (), (person))

/// Somebody checked that the record is still true.
struct Confirmed {
  static constexpr std::string_view topic = "people.confirmed";
  std::string subject;
};
BOOST_DESCRIBE_STRUCT(Confirmed, (), (subject))

struct HouseholdKept {
  static constexpr std::string_view topic = "people.household_kept";
  HouseholdId household;
};
BOOST_DESCRIBE_STRUCT(HouseholdKept, (), (household))

/// The old code is worth nothing from now on.
struct CodeRenewed {
  static constexpr std::string_view topic = "people.code_renewed";
  HouseholdId household;
};
BOOST_DESCRIBE_STRUCT(CodeRenewed, (), (household))

/// Staff saw the code, to print it or hand it over.
struct CodeShown {
  static constexpr std::string_view topic = "people.code_shown";
  HouseholdId household;
};
BOOST_DESCRIBE_STRUCT(CodeShown, (), (household))

struct MovedIn {
  static constexpr std::string_view topic = "people.moved_in";
  PersonId person;
  HouseholdId household;
};
BOOST_DESCRIBE_STRUCT(MovedIn, (), (person, household))

struct MovedOut {
  static constexpr std::string_view topic = "people.moved_out";
  PersonId person;
  HouseholdId household;
};
BOOST_DESCRIBE_STRUCT(MovedOut, (), (person, household))

/// `what`: began or ended.
struct HelperChanged {
  static constexpr std::string_view topic = "people.helper_changed";
  PersonId person;
  PersonId helper;
  std::string what;
};
BOOST_DESCRIBE_STRUCT(HelperChanged, (), (person, helper, what))

struct OrganisationKept {
  static constexpr std::string_view topic = "people.organisation_kept";
  OrganisationId organisation;
};
BOOST_DESCRIBE_STRUCT(OrganisationKept, (), (organisation))

struct Tagged {
  static constexpr std::string_view topic = "people.tagged";
  PersonId person;
};
BOOST_DESCRIBE_STRUCT(Tagged, (), (person))

struct ConsentGiven {
  static constexpr std::string_view topic = "people.consent_given";
  PersonId person;
  std::string purpose;
};
BOOST_DESCRIBE_STRUCT(ConsentGiven, (), (person, purpose))

/// Whoever keeps something on the ground of this consent stops and removes it.
struct ConsentWithdrawn {
  static constexpr std::string_view topic = "people.consent_withdrawn";
  PersonId person;
  std::string purpose;
};
BOOST_DESCRIBE_STRUCT(ConsentWithdrawn, (), (person, purpose))

/// A slice of a bulk load.
struct Loaded {
  static constexpr std::string_view topic = "people.loaded";
  std::int64_t households = 0;
  std::int64_t persons = 0;
};
BOOST_DESCRIBE_STRUCT(Loaded, (), (households, persons))

}  // namespace lifang::people
