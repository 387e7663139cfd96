// Random sequences of moves by random people, with time passing: what must hold after every step, whatever happened.
#include <random>

#include "base/members.hpp"
#include "rooms/cases/cases_proof.hpp"
#include "rooms/cases/cases_store.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class CasesAtRandom : public WardTest {
 protected:
  void SetUp() override {
    people_ = {resident("zhao"), wang_, li_, cleaner_, repairer_, manager_, street_, district_, root_,
               who("fireman", {"cases.read", "cases.handle"}, "/xihu/")};
  }

  template <class T>
  const T& any(const std::vector<T>& from) {
    return from[chance_() % from.size()];
  }

  Words words(Move move) {
    Words w = note("理由");
    if (move == Move::defer) w.until = world_.clock.now() + Duration{1h} * static_cast<int>(chance_() % 100 + 1);
    if (move == Move::transfer || (move == Move::assign && chance_() % 2))
      w.post = PostId{any(std::vector<std::string>{"guard", "repairer", "street-office", "nobody-there"})};
    if (move == Move::whistle && chance_() % 2) w.call = std::vector<OrganisationId>{OrganisationId{"fire"}, OrganisationId{"police"}};
    if (move == Move::joint) w.parts = std::vector<PartWords>{{PostId{"guard"}, "看守", {}}, {PostId{"fire"}, "检查", {}}};
    if (move == Move::done && chance_() % 2) w.part = 1;
    if (move == Move::merge) w.into = any(ids_);
    if (move == Move::decide) w.granted = chance_() % 2 == 0;
    if (move == Move::verify && chance_() % 3 == 0) w.passed = false;
    if (move == Move::confirm) w.check = 1;
    return w;
  }

  void step() {
    const auto dice = chance_() % 100;
    if (dice < 8 || ids_.empty()) {
      const std::vector<std::string> kinds{"leak", "noise", "fire", "street-light", "bin-full", "illegal-building"};
      ids_.push_back(report(any(people_).account == "system" ? resident("qian") : resident("zhao"), any(kinds),
                            chance_() % 2 ? "b3" : "b4").id);
    } else if (dice < 12) {
      const std::string situation = "situation_" + std::to_string(++situations_);
      const SituationOpened words{situation, "r", 1, "bin-3", places::PlaceId{"b3"}, "warning", "bin-full", "满", {}, false};
      ids_.push_back(*act([&](Tx& tx) { return house_.cases.open_for_situation(tx, words); }));
    } else if (dice < 15 && situations_ > 0) {
      act([&](Tx& tx) { house_.cases.situation_cleared(tx, "situation_" + std::to_string(chance_() % situations_ + 1), tx.now()); });
    } else if (dice < 25) {
      pass(Duration{1min} * static_cast<int>(chance_() % 300));
    } else if (dice < 28) {
      const CaseId id = any(ids_);
      act([&](Tx& tx) { return house_.cases.rated(tx, id, {"evaluation_x", false, 1, false, true, "a"}); });
    } else {
      const CaseId id = any(ids_);
      const Caller& caller = any(people_);
      // Mostly what is allowed, so that cases come far; sometimes anything.
      Move move = static_cast<Move>(chance_() % (static_cast<unsigned>(Move::note) + 1));
      if (chance_() % 4 != 0) {
        try {
          const auto shown = ask([&](Reader& r) { return house_.cases.get(r, caller, id).allowed; });
          if (!shown.empty()) move = any(shown);
        } catch (const Refusal&) {
        }
      }
      const bool did_it = ask([&](Reader& r) { return house_.cases.has_done(r, id, caller); });
      const bool done = refused_move(caller, id, move, words(move)).empty();
      ++(done ? done_ : refused_);
      if (done && move == Move::verify && caller.account != "system") {
        ASSERT_FALSE(did_it) << caller.account;
      }
    }
  }

  void check_all() {
    Reader reader(house_.lane.session());
    for (const CaseId& id : ids_) check_one(reader, id);
    ASSERT_EQ(prove(reader).faults, std::vector<std::string>{});
  }

  void check_one(Reader& reader, const CaseId& id) {
    const Record r = *store::find(reader, id);
    const std::string state(enum_name(r.state));
    // Exactly one post owes it, and a person or a note why there is none.
    ASSERT_TRUE(r.post) << state;
    if (is_open(r.state)) {
      ASSERT_TRUE(r.person || !r.unmanned.empty()) << state << " " << r.id.text;
    }
    // Deadlines: of the step that is owed, later than its beginning; none where nobody owes anything.
    if (!is_open(r.state) || r.state == State::deferred) {
      ASSERT_FALSE(r.due) << state;
    } else {
      ASSERT_TRUE(r.due) << state << " " << r.id.text;
      const auto by = r.state == State::accepted ? r.handle_by : r.state == State::handled ? r.verify_by : r.accept_by;
      ASSERT_EQ(r.due, by) << state << " " << r.id.text;
      ASSERT_GT(*r.due, r.opened_at);
      if (*r.due < world_.clock.now()) {
        ASSERT_TRUE(r.circle == Circle::great && r.supervised) << "late and not moved up";
      }
    }
    if (r.state == State::deferred) {
      ASSERT_GT(*r.deferred_until, r.opened_at);
    }
    // Nothing is lost: the diary has no gaps and does not go back in time, nor do the holdings, of which one is current.
    const auto lines = store::diary(reader, id, 0, 10'000);
    ASSERT_EQ(static_cast<std::int64_t>(lines.size()), r.lines);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      ASSERT_EQ(lines[i].n, static_cast<std::int64_t>(i) + 1);
      if (i > 0) {
        ASSERT_GE(lines[i].at, lines[i - 1].at);
      }
    }
    const auto holdings = store::holdings(reader, id);
    ASSERT_EQ(static_cast<std::int64_t>(holdings.size()), r.holding);
    for (std::size_t i = 0; i < holdings.size(); ++i) {
      const bool last = i + 1 == holdings.size();
      if (!last) {
        ASSERT_TRUE(holdings[i].until && *holdings[i].until <= holdings[i + 1].from) << state;
      }
      if (last && is_open(r.state)) {
        ASSERT_FALSE(holdings[i].until) << state;
      }
      if (last) {
        ASSERT_EQ(holdings[i].post, *r.post);
      }
      if (last && is_open(r.state)) {
        ASSERT_EQ(holdings[i].person, r.person) << state << " " << r.id.text;
      }
    }
    // What is counted is there.
    ASSERT_EQ(static_cast<std::int64_t>(store::reporters(reader, id).size()), r.reporters);
    std::int64_t parts = 0, calls = 0;
    for (const Part& part : store::parts(reader, id)) parts += !part.done_at;
    for (const Called& called : store::called(reader, id)) calls += !called.in_at;
    ASSERT_EQ(parts, r.parts_open);
    ASSERT_EQ(calls, r.calls_open);
    ASSERT_EQ(r.ending.has_value(), !is_open(r.state)) << state;
  }

  std::mt19937 chance_;
  std::vector<Caller> people_;
  std::vector<CaseId> ids_;
  unsigned situations_ = 0;
  int done_ = 0, refused_ = 0;
};
BOTH_ENGINES(CasesAtRandom);

TEST_P(CasesAtRandom, always_have_one_holder_growing_deadlines_and_their_whole_past) {
  const unsigned seed = 20260302;
  chance_.seed(seed);
  const int steps = GetParam() == db::Engine::sqlite ? 600 : 150;
  for (int i = 0; i < steps; ++i) {
    step();
    if (i % 10 == 9) check_all();
    ASSERT_FALSE(HasFatalFailure()) << "seed " << seed << ", step " << i;
  }
  check_all();
  EXPECT_GT(done_, steps / 10);
  EXPECT_GT(refused_, steps / 20);
}

}  // namespace
}  // namespace lifang::cases
