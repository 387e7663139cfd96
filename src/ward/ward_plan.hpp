// The made-up district: which places, devices, people and posts it has. Pure; the same for the same size and seed.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "rooms/accounts/accounts_types.hpp"
#include "rooms/devices/devices_values.hpp"
#include "rooms/places/places.hpp"
#include "rooms/rosters/rosters_values.hpp"
#include "ward/chance.hpp"

namespace lifang::ward {

struct WardSize {
  std::size_t compounds = 2;      ///< 1…400
  std::size_t households = 1000;  ///< at least one a compound; 200,000 at most
  std::uint64_t seed = 1;
};

struct PlannedPlace {
  places::PlaceId id;
  places::PlaceWords words;
};
struct PlannedDevice {
  devices::DeviceId id;
  devices::DeviceWords words;  ///< with its secret
  std::size_t compound = 0;    ///< from 0
  double height = 0;           ///< how its numbers differ from those of its like, −1…1
};
struct PlannedHome {
  std::size_t place = 0;  ///< index of its place
  std::size_t compound = 0;
};

struct WardPlan {
  WardSize size;
  std::vector<PlannedPlace> places;    ///< parents before children
  std::vector<PlannedHome> homes;
  std::vector<PlannedDevice> devices;  ///< gateways before the devices that they speak for
  std::vector<places::PlaceId> compounds, communities, streets;
  places::PlaceId district;
};
/// @throws Refusal invalid ward.bad_size
WardPlan plan_ward(const WardSize& size);

// ---- who lives there ----------------------------------------------------------------------------------------

/// Nobody: the name is made up; the phone number begins like no number that is given out (1990000…, or 12… once
/// those are used up); the identity number names a division that does not exist (99) and has a right check character.
struct MadeUpPerson {
  std::string name, phone, identity;
  bool head = false;  ///< of the household
  int born = 1980;
  bool alone = false, old = false;
};
/// The household of a home; empty: nobody lives there now.
std::vector<MadeUpPerson> household_of(const WardPlan& plan, std::size_t home);
std::string identity_number(Chance& chance, int born, bool male);

// ---- the almanac: what devices can say, and what counts as what ---------------------------------------------

struct PlannedRule {
  std::string id;
  std::string words;  ///< JSON, as PUT /api/v1/rules/{id} takes it
};
/// Ids of ready-made types of devices.
const std::vector<std::string>& profiles();
const std::vector<PlannedRule>& rules();

// ---- who is on duty -----------------------------------------------------------------------------------------

struct PlannedOrganisation {
  std::string id;
  std::string kind;  ///< as the room people names kinds of organisations
  std::string name;
  places::PlaceId place;
};
struct PlannedPost {
  rosters::PostId id;
  rosters::PostWords words;
};
struct PlannedShift {
  rosters::ShiftId id;
  rosters::ShiftWords words;
};
/// Somebody who works there, and where.
struct PlannedStaff {
  rosters::PersonId id;
  rosters::PostId post;
  places::PlaceId place;
  int n = 0;  ///< of the post there, from 0
};
/// One of those who live there and log in.
struct PlannedResident {
  std::string login;
  std::size_t home = 0;   ///< index; this is the head of its household
  rosters::PersonId id;
};
/// A login of the demo. `does` is for the list that is printed; empty: not printed.
struct PlannedLogin {
  accounts::AccountWords words;
  std::string does;
};
/// The demo's own role of those who verify and do nothing else.
inline constexpr const char* kInspectorRole = "inspector";

/// Posts in an order in which the post above comes first.
std::vector<PlannedOrganisation> organisations(const WardPlan& plan);
std::vector<PlannedPost> posts();
std::vector<PlannedShift> shifts(const WardPlan& plan);
/// Everybody on those shifts, and the few who work without one.
std::vector<PlannedStaff> staff(const WardPlan& plan);
/// Who they are; `number` counts them from 0.
MadeUpPerson staff_person(const WardPlan& plan, const PlannedStaff& staff, std::size_t number);
std::vector<PlannedResident> residents(const WardPlan& plan);
/// First those of every role that are printed, then everybody else on a shift.
std::vector<PlannedLogin> logins(const WardPlan& plan);
/// The id of the n-th made-up worker of a post at a place, or of a login.
rosters::PersonId staff_id(std::string_view post, std::string_view place, int n);

}  // namespace lifang::ward
