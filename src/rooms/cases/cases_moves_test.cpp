// The one table of moves, through the door: every state × every move × every standing.
#include <fmt/format.h>

#include "base/members.hpp"
#include "rooms/cases/cases_store.hpp"
#include <algorithm>

#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

class CasesTable : public WardTest {
 protected:
  struct Actor {
    Standing standing;
    Caller caller;
  };
  /// Each stands in one way alone.
  std::vector<Actor> actors() {
    const std::string fuyuan = "/xihu/wenxin/fuyuan/";
    return {{Standing::holder, who("repairer", {"cases.handle"}, fuyuan)},
            {Standing::desk, who("desk", {"cases.read", "cases.dispatch"}, fuyuan)},
            {Standing::verifier, who("verifier", {"cases.read", "cases.verify"}, fuyuan)},
            {Standing::above, who("above", {"cases.read", "cases.oversee"}, "/xihu/wenxin/")},
            {Standing::partner, who("fireman", {"cases.read"}, fuyuan)},
            {Standing::reporter, resident("zhao")},
            {Standing::machine, Caller{"system", "", "system", "", "", {{"cases.read", "/"}}}},
            {Standing::lead, who("manager", {"cases.read", "cases.lead"}, fuyuan)}};
  }
  /// A case of the micro circle, held by the repairer, with the fire brigade called, brought into `state` by hand.
  CaseId in(Tx& tx, State state, const std::string& where = "b3") {
    Report words;
    words.kind = "street-light";
    words.place = places::PlaceId{where};
    const CaseId id = house_.cases.report(tx, resident("zhao"), words).id;
    store::keep_called(tx, id, {OrganisationId{"fire"}, {}, WhistleKind::management, {}, tx.now(), tx.now(), {}, {}, false});
    Record record = *store::find(tx, id);
    record.state = state;
    store::update(tx, record);
    return id;
  }
  static Words words_for(Move move, const CaseId& other) {
    Words words = note("因为");
    if (move == Move::defer) words.until = local("2026-03-10T00:00");
    if (move == Move::transfer) words.post = PostId{"guard"};
    if (move == Move::merge) words.into = other;
    if (move == Move::decide) words.granted = true;
    if (move == Move::confirm) words.check = 1;
    if (move == Move::joint) words.parts = std::vector<PartWords>{{PostId{"guard"}, "看守", {}}};
    return words;
  }
};
BOTH_ENGINES(CasesTable);

struct Undo {};

TEST_P(CasesTable, every_state_times_every_move_times_everybody_is_as_the_table_says) {
  // On PostgreSQL the same code runs slower: every third combination is enough there.
  const int every = GetParam() == db::Engine::sqlite ? 1 : 3;
  const auto all = actors();
  int n = 0, wrong = 0, tried = 0;
  house_.lane.now([&](Tx& tx) {
    for (std::size_t s = 0; s < enum_names<State>().size(); ++s) {
      const State state = static_cast<State>(s);
      for (const Allowed& line : table()) {
        for (const Actor& actor : all) {
          if (++n % every != 0) continue;
          ++tried;
          std::string code = "ok";
          try {
            tx.savepoint([&] {
              const CaseId id = in(tx, state), other = in(tx, State::assigned, "b4");
              try {
                const State after = house_.cases.move(tx, actor.caller, id, line.move, words_for(line.move, other)).state;
                EXPECT_TRUE(line.to == 0 ? after == state : (line.to & bit(after)) != 0)
                    << enum_name(state) << " × " << spelling(line.move) << " → " << enum_name(after);
              } catch (const Refusal& refusal) {
                code = refusal.code;
              }
              throw Undo{};
            });
          } catch (const Undo&) {
          }
          const bool refused_by_table = code == "cases.not_in_this_state" || code == "cases.already_accepted" ||
                                        code == "cases.not_yours" || code == "cases.unknown";
          // A move may have a line for each of the states that it starts from.
          const bool expected = std::any_of(table().begin(), table().end(), [&](const Allowed& any) {
            return any.move == line.move && (any.from & bit(state)) != 0 && (any.who & bit(actor.standing)) != 0;
          });
          if (expected == refused_by_table) {
            ++wrong;
            ADD_FAILURE() << enum_name(state) << " × " << spelling(line.move) << " × " << enum_name(actor.standing) << ": " << code;
          }
        }
      }
    }
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(n, 10 * 29 * 8);
  EXPECT_GT(tried, 500);
}

TEST_P(CasesTable, what_the_answer_allows_is_what_the_table_allows) {
  const auto all = actors();
  house_.lane.now([&](Tx& tx) {
    for (std::size_t s = 0; s < enum_names<State>().size(); ++s) {
      const State state = static_cast<State>(s);
      const CaseId id = in(tx, state);
      for (const Actor& actor : all) {
        const auto shown = house_.cases.get(tx, actor.caller, id).allowed;
        auto wanted = allowed(state, bit(actor.standing));
        std::erase(wanted, Move::decide);  // nobody has appealed
        if (actor.standing == Standing::reporter) std::erase(wanted, Move::whistle);  // and nothing is late
        if (actor.standing == Standing::reporter) std::erase(wanted, Move::reopen);   // nor was it refused to them
        const bool said = state == State::handled || state == State::verified;        // what somebody reported, another verifies
        if (actor.standing == Standing::holder && said) std::erase(wanted, Move::false_alarm);
        EXPECT_EQ(shown, wanted) << enum_name(state) << " " << enum_name(actor.standing);
      }
    }
  });
}

TEST(CasesMoves, has_a_way_out_of_every_open_state_and_a_word_for_every_move) {
  for (std::size_t s = 0; s < enum_names<State>().size(); ++s) {
    const State state = static_cast<State>(s);
    bool leaves = false;
    for (const Allowed& line : table()) leaves = leaves || ((line.from & bit(state)) && line.to && line.to != bit(state));
    if (is_open(state)) {
      EXPECT_TRUE(leaves) << enum_name(state);
    }
  }
  for (const Allowed& line : table()) EXPECT_FALSE(spelling(line.move).empty());
}

}  // namespace
}  // namespace lifang::cases
