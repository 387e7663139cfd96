// The values and events of rosters. A part of the door.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/id.hpp"
#include "rooms/places/places.hpp"
#include "rooms/rosters/rosters_calendar.hpp"
#include "rooms/rosters/rosters_ids.hpp"

namespace lifang::rosters {

using ShiftId = Id<struct ShiftTag>;  ///< chosen by the client
struct AbsenceTag {
  static constexpr std::string_view prefix = "absence";
};
using AbsenceId = Id<AbsenceTag>;
struct HandOverTag {
  static constexpr std::string_view prefix = "handover";
};
using HandOverId = Id<HandOverTag>;

/// A calendar day as clients write it: "2026-02-24".
struct DayText {
  Day day{};
  auto operator<=>(const DayText&) const = default;
};

/// `above`: who answers when nobody of this post is there.
struct PostWords {
  std::string name;
  std::optional<PostId> above;
  std::optional<OrganisationId> organisation;
};
BOOST_DESCRIBE_STRUCT(PostWords, (), (name, above, organisation))

struct Post : PostWords {
  PostId id;
};
BOOST_DESCRIBE_STRUCT(Post, (PostWords), (id))

/// How a case comes to a person of the shift: to the first, in turn, or whoever grabs it (抢单).
enum class HandOut { first, rotate, grab };
BOOST_DESCRIBE_ENUM(HandOut, first, rotate, grab)

/// Which days count: all, those that the working calendar works, those that it does not.
enum class On { every, working, off };
BOOST_DESCRIBE_ENUM(On, every, working, off)

/// A post on duty: at a place and its whole subtree, by a weekly pattern, between dates or both.
struct ShiftWords {
  static constexpr auto defaulted = members("persons", "on", "hand_out");
  PostId post;
  std::optional<PostId> stands_for;    ///< the post that catalogues name, where this one has a name of its own
  places::PlaceId place;
  std::optional<OrganisationId> organisation;  ///< absent: the post's
  std::vector<PersonId> persons;       ///< in the order in which they are rung; none: staffed, but without names
  std::optional<std::vector<std::int64_t>> days;  ///< 1 Monday … 7 Sunday; absent: all
  On on = On::every;
  ClockTime from;
  ClockTime to;                        ///< not after `from`: passes midnight; "00:00" to "24:00" is the whole day
  std::optional<DayText> first, last;  ///< the days on which it may begin, both included
  HandOut hand_out = HandOut::first;
};
BOOST_DESCRIBE_STRUCT(ShiftWords, (), (post, stands_for, place, organisation, persons, days, on, from, to, first, last, hand_out))

struct Shift : ShiftWords {
  ShiftId id;
  std::string path;
};
BOOST_DESCRIBE_STRUCT(Shift, (ShiftWords), (id, path))

struct AbsenceWords {
  PersonId person;
  Time from, until;
  std::optional<PersonId> substitute;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(AbsenceWords, (), (person, from, until, substitute, reason))
struct Absence : AbsenceWords {
  AbsenceId id;
};
BOOST_DESCRIBE_STRUCT(Absence, (AbsenceWords), (id))

struct HandOverWords {
  PostId post;
  places::PlaceId place;
  std::string note;
};
BOOST_DESCRIBE_STRUCT(HandOverWords, (), (post, place, note))
struct HandOver : HandOverWords {
  HandOverId id;
  std::string path;
  Time at;
  std::string by;
  std::optional<Time> taken_at;
  std::string taken_by;
};
BOOST_DESCRIBE_STRUCT(HandOver, (HandOverWords), (id, path, at, by, taken_at, taken_by))

struct SpecialDay {
  DayText day;
  bool off = true;  ///< false: a make-up day, worked
  std::string name;
};
BOOST_DESCRIBE_STRUCT(SpecialDay, (), (day, off, name))
struct YearWords {
  std::string source;  ///< the document that published it
  std::vector<SpecialDay> days;
};
BOOST_DESCRIBE_STRUCT(YearWords, (), (source, days))
struct CalendarYear : YearWords {
  std::int64_t year = 0;
  bool provisional = false;
};
BOOST_DESCRIBE_STRUCT(CalendarYear, (YearWords), (year, provisional))

/// Who answers for a post at an instant.
struct OnDuty {
  PostId post;            ///< the shift's
  PostId wanted;          ///< the post that was asked for; another where a post above stands in
  places::PlaceId place;  ///< where the shift is kept, at or above the place asked for
  std::optional<OrganisationId> organisation;
  std::vector<PersonId> persons;
  HandOut hand_out = HandOut::first;
  ShiftId shift;
  std::int64_t steps_up = 0;  ///< how many posts above the wanted one it stands
};
BOOST_DESCRIBE_STRUCT(OnDuty, (), (post, wanted, place, organisation, persons, hand_out, shift, steps_up))

struct Membership {
  PostId post;  ///< both the shift's own and the one that it stands for are listed
  std::string path;
  std::optional<OrganisationId> organisation;
};

struct PostFilter {
  std::optional<std::string> after;
  std::size_t limit = 50;
};
struct ShiftFilter {
  std::optional<PostId> post;
  std::optional<PersonId> person;
  std::optional<places::PlaceId> place;  ///< its subtree
  std::optional<std::string> after;
  std::size_t limit = 50;
};
struct AbsenceFilter {
  std::optional<PersonId> person;
  std::optional<Time> at;
  std::optional<std::string> after;
  std::size_t limit = 50;
};
struct HandOverFilter {
  std::optional<PostId> post;
  std::optional<places::PlaceId> place;
  bool open = false;
  std::optional<std::string> after;
  std::size_t limit = 50;
};

/// A shift was made, changed or removed.
struct ShiftChanged {
  static constexpr std::string_view topic = "rosters.shift_changed";
  ShiftId shift;
};
BOOST_DESCRIBE_STRUCT(ShiftChanged, (), (shift))
/// Somebody will not be there.
struct Absent {
  static constexpr std::string_view topic = "rosters.absent";
  AbsenceId absence;
};
BOOST_DESCRIBE_STRUCT(Absent, (), (absence))
struct HandedOver {
  static constexpr std::string_view topic = "rosters.handed_over";
  HandOverId hand_over;
};
BOOST_DESCRIBE_STRUCT(HandedOver, (), (hand_over))

}  // namespace lifang::rosters

namespace lifang {
template <>
struct JsonText<rosters::DayText> {
  static std::optional<rosters::DayText> from(std::string_view text) {
    const auto day = rosters::day_of_text(text);
    return day ? std::optional(rosters::DayText{*day}) : std::nullopt;
  }
  static std::string to(const rosters::DayText& text) { return rosters::to_text(text.day); }
  static constexpr std::string_view code = "json.bad_date", expected = "a day such as 2026-02-24";
};
}  // namespace lifang
