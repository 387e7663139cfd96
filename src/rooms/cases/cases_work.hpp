// One case in the hands of one use case: its diary, its holder, its deadlines. Changed here, saved once at the end.
#pragma once
#include <functional>

#include "base/caller.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/cases/cases_record.hpp"
#include "rooms/files/files.hpp"
#include "rooms/rosters/rosters.hpp"

namespace lifang::cases {

inline constexpr const char* kDueJob = "cases.due";            ///< a deadline; name: the case
inline constexpr const char* kWarnJob = "cases.warn";          ///< before it
inline constexpr const char* kCloseJob = "cases.close";        ///< verified and not contradicted
inline constexpr const char* kWakeJob = "cases.wake";          ///< a deferral comes due
inline constexpr const char* kReportInJob = "cases.report_in"; ///< name: case/organisation
inline constexpr const char* kAppealJob = "cases.appeal";      ///< nobody has decided on an appeal
inline constexpr const char* kPartJob = "cases.part";          ///< name: case/number

struct Tools {
  bus::Bus& bus;
  jobs::Jobs& jobs;
  files::Files& files;
  rosters::Rosters& rosters;
  Catalogue& catalogue;
};

/// What a line of the diary may carry beside its sentence.
struct Attached {
  std::string note = {};
  std::vector<std::string> files = {};
  std::string cause = {};
  bool on_behalf = false;
};

/// Who is to be told of a line instead of the holder.
struct Addressee {
  std::optional<PostId> post;
  std::optional<OrganisationId> organisation;
  std::optional<PersonId> person;
  std::optional<Time> due;
};

class Work {
 public:
  Work(Tools& tools, Tx& tx, const Caller& caller, Record record_, Kind kind_);
  /// Loads it. @throws Refusal missing cases.unknown
  static Work on(Tools& tools, Tx& tx, const Caller& caller, const CaseId& id);

  Record record;
  Kind kind;
  Tx& tx;
  const Caller& caller;

  /// Writes a line and tells it: the code says on which topic.
  void line(std::string_view code, const Said& words, const Attached& beside = {}, const Addressee* to = nullptr);

  /// One line that several must hear, each once: `to` names them.
  void line_to_all(std::string_view code, const Said& words, const std::vector<Addressee>& to);
  /// A bureau that was called, or the holder of a sub-order, is late: they are told, whoever asked them and the holder too,
  /// and the circle above, which supervises the case from now on.
  void partner_late(std::string_view code, const Said& words, const Addressee& late, std::string_view asked_by);

  /// Gives the case to whoever answers for `post` in `circle` now (the kind's own if empty), with a new deadline to
  /// accept. `code` is the diary's; `why` goes before the sentence, if there is one.
  void dispatch(Circle circle, std::string_view code, const Said& why = {}, std::optional<PostId> post = {},
                std::optional<PersonId> person = {});
  /// The same within the organisation that has it: its time to handle runs on, whichever of its posts does it.
  void dispatch_within(std::string_view code, const Said& why, std::optional<PostId> post,
                       std::optional<PersonId> person);
  /// The holder owes the next step from now on.
  /// Within the circle's term, or what is left of it.
  void owe_accept(std::optional<Duration> left = {});
  void owe_handle(std::optional<Duration> left = {});
  void owe_verify();
  /// What is left of the deadline that runs, in the kind's own hours; nothing where none runs.
  std::optional<Duration> left();
  /// The next deadline that is set is no longer than this.
  void bound_next(const std::optional<Duration>& most) { most_ = most; }
  /// Whoever sent it from outside wants it by then (cases_outside.cpp).
  void hurry(Time outer);
  /// Until when its post is to handle it, where that clock runs: since it took it, or since before it gave it away or
  /// was given it within the organisation.
  std::optional<Time> time_to_handle();
  std::optional<Duration> left_to_handle() { return left_until(time_to_handle()); }
  /// Whoever takes it has until then, or less.
  void keep_time_to_handle(Time by);
  /// The case that goes on has no more time than the one that was merged into it.
  void take_time_of(Work& merged);
  /// The step that is owed now is owed by then, where that is still to come and earlier.
  void due_by(Time by);
  /// Nobody owes anything: no deadline, no warning.
  void owe_nothing();

