// Stories: texts that a residents' committee could read, run line by line against a whole house.
//
//   the day is 2026-03-02
//   duty guard at fuyuan: wang,li for fuyuan-estate
//   08:00 zhao reports leak at b3 "厨房漏水" as C1
//   case C1 opens for guard
//   10:00 wang verifies C1 refused cases.doer_may_not_verify
//
// A line may begin with a time of day, or a day and a time; everything that becomes due on the way happens at its own
// minute. It may end with `refused CODE`. Empty lines and lines that begin with # say nothing.
#pragma once
#include <fmt/format.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "house.hpp"
#include "support/fake_world.hpp"
#include "support/test_database.hpp"

namespace lifang {

/// A line did not come true.
struct StoryFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Story {
 public:
  using Words = std::map<std::string, std::string, std::less<>>;  ///< what stood at each {name} of the pattern
  using Doing = std::function<void(Story&, const Words&)>;

  explicit Story(db::Engine engine);

  /// Teaches a sentence. The pattern is words between spaces; {name} is any one word, or one "quoted text".
  void phrase(const std::string& pattern, Doing doing);
  /// Runs a whole story. @throws StoryFailure with the number and the text of the line
  void tell(const std::string& text);

  // ---- what phrases use -------------------------------------------------------------------------------------------

  House& house() { return house_; }
  Time now() const { return world_.clock.now(); }
  /// "2026-03-02T08:00" in the district's zone.
  static Time local(const std::string& text);
  static std::string shown(Time t);
  /// Sets the clock before anything has happened.
  void begin(Time t);
  /// Moves the clock; what becomes due happens at its own instant.
  void pass_until(Time t);

  template <class Fn>
  auto act(Fn&& fn) {
    if constexpr (std::is_void_v<std::invoke_result_t<Fn, Tx&>>) {
      house_.lane.now(fn);
      house_.lane.settle();
    } else {
      auto result = house_.lane.get(fn);
      house_.lane.settle();
      return result;
    }
  }
  template <class Fn>
  auto ask(Fn&& fn) {
    Reader reader(house_.lane.session());
    return fn(reader);
  }
  /// Fails the line unless it holds.
  static void expect(bool holds, const std::string& what) {
    if (!holds) throw StoryFailure(what);
  }
  template <class A, class B>
  static void expect_same(const A& expected, const B& found, const std::string& what) {
    expect(expected == found, fmt::format("{}: expected {}, found {}", what, expected, found));
  }

  /// Somebody by the name that the story gives them; their rights grow with what is said of them.
  Caller& who(const std::string& name);
  void grant(const std::string& name, const std::vector<std::string>& rights, const std::string& path);
  Caller root() const { return Caller::system(); }
  /// Ids behind the story's own names: C1 → case_…
  std::map<std::string, std::string> names;
  std::string id_of(const std::string& name) const;

 private:
  struct Sentence {
    std::vector<std::string> pattern;
    Doing doing;
  };
  void line(std::string text);
  bool say(const std::vector<std::string>& words);

  FakeWorld world_;
  TestDatabase database_;
  House house_;
  std::map<std::string, Caller> people_;
  std::vector<Sentence> sentences_;
};

/// The sentences of the rooms places, rosters, cases, evaluations and notices.
void add_duty_phrases(Story& story);
void add_case_phrases(Story& story);
void add_outcome_phrases(Story& story);
/// Of the rooms below them.
void add_room_phrases(Story& story);
void add_sense_phrases(Story& story);

}  // namespace lifang
