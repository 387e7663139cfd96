#include "rooms/cases/cases.hpp"

#include <algorithm>

#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/cases/cases_do.hpp"
#include "rooms/cases/cases_near.hpp"
#include "rooms/cases/cases_parts.hpp"
#include "rooms/cases/cases_rules.hpp"
#include "rooms/cases/cases_store.hpp"
#include "rooms/cases/cases_words.hpp"

namespace lifang::cases {
namespace {

constexpr auto kSimilarSince = std::chrono::hours(24 * 7);

[[noreturn]] void refuse_state(State state, Move move) {
  if (move == Move::accept && (state == State::accepted || state == State::handled))
    throw conflict("cases.already_accepted", "somebody has taken it already");
  throw conflict("cases.not_in_this_state", "the case is in another state than this move needs");
}

/// Whether the desk does what a holder does, so that the diary says so.
bool is_on_behalf(Move move, Standings standings) {
  const bool holders = move == Move::accept || move == Move::arrive || move == Move::handle || move == Move::return_ ||
                       move == Move::transfer || move == Move::defer || move == Move::done;
  // Whoever leads the organisation takes it over for themselves.
  if (move == Move::accept && (standings & bit(Standing::lead)) != 0 && !decides(standings)) return false;
  return holders && (standings & bit(Standing::holder)) == 0 && (standings & bit(Standing::partner)) == 0;
}

}  // namespace

Cases::Cases(bus::Bus& bus, jobs::Jobs& jobs, files::Files& files, rosters::Rosters& rosters)
    : catalogue_(std::make_unique<Catalogue>()), parts_(new Parts{{bus, jobs, files, rosters, *catalogue_}}) {
  wire();
}
Cases::~Cases() = default;

void Cases::open(Tx& tx) { catalogue_->open(tx); }
void Cases::index_words(Tx& tx) { store::index_words(tx); }
void Cases::place_moved(Tx& tx, const std::string& from, const std::string& to) { store::rebase(tx, from, to); }

Case Cases::move(Tx& tx, const Caller& caller, const CaseId& id, Move move, const Words& words) {
  check_words(move, words);
  Work work = Work::on(parts_->tools, tx, caller, id);
  Viewer viewer(tx, parts_->tools.rosters, caller);
  if (!viewer.may_see(work.record)) throw missing("cases.unknown", "no such case");
  const Standings standings = viewer.standings(work.record);
  const Allowed& line = line_of(move);
  if (move == Move::verify && caller.account != "system") {
    if (viewer.is_doer(id)) throw forbidden("cases.doer_may_not_verify", "somebody else, or the device, says whether it is done");
    if (is_allowed(work.record.state, move, standings) &&
        viewer.is_barred_from_verifying(work.record, work.kind.verifier))
      throw forbidden("cases.colleague_may_not_verify", "another organisation than the one that did it says whether it is done");
  }
  if ((line.who & standings) == 0) throw forbidden("cases.not_yours", "this move is for others");
  if ((line.from & bit(work.record.state)) == 0) refuse_state(work.record.state, move);
  do_move({work, viewer, words, standings, is_on_behalf(move, standings)}, move);
  work.save();
  return viewer.show(std::move(work.record), *catalogue_);
}

// ---- asking -------------------------------------------------------------------------------------------------

std::optional<Case> Cases::find(Reader& reader, const CaseId& id) const {
  auto record = store::find(reader, id);
  if (!record) return std::nullopt;
  return *std::move(record);
}

Case Cases::get(Reader& reader, const Caller& caller, const CaseId& id) const {
  return parts_->seen(reader, caller, id, *catalogue_);
}

std::vector<Named> Cases::names(Reader& reader, const Caller& caller, const std::vector<std::string>& ids) const {
  Viewer viewer(reader, parts_->tools.rosters, caller);
  std::vector<Named> found;
  for (const std::string& id : ids) {
    const auto record = CaseId::fits(id) ? store::find(reader, CaseId{id}) : std::nullopt;
    if (record && viewer.may_see(*record)) found.push_back({record->id, record->number, record->kind});
  }
  return found;
}

/// What waits for a decision is little anywhere; whose it is follows from seats and diaries, so each is looked at.
void Cases::each_to_decide(Reader& reader, Viewer& viewer, Filter filter, const std::function<bool(Record&)>& take) const {
  constexpr std::size_t kPage = 200;
  filter.limit = kPage;
  for (;;) {
    auto page = store::list(reader, viewer.scope(), filter, parts_->tools.rosters.now());
    const bool last = page.size() < kPage;
    if (!page.empty()) filter.after = store::cursor_of(page.back(), filter);
    for (Record& record : page)
      if (viewer.is_to_decide(record) && !take(record)) return;
    if (last) return;
  }
}

std::vector<Case> Cases::list(Reader& reader, const Caller& caller, const Filter& filter) const {
  Viewer viewer(reader, parts_->tools.rosters, caller);
  std::vector<Case> found;
  const auto take = [&](Record& record) { found.push_back(viewer.show(std::move(record), *catalogue_)); };
  if (filter.deciding) {
    each_to_decide(reader, viewer, filter, [&](Record& record) {
      take(record);
      return found.size() < filter.limit;
    });
    return found;
  }
  const auto listed = filter.mine && !filter.reported ? store::list_mine : store::list;
  for (Record& record : listed(reader, viewer.scope(), filter, parts_->tools.rosters.now())) take(record);
  return found;
}

std::int64_t Cases::count(Reader& reader, const Caller& caller, const Filter& filter) const {
  Viewer viewer(reader, parts_->tools.rosters, caller);
  if (filter.deciding) {
    std::int64_t n = 0;
    each_to_decide(reader, viewer, filter, [&](Record&) { return ++n < 100'000; });
    return n;
  }
  const auto counted = filter.mine && !filter.reported ? store::count_mine : store::count;
  return counted(reader, viewer.scope(), filter, parts_->tools.rosters.now());
}

std::string Cases::cursor_of(const Case& item, const Filter& filter) { return store::cursor_of(item, filter); }

std::vector<DiaryLine> Cases::diary(Reader& reader, const Caller& caller, const CaseId& id, std::int64_t after,
                                    std::size_t limit) const {
  get(reader, caller, id);
  auto lines = store::diary(reader, id, after, limit);
  Viewer(reader, parts_->tools.rosters, caller).hide_others(*store::find(reader, id), lines);
  return lines;
}

std::vector<Reporter> Cases::reporters(Reader& reader, const CaseId& id) const { return store::reporters(reader, id); }

std::vector<Reporter> Cases::reporters(Reader& reader, const Caller& caller, const CaseId& id) const {
  const Case own = get(reader, caller, id);
  if (!reads(reader, caller, id)) throw forbidden("access.no_right", "whoever only reported does not learn who else did");
  auto all = store::reporters(reader, id);
  if (Viewer(reader, parts_->tools.rosters, caller).may_know_anonymous(*store::find(reader, own.id))) return all;
  for (Reporter& reporter : all) {
    if (!reporter.anonymous) continue;
    reporter.person.reset();
    // A helper is of their family more often than not.
    if (!reporter.on_behalf || reporter.by_helper) reporter.account.clear();
  }
  return all;
}

bool Cases::reads(Reader& reader, const Caller& caller, const CaseId& id) const {
  const auto record = store::find(reader, id);
  return record && Viewer(reader, parts_->tools.rosters, caller).reads(*record);
}

bool Cases::may_know_anonymous(Reader& reader, const Caller& caller, const CaseId& id) const {
  const auto record = store::find(reader, id);
  return record && Viewer(reader, parts_->tools.rosters, caller).may_know_anonymous(*record);
}

std::vector<Holding> Cases::holdings(Reader& reader, const Caller& caller, const CaseId& id) const {
  get(reader, caller, id);
  return store::holdings(reader, id);
}

bool Cases::has_done(Reader& reader, const CaseId& id, const Caller& caller) const {
  return Viewer(reader, parts_->tools.rosters, caller).is_doer(id);
}

std::optional<DiaryLine> Cases::find_line(Reader& reader, const CaseId& id, std::int64_t n) const {
  auto lines = store::diary(reader, id, n - 1, 1);
  if (lines.empty() || lines.front().n != n) return std::nullopt;
  return std::move(lines.front());
}

Beside Cases::beside(Reader& reader, const CaseId& id) const {
  return {store::called(reader, id), store::parts(reader, id), store::checks(reader, id)};
}

std::vector<Similar> Cases::similar(Reader& reader, const Caller& caller, const CaseId& id) const {
  const Case own = get(reader, caller, id);
  if (!reads(reader, caller, id)) throw forbidden("access.no_right", "whoever only reported it sees no other cases");
  const Kind kind = catalogue_->get(reader, own.kind, own.kind_version);
  const Spot here = spot_of(reader, own.place, own.position);
  Viewer viewer(reader, parts_->tools.rosters, caller);
  std::vector<Similar> found;
  for (const Record& other : store::near(reader, neighbourhood_of(reader, own.path), own.opened_at - kSimilarSince, 500)) {
    if (other.id == own.id || !viewer.reads(other)) continue;
    const bool same_kind = other.kind == own.kind;
    bool near = false;
    if (same_kind) {
      const Duration apart = other.opened_at > own.opened_at ? other.opened_at - own.opened_at : own.opened_at - other.opened_at;
      near = apart <= kind.merge_within && is_near(kind.near, here, spot_of(reader, other.place, other.position));
    }
    const double like = resemblance(likeness(own.text, other.text), same_kind, near || other.place == own.place);
    if (like < kLikeEnough) continue;
    found.push_back({other.id, other.number, other.title, other.text, other.state, other.opened_at, like, near, other.kind, other.path});
  }
  std::sort(found.begin(), found.end(), [](const Similar& a, const Similar& b) {
    return std::pair(b.likeness, a.id) < std::pair(a.likeness, b.id);
  });
  if (found.size() > 10) found.resize(10);
  return found;
}

Time Cases::now() const { return parts_->tools.rosters.now(); }

store::Scope Cases::sight(Reader& reader, const Caller& caller) const {
  if (!caller.may("cases.called")) caller.must("cases.read");
  return Viewer(reader, parts_->tools.rosters, caller).scope();
}

std::vector<Rates> Cases::rates(Reader& reader, const Caller& caller, const RatesFilter& filter) const {
  return store::rates(reader, sight(reader, caller), filter, now());
}

std::vector<CaseId> Cases::behind(Reader& reader, const Caller& caller, const RatesFilter& filter, Measure measure) const {
  return store::behind(reader, sight(reader, caller), filter, measure, now());
}

std::optional<Cause> Cases::cause_of(Reader& reader, std::string_view id) const {
  if (!CaseId::fits(id)) return std::nullopt;
  const auto record = store::find(reader, CaseId{std::string(id)});
  if (!record) return std::nullopt;
  return Cause{record->id.text, record->cause, record->title, record->opened_at};
}

std::optional<CaseId> Cases::of_situation(Reader& reader, std::string_view situation) const {
  const auto link = store::find_link(reader, situation);
  return link ? std::optional(link->case_id) : std::nullopt;
}

}  // namespace lifang::cases
