// Rosters: who is on duty where and when, and the working calendar. The door of the room.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "rooms/places/places.hpp"
#include "rooms/rosters/rosters_calendar.hpp"
#include "rooms/rosters/rosters_values.hpp"

namespace lifang::rosters {

class Rosters {
 public:
  /// `offset_minutes`: of the district's zone.
  Rosters(bus::Bus& bus, const Clock& clock, int offset_minutes) : bus_(bus), clock_(clock), offset_(offset_minutes) {}
  /// Keeps the published holidays that came with the program and are not there yet.
  void open(Tx& tx);

  // ---- keeping (right rosters.write over the place) -----------------------------------------------------------

  /// @throws Refusal rosters.bad_chain (a post above itself), rosters.unknown_post, rosters.unknown_organisation
  Post put_post(Tx& tx, const Caller& caller, const PostId& id, const PostWords& words);
  /// @throws Refusal places.unknown, rosters.bad_days, rosters.bad_stretch, rosters.unknown_post,
  /// rosters.unknown_person, rosters.not_staff, rosters.unknown_organisation
  Shift put_shift(Tx& tx, const Caller& caller, const ShiftId& id, const ShiftWords& words);
  void remove_shift(Tx& tx, const Caller& caller, const ShiftId& id);
  /// For oneself, or with the right; the substitute is staff already. @throws Refusal rosters.bad_stretch,
  /// rosters.own_substitute, rosters.unknown_person, rosters.not_staff
  Absence report_absence(Tx& tx, const Caller& caller, const AbsenceWords& words);
  void remove_absence(Tx& tx, const Caller& caller, const AbsenceId& id);
  /// What the next shift must know. @throws Refusal places.unknown
  HandOver hand_over(Tx& tx, const Caller& caller, const HandOverWords& words);
  /// The next one has read it. @throws Refusal conflict rosters.already_taken
  HandOver take_over(Tx& tx, const Caller& caller, const HandOverId& id);
  /// @throws Refusal rosters.bad_day, rosters.bad_hours
  CalendarYear put_year(Tx& tx, const Caller& caller, std::int64_t year, const YearWords& words);
  /// Asks the right in the circle above the organisation (street, district, all). @throws Refusal invalid rosters.bad_hours,
  /// rosters.few_hours; forbidden rosters.hours_from_above; missing rosters.unknown_organisation
  WorkingHours put_hours(Tx& tx, const Caller& caller, const OrganisationId& organisation, const WorkingHours& hours);
  /// A place moved: its shifts and notes move along.
  void place_moved(Tx& tx, const std::string& from, const std::string& to);

  // ---- who is on duty -----------------------------------------------------------------------------------------

  /// Whoever holds `post` (or stands for it) at that instant, at the nearest place up the tree; absent persons
  /// are replaced by their substitutes. Nothing if nobody is there: ask for `above`.
  std::optional<OnDuty> on_duty(Reader& reader, const PostId& post, std::string_view path, Time at) const;
  /// Whether somebody of `post` has to be there at that instant, or no roster of that post is kept there at all.
  bool is_due(Reader& reader, const PostId& post, std::string_view path, Time at) const;
  /// The same, going up from post to the post above until somebody is there.
  std::optional<OnDuty> on_duty_or_above(Reader& reader, const PostId& post, std::string_view path, Time at) const;
  /// Everybody on duty for a place, at it or above: one a post, the nearest; in order of post.
  std::vector<OnDuty> on_duty_for(Reader& reader, std::string_view path, Time at) const;
  /// Everybody who may be rung for it, nearest first: the post, up the tree, then the posts above.
  std::vector<PersonId> chain(Reader& reader, const PostId& post, std::string_view path, Time at) const;
  /// Whose turn it is, by the shift's way of handing out; nobody if the whole post may grab it.
  std::optional<PersonId> pick(Tx& tx, const OnDuty& duty);

  /// The post as described, or one that has nothing but its id.
  static Post post(Reader& reader, const PostId& id);
  /// @throws Refusal missing rosters.unknown_post where it is neither kept nor an organisation that answers for itself
  static Post get_post(Reader& reader, const PostId& id);
  /// Whether anything answers to that name: a post that is kept or stands in a shift, or an organisation.
  static bool is_known(Reader& reader, const PostId& id);
  /// Whether they are staff anywhere: with a shift of their own, or a login with a role of staff.
  static bool is_staff(Reader& reader, const PersonId& person, Time now);
  /// Whoever may be put on a shift: staff, and whoever is new, for a shift is what makes them staff. A resident (with a
  /// home that is no dormitory, or a login of another kind) is given a login with a role of staff first.
  /// @throws Refusal invalid rosters.unknown_person, rosters.not_staff
  static void must_fit_duty(Reader& reader, const PersonId& person, const std::string& field, Time now);
  /// Whether they stand in a roster over the place, themselves or for somebody who is absent.
  bool serves(Reader& reader, const PersonId& person, std::string_view path, Time at) const;
  static std::optional<PostId> above(Reader& reader, const PostId& post);
  /// Whose absence runs, with this person as the substitute.
  static std::vector<PersonId> stood_in_for(Reader& reader, const PersonId& substitute, Time at);
  /// The posts (as catalogues know them) that the person has a shift of, also as a substitute today.
  std::vector<Membership> memberships(Reader& reader, const PersonId& person, Time at) const;

  // ---- working time -------------------------------------------------------------------------------------------

  /// The calendar from a month before `from` to two years after.
  Calendar calendar(Reader& reader, Time from) const;
  /// An organisation's own, else the district's (kept under the id "district"), else office_hours().
  static WorkingHours hours_of(Reader& reader, const std::optional<OrganisationId>& organisation);
  /// `start` plus `duration` of the organisation's working hours; exact, see Calendar::add.
  Time add_working_time(Reader& reader, Time start, Duration duration,
                        const std::optional<OrganisationId>& organisation) const;
  /// Working time of the organisation in [from, to).
  Duration working_time(Reader& reader, Time from, Time to, const std::optional<OrganisationId>& organisation) const;
  /// The first opening of the organisation on the local day of `t` or later, and not before `t`: when a deferral wakes.
  Time first_opening_from(Reader& reader, Time t, const std::optional<OrganisationId>& organisation) const;
  Time now() const { return clock_.now(); }
  int offset_minutes() const { return offset_; }

  // ---- asking -------------------------------------------------------------------------------------------------

  static Shift get_shift(Reader& reader, const ShiftId& id);
  static std::vector<Shift> shifts(Reader& reader, const Caller& caller, const ShiftFilter& filter);
  static std::vector<Post> posts(Reader& reader, const std::optional<std::string>& after, std::size_t limit);
  static std::vector<Absence> absences(Reader& reader, const AbsenceFilter& filter);
  static std::optional<Absence> find_absence(Reader& reader, const AbsenceId& id);
  static std::vector<HandOver> hand_overs(Reader& reader, const Caller& caller, const HandOverFilter& filter);
  static std::optional<HandOver> find_hand_over(Reader& reader, const HandOverId& id);
  /// `provisional` where the State Council has not published it: weekends alone count.
  static CalendarYear year(Reader& reader, std::int64_t year);

 private:
  void must_be_theirs(Reader& reader, const Caller& caller, const PostId& post, const std::string& path) const;
  std::vector<OnDuty> all_on_duty(Reader& reader, const PostId& post, std::string_view path, Time at) const;
  bus::Bus& bus_;
  const Clock& clock_;
  int offset_;
};

}  // namespace lifang::rosters
