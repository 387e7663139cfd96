// Kinds of cases: what we promise for each sort of trouble. Versioned data, a part of the door of cases.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/time.hpp"
#include "rooms/rosters/rosters_ids.hpp"

namespace lifang::cases {

using rosters::OrganisationId;
using rosters::PersonId;
using rosters::PostId;

/// 社区微循环, 街镇小循环, 城区大循环.
enum class Circle { micro, small, great };
BOOST_DESCRIBE_ENUM(Circle, micro, small, great)
/// The circle above; nothing is above the great one, which answers for itself.
constexpr Circle above(Circle circle) { return circle == Circle::micro ? Circle::small : Circle::great; }

/// I is the gravest: it begins in the great circle and calls everybody at once (联勤联动).
enum class Grade { I, II, III, IV };
BOOST_DESCRIBE_ENUM(Grade, I, II, III, IV)

/// 部件, 事件, 求助, 投诉, 建议, 咨询.
enum class Class { component, event, help, complaint, suggestion, enquiry };
BOOST_DESCRIBE_ENUM(Class, component, event, help, complaint, suggestion, enquiry)

/// Help and complaints say something of a person, and not of a thing that everybody sees.
constexpr bool concerns_a_person(Class class_) { return class_ == Class::help || class_ == Class::complaint; }

/// Deadlines run by the clock, or in the working hours of the holder's organisation.
enum class Hours { clock, working };
BOOST_DESCRIBE_ENUM(Hours, clock, working)

/// Who confirms that it is done; never the doer. `desk`: whoever has the right cases.verify there; `reporter`:
/// one who reported (or the desk); `device`: the situation's clearing, the desk if the device is dead; `above`: the
/// circle above (right cases.oversee).
enum class Verifier { desk, reporter, device, above };
BOOST_DESCRIBE_ENUM(Verifier, desk, reporter, device, above)

/// What one circle promises.
struct Duty {
  PostId post;      ///< as rosters know it
  Duration accept{};
  Duration handle{};  ///< from acceptance
  Duration verify{};  ///< from handling
};
BOOST_DESCRIBE_STRUCT(Duty, (), (post, accept, handle, verify))

/// One line of an emergency plan, confirmed by whoever has done it.
struct Check {
  std::string words;
  std::optional<PostId> post;
};
BOOST_DESCRIBE_STRUCT(Check, (), (words, post))

/// What becomes of a report that is near another of its kind: it joins by itself, or a person is asked whether it is the same.
enum class Alike { propose, join };
BOOST_DESCRIBE_ENUM(Alike, propose, join)

/// When two reports of one kind, `merge_within` of each other, are near although their places are not the same.
struct Near {
  static constexpr auto defaulted = members("then", "floors", "metres");
  Alike then = Alike::propose;
  std::int64_t floors = 0;  ///< homes of one building at most so many floors apart, and the building itself; 0: not by floors
  std::int64_t metres = 0;  ///< between positions or outlines, where both are known; 0: not by distance
};
BOOST_DESCRIBE_STRUCT(Near, (), (then, floors, metres))

/// What a person who keeps the catalogue says of a kind.
struct KindWords {
  static constexpr auto defaulted = members("name_en", "hours", "verifier", "warn_percent", "evidence", "strict",
                                            "emergency", "evaluate", "steady", "merge_within", "ring", "calls",
                                            "report_in", "checklist", "close_after", "appeal", "near");
  std::string name;
  std::string name_en;
  Class class_ = Class::event;
  Grade grade = Grade::III;
  Hours hours = Hours::clock;
  Duty micro, small, great;
  Verifier verifier = Verifier::desk;
  std::int64_t warn_percent = 70;    ///< share of a deadline after which its holder is warned, 1…99
  std::vector<std::string> evidence; ///< what `handle` should bring: "photo", "note"
  bool strict = false;               ///< without it `handle` is refused; otherwise the diary says what is missing
  std::string emergency;             ///< told to whoever reports or holds it: "立即拨打 119"
  std::optional<std::string> emergency_en;  ///< the same for whoever reads English: "call 119 now"
  bool evaluate = true;              ///< reporters are asked when it closes
  Duration steady{};                 ///< the device must stay quiet for so long after the end, else it reopens; 0: not asked
  Duration merge_within{};           ///< a second report of the same place within it joins the first; 0: never
  Duration ring{};                   ///< unanswered for so long, it rings at the next person; 0: it need not be heard
  std::vector<OrganisationId> calls; ///< called at once when it opens (grade I)
  Duration report_in{};              ///< how soon the called must report in; 0: PT30M
  std::vector<Check> checklist;      ///< the emergency plan
  Duration close_after{};            ///< verified and not contradicted for so long, it closes by itself; 0: at once
  /// An appeal is decided within so much working time of the circle above, else it moves up; more than 0.
  Duration appeal = std::chrono::hours(24);
  Near near;                         ///< beside `merge_within`: how far apart two reports of one thing may be
};
BOOST_DESCRIBE_STRUCT(KindWords, (), (name, name_en, class_, grade, hours, micro, small, great, verifier, warn_percent, evidence,
                                      strict, emergency, emergency_en, evaluate, steady, merge_within, ring, calls, report_in, checklist,
                                      close_after, appeal, near))

/// One version of a kind. Versions are immutable; a case keeps the version that it was opened under.
struct Kind : KindWords {
  std::string code;
  std::int64_t version = 0;
  bool ready_made = false;  ///< came with the program, not changed by people
  bool retired = false;     ///< no new case of it
  Time at;

  const Duty& duty(Circle circle) const {
    return circle == Circle::micro ? micro : circle == Circle::small ? small : great;
  }
};
BOOST_DESCRIBE_STRUCT(Kind, (KindWords), (code, version, ready_made, retired, at))

}  // namespace lifang::cases
