// Residents who report and judge, staff who handle, some too late: the people of the made-up district.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ward/chance.hpp"
#include "ward/ward_counter.hpp"
#include "ward/ward_plan.hpp"

namespace lifang::ward {

class Society {
 public:
  /// `speed`: how much sooner than a deadline asks for they do their work, so that something is to be seen.
  Society(const WardPlan& plan, Counter& counter, std::uint64_t seed, double speed);

  /// One look of everybody at what they owe; `reports` new ones on average.
  void step(double reports);
  /// Residents answer what they were asked.
  void judge();
  /// The community tells its residents something.
  void announce();
  /// Brings a case into each state and each circle, as a morning's work would leave them.
  void leave_one_of_each();

  struct Done {
    std::uint64_t reported = 0, moved = 0, judged = 0, refused = 0;
  };
  const Done& done() const { return done_; }

 private:
  void report();
  Time when_of(const cases::Case& owed);
  void look_at(const cases::Case& owed);
  void take(const cases::Case& owed, const std::string& holder);
  void work_on(const cases::Case& owed, const std::string& holder);
  void verify(const cases::Case& owed);
  void judge_all(int score, const char* text);
  void merge_twins(const std::vector<cases::Case>& all);
  bool move(const std::string& login, const cases::Case& owed, cases::Move move, const Said& said = {});
  friend class Morning;
  std::vector<std::string> photo(const std::string& login, const std::string& kind, std::uint64_t which, bool mended);

  std::string login_of(const std::optional<cases::PersonId>& person) const;
  std::size_t compound_of(const cases::Case& owed) const;
  std::string office(const char* post, const places::PlaceId& place) const;
  /// Whoever hands out and decides in the circle of the case, and whoever stands above it.
  std::string desk(const cases::Case& owed) const;
  std::string above(const cases::Case& owed) const;
  /// Whether the community or street office itself holds it.
  bool is_of_an_office(const cases::Case& owed) const;

  const WardPlan& plan_;
  Counter& counter_;
  Chance chance_;
  double speed_;
  std::string second_;                             ///< the other one in the district's command centre
  std::vector<std::string> grounds_, stairs_;      ///< where residents see things
  std::vector<PlannedResident> residents_;
  std::map<std::string, std::string> logins_;      ///< person → login
  std::map<std::string, Time> when_;               ///< case, state, circle → when somebody does something about it
  std::map<std::string, std::set<std::string>> doers_;  ///< case → logins that did it
  std::map<std::string, std::string> reporters_;   ///< case → login
  std::set<std::string> given_up_;                 ///< case and state that nobody could do anything about
  struct Photo {
    std::string file;
    Time at;
  };
  std::map<std::string, Photo> photos_;            ///< by login and picture
  Done done_;
};

}  // namespace lifang::ward
