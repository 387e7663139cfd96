// Cases: what we owe people. Orders in three circles, with deadlines, whistles and a diary. The door of the room.
#pragma once
#include <functional>

#include "base/caller.hpp"
#include "platform/bus/bus.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/db/tx.hpp"
#include "rooms/cases/cases_kinds.hpp"
#include "rooms/cases/cases_moves.hpp"
#include "rooms/cases/cases_ringing.hpp"
#include "rooms/cases/cases_values.hpp"

namespace lifang::files {
class Files;
}
namespace lifang::rosters {
class Rosters;
}

namespace lifang::cases {

class Catalogue;
class Viewer;
struct Record;
struct Board;
struct BoardFilter;
namespace store {
struct Scope;
}

class Cases {
 public:
  Cases(bus::Bus& bus, jobs::Jobs& jobs, files::Files& files, rosters::Rosters& rosters);
  ~Cases();
  /// Keeps the ready-made kinds that are new or changed, and fills the memory of the catalogue.
  void open(Tx& tx);

  /// Makes the index of words anew from the cases' texts: rows that came from another database bring none along.
  static void index_words(Tx& tx);

  // ---- how a case begins ------------------------------------------------------------------------------------

  /// A person reports (right cases.report, or cases.handle to report on behalf). A second report of the same kind
  /// and place within the kind's window joins the first, and that one is answered.
  /// @throws Refusal cases.unknown_kind, cases.retired_kind, places.unknown, cases.text_too_long
  Case report(Tx& tx, const Caller& caller, const Report& words) { return report(tx, caller, words, {}); }
  /// The same for what a room above told; `cause` is its id (a round).
  Case report(Tx& tx, const Caller& caller, const Report& words, const std::string& cause);
  /// A situation asks for one. At most one open case a situation; a situation of the same rule and device that
  /// comes back within `steady` of the end reopens the case that ended. @returns its id, or nothing for an unknown kind.
  std::optional<CaseId> open_for_situation(Tx& tx, const SituationOpened& situation);
  /// The device says that it is over: where the kind's verifier is the device, the case is verified.
  void situation_cleared(Tx& tx, std::string_view situation, Time at);
  /// It is over without a device having said so: that verifies nothing, and the case stays with its holder.
  void situation_ended(Tx& tx, std::string_view situation, Time at, const Said& how);
  /// Its severity rose while it stands: whoever has the case hears it, and where it is critical now the reporters too.
  void situation_rose(Tx& tx, const SituationRose& rose);
  /// The situations behind the case that still stand.
  static std::vector<std::string> standing_behind(Reader& reader, const CaseId& id);
  /// The account `by` marked it as a false alarm.
  void situation_was_false(Tx& tx, const std::string& by, std::string_view situation, const std::string& reason);

  // ---- moves ------------------------------------------------------------------------------------------------

  /// Any move that people make (cases_moves.hpp). @throws Refusal missing cases.unknown; conflict
  /// cases.not_in_this_state, cases.already_accepted; forbidden cases.not_yours, cases.doer_may_not_verify; invalid
  /// cases.reason_needed, cases.evidence_needed and others, see README
  Case move(Tx& tx, const Caller& caller, const CaseId& id, Move move, const Words& words);
  /// The same move on several cases; each succeeds or is refused by itself.
  std::vector<BatchResult> move_all(Tx& tx, const Caller& caller, const std::vector<CaseId>& ids, Move move, const Words& words);

  /// For rooms below. A person's or a device's verdict on a case that ended; reopens once, then goes to the mediator.
  /// @returns whether it reopened.
  bool rated(Tx& tx, const CaseId& id, const Verdict& verdict);
  /// A line of the diary without a move ("rang at …"). `cause` may be empty.
  void write_down(Tx& tx, const CaseId& id, std::string_view code, const Said& words, std::string_view cause);
  /// The ring went on to another person who answers for `post`. Nothing happens if somebody has taken the case, or it
  /// is another post's by now. @returns whether the case is theirs.
  bool hand_on(Tx& tx, const CaseId& id, const PostId& post, const PersonId& to, const Said& why);
  /// Whether an alarm that rings at them can be answered: they could take or assign the case, or report in for `called`.
  bool can_answer(Reader& reader, const CaseId& id, const PersonId& person, const std::optional<OrganisationId>& called) const;
  /// Whom it rings at when nobody of the posts can answer: those of the desk, on duty and nearest first, at most three.
  std::vector<PersonId> desk_of(Reader& reader, const CaseId& id) const;

  // ---- asking -----------------------------------------------------------------------------------------------

