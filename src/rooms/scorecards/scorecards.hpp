// Scorecards: how well cases are looked after, by organisation, post, kind, place and month. The door of the room.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/time.hpp"
#include "platform/db/tx.hpp"
#include "rooms/cases/cases.hpp"
#include "rooms/cases/cases_scores.hpp"

namespace lifang::scorecards {

using cases::ScoresBy;
using cases::ScoresFilter;

/// By what lines are put in order and numbered: best first; with `cases` the most, with `overdue` and `reopened` the
/// lowest share.
enum class Order { score, cases, response, solved, satisfied, overdue, reopened };
BOOST_DESCRIBE_ENUM(Order, score, cases, response, solved, satisfied, overdue, reopened)

/// One line. `score`: the mean of those of the three rates that there are, in percent; `commended`: every rate at 95 % or
/// above. Nobody is commended or ranked for fewer than five cases: those stand last. `rank` is that of the order asked for;
/// equals share one. Months are in order and have no rank.
struct Score {
  std::string id, name;
  std::optional<std::int64_t> rank;
  std::int64_t cases = 0;
  std::optional<double> response, solved, satisfied;  ///< percent, one decimal
  std::int64_t overdue = 0, reopened = 0;
  std::optional<double> overdue_rate, reopen_rate;    ///< percent of the cases
  std::optional<double> score;
  bool commended = false;
};
BOOST_DESCRIBE_STRUCT(Score, (), (id, name, rank, cases, response, solved, satisfied, overdue, reopened, overdue_rate, reopen_rate,
                                  score, commended))

/// A case behind a figure.
struct Behind {
  cases::CaseId id;
  std::string number, title;
  cases::State state = cases::State::reported;
  Time opened_at;
  std::optional<Time> closed_at;
};
BOOST_DESCRIBE_STRUCT(Behind, (), (id, number, title, state, opened_at, closed_at))

/// Whether somebody sees cases there for no other reason than that their organisation is called to them.
bool is_only_called(const Caller& caller, const std::string& path);

class Scorecards {
 public:
  Scorecards(cases::Cases& cases, int offset_minutes) : cases_(cases), offset_(offset_minutes) {}

  /// Right scorecards.read; of the places where the caller has it. Best first, by `order`. Where they are only called: of what
  /// they are called to, by organisation and post their own lines, with the rank that these have among all.
  std::vector<Score> scores(Reader& reader, const Caller& caller, ScoresFilter filter, Order order = Order::score) const;
  std::vector<Behind> behind(Reader& reader, const Caller& caller, ScoresFilter filter, cases::Measure measure) const;
  std::string as_xlsx(const std::vector<Score>& scores, ScoresBy by) const;
  /// The cases behind a figure as a list to be worked through.
  std::string as_xlsx(const std::vector<Behind>& behind) const;
  /// One local day ("2026-03-02") of a place and all below it, as a page to be printed.
  /// @throws Refusal invalid scorecards.bad_day, forbidden scorecards.only_called
  std::string brief(Reader& reader, const Caller& caller, const places::PlaceId& place, const std::string& day, Time now) const;

 private:
  std::vector<Score> lines(Reader& reader, const Caller& looks, const ScoresFilter& filter) const;
  std::string name_of(Reader& reader, ScoresBy by, const std::string& key) const;
  cases::Cases& cases_;
  int offset_;
};

}  // namespace lifang::scorecards