  /// Taken by a person; by the desk for the holder where `on_behalf`.
  void take(const PersonId& actor, bool on_behalf);
  void add_doer(bool on_behalf);
  void handled();
  /// Another person of the same post, by the ring.
  void rename_holder();
  /// Found wanting: it is done again by whoever said that it was done, whoever the verification has moved up to since.
  void not_verified(const Attached& attached);
  /// Verified by whoever stands in the line before; closes at once or after the kind's time.
  void verified(Ending ending);
  /// The diary says so too.
  void closed(const Attached& attached = {});
  /// Ends without being done.
  void ended(State state, Ending ending, const std::string& reason);
  /// Back to the post as a whole, for the desk to hand out anew.
  void give_back();
  /// Sleeps until record.deferred_until, then wakes where it was.
  void defer();
  void wake(const Attached& attached);
  /// The device says that it is over.
  void cleared(const Attached& attached);
  /// Verified, so it closes: at once where nobody needs to be asked, else after the kind's time.
  void close_in_time();
  /// One circle up: by deadline or whistle. At the top it stays and is supervised.
  bool goes_up() const { return record.circle != Circle::great; }
  void escalate(Time missed);
  /// What a person or a device says of it, kept for the case and for the round of whoever handled it.
  void judged(const Verdict& verdict);
  /// Opens again what had ended, and whoever handled it answers for that; the mediator is the circle above.
  void reopen(const Said& words, const Attached& beside, bool mediator);

  /// Calls an organisation to report in.
  void call(const OrganisationId& organisation, WhistleKind whistle, Duration within);
  /// The same by a kind or a rule: what nothing answers to is left out, and the diary says so.
  void call_if_known(const OrganisationId& organisation, WhistleKind whistle, Duration within);

  // ---- what waits for the circle above (cases_mediate.cpp) ----
  /// The appeal is with whoever answers in that circle, and has its deadline from now on.
  void ask_mediator(Circle circle, std::string_view code, const Said& words, const Attached& beside);
  /// Nobody decided by then.
  void appeal_late();
  /// Decided: told to whoever appealed.
  void decided(bool granted, const Attached& beside);
  /// What reopens is judged anew: the appeal that waits lapses, and whoever asked is told.
  void drop_appeal();
  /// Writes the line, and tells it to whoever answers in the circle above.
  void line_above(std::string_view code, const Said& words, const Attached& beside);

  /// In the kind's own hours: working time is the organisation's.
  Time deadline(Time start, Duration duration, const std::optional<OrganisationId>& organisation);
  Said said(Time t) const;   ///< local, for sentences
  Said please_by(const std::optional<Time>& by, const Said& what) const;
  std::string name_of(const PostId& post);
  const Duty& duty() const { return kind.duty(record.circle); }
  void save();
  Tools& tools() { return tools_; }

 private:
  struct Answer {
    PostId post;
    std::optional<OrganisationId> organisation;
    std::optional<PersonId> person;
    Said note;      ///< who stands in for whom
    Said unmanned;  ///< why there is no person
    bool anybody = true;  ///< false: it waits until somebody of the post is there
  };
  /// The holding in which it was last said to be done, if its post still is.
  std::optional<Holding> last_doer();
  /// The holding in which it was handled as it stands; nothing where nobody has.
  std::optional<Holding> round();
  Answer who_answers(Circle circle, const PostId& post);
  Addressee mediator(Circle circle);
  Addressee appellant();
  DiaryLine write(std::string_view code, const Said& words, const Attached& attached);
  void tell_line(const DiaryLine& line, const Addressee* to);
  /// Bureaus that were called and parts that are open when a case is opened again: their clocks run again.
  void owe_again();
  void hold_files(const std::vector<std::string>& files);
  void hold(Circle circle, const Answer& answer, std::string_view why);
  void owe(std::optional<Time>& by, Duration duration);
  std::optional<Duration> left_until(const std::optional<Time>& by);
  void change_holding(const std::function<void(Holding&)>& change);

  Tools& tools_;
  std::optional<Duration> most_;
};

}  // namespace lifang::cases