  std::optional<Case> find(Reader& reader, const CaseId& id) const;
  /// As the caller may see it: right cases.read over its place, or a reporter's own. @throws Refusal missing
  Case get(Reader& reader, const Caller& caller, const CaseId& id) const;
  /// Those of them that `get` would give, in the order asked for.
  std::vector<Named> names(Reader& reader, const Caller& caller, const std::vector<std::string>& ids) const;
  std::vector<Case> list(Reader& reader, const Caller& caller, const Filter& filter) const;
  std::int64_t count(Reader& reader, const Caller& caller, const Filter& filter) const;
  std::vector<DiaryLine> diary(Reader& reader, const Caller& caller, const CaseId& id, std::int64_t after, std::size_t limit) const;
  std::vector<Reporter> reporters(Reader& reader, const CaseId& id) const;
  /// For the caller: who wished to stay unnamed does, but for whom may_know_anonymous says.
  std::vector<Reporter> reporters(Reader& reader, const Caller& caller, const CaseId& id) const;
  /// The case that somebody names, by id or number, as what they look at personal data for.
  /// @throws Refusal invalid cases.purpose_names_none; forbidden cases.purpose_not_theirs, cases.purpose_settled
  CaseId for_purpose(Reader& reader, const Caller& caller, const std::string& named) const;
  std::vector<Holding> holdings(Reader& reader, const Caller& caller, const CaseId& id) const;
  /// Whether the caller sees all of it (by cases.read there, or because their organisation has to do with it), and not what
  /// they reported alone.
  bool reads(Reader& reader, const Caller& caller, const CaseId& id) const;
  /// Whether the caller may learn who reported it without giving their name: whoever oversees it from above and neither
  /// has it nor did it.
  bool may_know_anonymous(Reader& reader, const Caller& caller, const CaseId& id) const;
  Beside beside(Reader& reader, const CaseId& id) const;
  /// Whether the caller did it, or it was done in their name: they neither verify nor evaluate it.
  bool has_done(Reader& reader, const CaseId& id, const Caller& caller) const;
  std::optional<DiaryLine> find_line(Reader& reader, const CaseId& id, std::int64_t n) const;
  /// Open cases nearby that may be the same thing, likeliest first; for a person to decide.
  std::vector<Similar> similar(Reader& reader, const Caller& caller, const CaseId& id) const;
  Time now() const;  ///< by the room's clock, for rooms that ask about its deadlines
  /// Response in time, solved, satisfied: by organisation or post, with the cases behind each number on demand. With the right
  /// cases.read of all there; with cases.called of what their organisation is called to, by organisation and post their own.
  std::vector<Rates> rates(Reader& reader, const Caller& caller, const RatesFilter& filter) const;
  std::vector<CaseId> behind(Reader& reader, const Caller& caller, const RatesFilter& filter, Measure measure) const;
  /// What they are counted of: refuses who has neither right anywhere.
  store::Scope sight(Reader& reader, const Caller& caller) const;
  /// What a wall screen shows of a subtree (cases_board.hpp). Right `cases.read`; with `cases.called` what they are called to.
  Board board(Reader& reader, const Caller& caller, const BoardFilter& filter) const;
  /// What caused this case or this line of a diary, for `why`; nothing if the id is none of ours.
  std::optional<Cause> cause_of(Reader& reader, std::string_view id) const;
  /// The open case of a situation.
  std::optional<CaseId> of_situation(Reader& reader, std::string_view situation) const;

  Catalogue& catalogue() { return *catalogue_; }
  const Catalogue& catalogue() const { return *catalogue_; }

  /// The key under which the list goes on after `item`.
  static std::string cursor_of(const Case& item, const Filter& filter);
  /// A place moved: its cases move along.
  void place_moved(Tx& tx, const std::string& from, const std::string& to);
  /// The person was erased: their words and files go out of what they reported; kind, place, times, and who did what stay.
  void forget(Tx& tx, const PersonId& person);
  /// The same of what they said for themselves through this login while nobody had said yet whose it is.
  void forget_login(Tx& tx, const std::string& account);

 private:
  struct Parts;
  struct Joining;
  struct Neighbours;
  Neighbours neighbours_of(Reader& reader, const Kind& kind, const places::PlaceId& place, const std::optional<places::Point>& position,
                           bool drill) const;
  void wire();
  Case join(Tx& tx, const Caller& caller, const CaseId& id, Reporter reporter, const Joining& how, Viewer& viewer);
  void each_to_decide(Reader& reader, Viewer& viewer, Filter filter, const std::function<bool(Record&)>& take) const;
  std::optional<CaseId> came_back(Tx& tx, const SituationOpened& situation, const Kind& kind) const;
  std::optional<Refusal> refusal_of(Tx& tx, const Caller& caller, const CaseId& id, Move move) const;

  std::unique_ptr<Catalogue> catalogue_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lifang::cases
