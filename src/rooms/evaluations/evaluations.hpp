// Evaluations: did it help? Asked of every reporter, and measured again by the device. The door of the room.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "platform/bus/bus.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/db/tx.hpp"
#include "rooms/cases/cases.hpp"

namespace lifang::evaluations {

struct EvaluationTag {
  static constexpr std::string_view prefix = "evaluation";
};
using EvaluationId = Id<EvaluationTag>;

/// `device`: the situation stayed away, or came back; `overruled`: said on behalf of a person who has answered themself since.
enum class By { reporter, staff, device, overruled };
BOOST_DESCRIBE_ENUM(By, reporter, staff, device, overruled)

struct Words {
  std::int64_t score = 0;                 ///< 1 (bad) to 5
  std::optional<bool> solved;             ///< absent: score 3 and above
  std::optional<std::string> text;        ///< at most 2,000 bytes
  std::optional<cases::Channel> channel;  ///< how it was said, where staff enter it
};
BOOST_DESCRIBE_STRUCT(Words, (), (score, solved, text, channel))

/// One question and, later, its answer. A case that was opened again is asked about again, once a round.
struct Evaluation {
  EvaluationId id;
  cases::CaseId case_;
  std::string path;
  By by = By::reporter;
  std::int64_t round = 0;                ///< how often the case had been opened again before
  std::int64_t reporter = 0;             ///< number of the reporter in the case, 0: none
  std::optional<cases::PersonId> person; ///< who is asked
  cases::Channel channel = cases::Channel::app;  ///< app, or the way in which they must be asked
  Time asked_at;
  std::optional<Time> until;             ///< device: quiet until then
  std::optional<Time> answered_at;
  std::optional<std::int64_t> score;
  std::optional<bool> solved;
  std::string text;
  std::string account;                   ///< who answered, or entered it
  bool on_behalf = false;
  bool reopened = false;                 ///< it opened the case again
  std::string cause;
  bool may_answer = false;               ///< whether whoever asks may answer it now: their own, or one that staff write down
};
BOOST_DESCRIBE_STRUCT(Evaluation, (), (id, case_, path, by, round, reporter, person, channel, asked_at, until, answered_at, score,
                                       solved, text, account, on_behalf, reopened, cause, may_answer))

/// Somebody is asked. Subject is the evaluation, cause the case.
struct Asked {
  static constexpr std::string_view topic = "evaluations.asked";
  EvaluationId evaluation;
  cases::CaseId case_;
  std::optional<cases::PersonId> person;
  cases::Channel channel = cases::Channel::app;
  std::optional<std::string> account;  ///< whose report it was; with `on_behalf` a helper or staff, for the person
  std::optional<bool> on_behalf;
};
BOOST_DESCRIBE_STRUCT(Asked, (), (evaluation, case_, person, channel, account, on_behalf))

struct Given {
  static constexpr std::string_view topic = "evaluations.given";
  EvaluationId evaluation;
  cases::CaseId case_;
  By by = By::reporter;
  std::optional<std::int64_t> score;
  std::optional<bool> solved;
  bool reopened = false;
};
BOOST_DESCRIBE_STRUCT(Given, (), (evaluation, case_, by, score, solved, reopened))

struct Filter {
  std::optional<cases::CaseId> case_;
  std::optional<std::string> place_path;
  std::optional<bool> answered;
  std::optional<cases::Channel> channel;  ///< call, paper: the list of those to be asked by staff
  std::optional<By> by;
  bool mine = false;
  std::optional<std::string> after;
  std::size_t limit = 50;
};

class Evaluations {
 public:
  Evaluations(bus::Bus& bus, jobs::Jobs& jobs, cases::Cases& cases);

  /// `id` is an evaluation's or a case's: for a case, the caller's own question, else one that staff may answer for
  /// somebody without the app, else, where nobody reported it, staff's own (right evaluations.write over its place). What
  /// was said on behalf of a person they may answer over, once: their own counts, the other is kept as `overruled`.
  /// @throws Refusal missing evaluations.unknown; conflict evaluations.not_yet, evaluations.already_given,
  /// evaluations.asked_themselves (it is for whoever reported in the app); forbidden evaluations.not_yours, evaluations.doer_may_not;
  /// invalid evaluations.bad_score, evaluations.too_long
  Evaluation give(Tx& tx, const Caller& caller, const std::string& id, const Words& words);

  void case_closed(Tx& tx, const cases::Step& step);
  void case_reopened(Tx& tx, const cases::Step& step, const std::string& cause);
  /// The person was erased: what they wrote goes, also what was written in their name; their score stays.
  void forget(Tx& tx, const cases::PersonId& person);
  void place_moved(Tx& tx, const std::string& from, const std::string& to);

  /// Right evaluations.read over its place and the case in sight, or one's own. @throws Refusal missing evaluations.unknown
  Evaluation get(Reader& reader, const Caller& caller, const EvaluationId& id) const;
  std::vector<Evaluation> list(Reader& reader, const Caller& caller, const Filter& filter) const;
  std::int64_t count(Reader& reader, const Caller& caller, const Filter& filter) const;
  /// For `why`: the case that was asked about.
  static std::optional<cases::Cause> cause_of(Reader& reader, std::string_view id);

 private:
  void hide(Reader& reader, const Caller& caller, Evaluation& e) const;
  bool reads(Reader& reader, const Caller& caller, const cases::CaseId& id, const std::string& path) const;
  std::vector<std::string> roots(Reader& reader, const Caller& caller, const Filter& filter) const;
  void measured(Tx& tx, const EvaluationId& id);
  Evaluation ask(Tx& tx, const cases::Case& about, const cases::Reporter* reporter);
  Evaluation question_of(Tx& tx, const Caller& caller, const cases::CaseId& id);
  bool may_answer(Reader& reader, const Caller& caller, const Evaluation& e) const;
  void settle(Tx& tx, const Caller& caller, Evaluation& evaluation, std::optional<std::int64_t> instead_of = {});

  bus::Bus& bus_;
  jobs::Jobs& jobs_;
  cases::Cases& cases_;
};

}  // namespace lifang::evaluations
