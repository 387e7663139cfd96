#include "house_verify.hpp"

#include "platform/bus/bus_proof.hpp"
#include "rooms/cases/cases_proof.hpp"
#include "rooms/readings/readings_proof.hpp"
#include "support/device_hand.hpp"
#include "support/leap.hpp"
#include "support/ward_fixture.hpp"

namespace lifang {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// A house in which much has happened: readings folded and settled, situations, cases in many states, actions.
class VerifyHouse : public WardTest {
 protected:
  VerifyHouse() : hand_(house_, world_) {
    hand_.profile("bin", R"({"name":"垃圾桶","metrics":[{"id":"fill"}],"commands":[{"method":"lock"}],"detections":["bag"]})");
    hand_.device("bin-3", "bin", "b3");
    hand_.device("bin-4", "bin", "b4");
    hand_.rule("full", R"({"name":"桶满","applies_to":{"profile":"bin"},"severity":"warning",
      "raise":{"when":{"metric":"fill","op":">","value":80}},"clear":{"when":{"metric":"fill","op":"<","value":20}},
      "actions":[{"command":"lock"}],"case":"bin-full"})");
    hand_.rule("bag", R"({"name":"落地包","applies_to":{"profile":"bin"},"severity":"info","raise":{"when":{"detection":"bag"}}})");
    for (int i = 0; i < 50; ++i) {
      hand_.say("bin-3", {{"fill", i % 10 * 10.0}});
      hand_.say("bin-4", {{"fill", 50.0 + i % 3}});
      pass(minutes(10));
    }
    hand_.see("bin-3", "bag", 0.9);
    report(resident("zhao"), "leak");
  }
  readings::Readings::InReader in_reader() {
    return [this](const std::function<void(Reader&)>& fn) {
      Reader reader(house_.lane.session());
      fn(reader);
    };
  }
  /// Folds what is in the journal and settles what is old.
  void tend() {
    while (house_.readings.tend(in_reader(), [this](const std::function<void(Tx&)>& fn) { house_.lane.now(fn); })) continue;
  }
  /// Everything in chunks, and settled with its roll-ups.
  void settle_readings() {
    tend();
    pass(minutes(11));
    tend();
    pass(hours(24 * 20));
    tend();
  }
  Verified look() {
    return ask([&](Reader& r) { return verify(r, house_); });
  }
  void expect_whole() {
    for (const Check& check : look().checks) EXPECT_TRUE(check.ok) << check.name << ": " << check.detail;
  }
  /// After the damage exactly this check fails, and says so.
  void expect_found(const std::string& name, const std::string& words) {
    const Verified verified = look();
    EXPECT_FALSE(verified.ok);
    for (const Check& check : verified.checks) {
      EXPECT_EQ(check.ok, check.name != name) << check.name << ": " << check.detail;
      if (check.name == name) {
        EXPECT_NE(check.detail.find(words), std::string::npos) << check.detail;
      }
    }
  }
  template <class... P>
  void damage(std::string_view sql, const P&... p) {
    house_.lane.now([&](Tx& tx) { EXPECT_GT(tx.run(sql, p...), 0) << sql; });
  }
  std::string first(const std::string& sql) {
    return ask([&](Reader& r) { return r.value<std::string>(sql).value_or(""); });
  }
  DeviceHand hand_;
};
BOTH_ENGINES(VerifyHouse);

TEST_P(VerifyHouse, finds_nothing_where_nothing_is_wrong) {
  expect_whole();
  settle_readings();
  expect_whole();
  std::string names;
  for (const Check& check : look().checks) names += check.name + " ";
  EXPECT_EQ(names, "schema audit causes readings cases events ");
}

TEST_P(VerifyHouse, finds_a_schema_that_was_changed) {
  damage("UPDATE schema_files SET checksum = 'other' WHERE path LIKE '%cases%'");
  expect_found("schema", "missing or was changed");
}

TEST_P(VerifyHouse, finds_an_audit_entry_that_was_changed) {
  damage("UPDATE audit_entries SET who = 'nobody' WHERE seq = 2");
  expect_found("audit", "breaks at entry 2");
}

TEST_P(VerifyHouse, finds_a_cause_that_is_gone) {
  const std::string situation = first("SELECT id FROM situations ORDER BY id");
  damage("DELETE FROM situations WHERE id = $1", situation);
  expect_found("causes", "hangs on " + situation);
}

TEST_P(VerifyHouse, finds_a_cause_of_a_form_that_nobody_knows) {
  damage("UPDATE cases SET cause = 'hearsay:gate' WHERE id = $1", first("SELECT id FROM cases ORDER BY id"));
  expect_found("causes", "hangs on hearsay:gate, of a form that this program does not know");
}

TEST_P(VerifyHouse, finds_a_situation_without_evidence_and_a_rule_that_never_was) {
  damage("UPDATE situations SET evidence = '[]' WHERE id = $1", first("SELECT id FROM situations ORDER BY id"));
  expect_found("causes", "has no cause");
}

TEST_P(VerifyHouse, finds_a_reading_that_is_gone_before_its_time_and_excuses_one_that_is_past_it) {
  damage("UPDATE situations SET cause = $1 WHERE id = $2", std::string("reading:bin-3:fill:7"), first("SELECT id FROM situations ORDER BY id"));
  expect_found("causes", "hangs on reading:bin-3:fill:7");
  world_.clock.advance(hours(24 * 500));
  EXPECT_TRUE(look().checks[2].ok) << look().checks[2].detail;
}

TEST_P(VerifyHouse, finds_a_detection_and_a_rule_version_that_are_gone) {
  damage("DELETE FROM readings_detections");
  expect_found("causes", "hangs on det_");
  damage("DELETE FROM rules_versions WHERE id = 'full'");
  expect_found("causes", "hangs on rule:full:1");
}

TEST_P(VerifyHouse, finds_a_command_that_an_action_claims) {
  damage("DELETE FROM devices_commands WHERE id = $1", first("SELECT command FROM actions WHERE command <> '' ORDER BY id"));
  expect_found("causes", "hangs on command_");
}

TEST_P(VerifyHouse, finds_a_journal_row_that_cannot_be_read) {
  damage("UPDATE readings_journal SET body = $1 WHERE seq = 5", db::Blob{"rubbish"});
  expect_found("readings", "journal row 5 cannot be read");
}

TEST_P(VerifyHouse, finds_a_journal_row_that_says_other_figures) {
  damage("UPDATE readings_journal SET points = 9 WHERE seq = 5");
  expect_found("readings", "holds 1 points instead of 9");
}

class VerifySettled : public VerifyHouse {
 protected:
  VerifySettled() { settle_readings(); }
  std::int64_t chunk() {
    return ask([](Reader& r) { return *r.value<std::int64_t>("SELECT MIN(id) FROM readings_chunks"); });
  }
};
BOTH_ENGINES(VerifySettled);

TEST_P(VerifySettled, finds_a_chunk_that_cannot_be_read) {
  damage("UPDATE readings_chunks SET body = $1 WHERE id = $2", db::Blob{"rubbish"}, chunk());
  const auto proof = ask([](Reader& r) { return readings::prove(r, from_ms(0)); });
  ASSERT_EQ(proof.faults.size(), 1U);
  EXPECT_NE(proof.faults[0].find("part 0 cannot be read"), std::string::npos) << proof.faults[0];
}

TEST_P(VerifySettled, finds_a_row_that_says_other_figures_than_its_chunk) {
  damage("UPDATE readings_chunks SET points = points + 1 WHERE id = $1", chunk());
  expect_found("readings", "is not what its row says");
}

TEST_P(VerifySettled, finds_rows_that_overlap) {
  damage("INSERT INTO readings_chunks (id, since, till, points, arrived, body) SELECT id + 1, since, till, points, arrived, body "
         "FROM readings_chunks WHERE id = $1", chunk());
  expect_found("readings", "parts 0 and 1 overlap");
}

TEST_P(VerifySettled, finds_a_block_that_no_reader_looks_into) {
  damage("DELETE FROM readings_blocks");
  const auto proof = ask([](Reader& r) { return readings::prove(r, from_ms(0)); });
  ASSERT_FALSE(proof.faults.empty());
  EXPECT_NE(proof.faults[0].find("no reader looks into"), std::string::npos) << proof.faults[0];
}

TEST_P(VerifySettled, finds_a_roll_up_that_is_gone_or_of_another_series) {
  damage("DELETE FROM readings_rollups WHERE id = (SELECT MIN(id) FROM readings_rollups)");
  expect_found("readings", "roll-up that does not agree");
  expect_found("readings", "1 faults");
}

TEST_P(VerifySettled, finds_a_roll_up_that_does_not_agree) {
  damage("UPDATE readings_rollups SET body = (SELECT body FROM readings_rollups WHERE id = (SELECT MAX(id) FROM readings_rollups)) "
         "WHERE id = (SELECT MIN(id) FROM readings_rollups)");
  expect_found("readings", "roll-up that does not agree");
}

TEST_P(VerifyHouse, finds_a_case_whose_state_its_diary_does_not_know) {
  const std::string id = first("SELECT id FROM cases WHERE open = 1 ORDER BY id DESC");
  damage("UPDATE cases SET state = 'closed', open = 0 WHERE id = $1", id);
  expect_found("cases", id + " stands as closed after “open” in its diary");
}

TEST_P(VerifyHouse, finds_a_diary_with_a_gap) {
  damage("DELETE FROM cases_diary WHERE n = 2 AND case_id = $1", first("SELECT id FROM cases WHERE open = 1 ORDER BY id DESC"));
  expect_found("cases", "has a gap in its diary");
}

TEST_P(VerifyHouse, finds_an_open_case_that_nobody_will_be_reminded_of) {
  damage("DELETE FROM jobs WHERE kind = 'cases.due'");
  expect_found("cases", "has a deadline without a timer");
}

TEST_P(VerifyHouse, finds_an_open_case_that_nobody_owes) {
  damage("UPDATE cases SET due = NULL, post = '', unmanned = '' WHERE id = $1", first("SELECT id FROM cases WHERE open = 1 ORDER BY id DESC"));
  expect_found("cases", "nobody owes the next step");
}

TEST_P(VerifyHouse, finds_a_hearer_that_claims_to_have_heard_more_than_was_told) {
  damage("UPDATE bus_hearers SET heard = 1000000 WHERE name = 'cases'");
  expect_found("events", "cases has heard event 1000000");
}

TEST_P(VerifyHouse, events_leave_after_a_month_when_everybody_has_heard_them) {
  const std::string before = first("SELECT CAST(COUNT(*) AS TEXT) FROM bus_events");
  EXPECT_GT(std::stoi(before), 20);
  for (int i = 0; i < 3; ++i) leap(house_, world_, hours(24 * 16));
  report(resident("zhao"), "noise");
  leap(house_, world_, hours(2));
  const Time oldest = from_ms(std::stoll(first("SELECT CAST(MIN(at) AS TEXT) FROM bus_events")));
  EXPECT_GT(oldest, world_.clock.now() - hours(24 * 31));
  const Check events = look().checks.back();
  EXPECT_TRUE(events.ok) << events.detail;
}

TEST_P(VerifyHouse, finds_a_hearer_that_waits_since_when_and_why_and_one_whose_events_are_gone) {
  const std::string topic = first("SELECT topic FROM bus_events WHERE seq = 3");
  const Time told = from_ms(std::stoll(first("SELECT CAST(at AS TEXT) FROM bus_events WHERE seq = 3")));
  damage("UPDATE bus_hearers SET heard = 2, failures = 3, error = $1 WHERE name = 'cases'", topic + " thing: full");
  expect_found("events", "cases has heard nothing since " + to_rfc3339(told) + " (event 2 of ");
  expect_found("events", "3 failures: " + topic + " thing: full. It tries again by itself");
  damage("DELETE FROM bus_events WHERE seq < 10");
  expect_found("events", "cases waits at event 2, but the first that is kept is 10");
}

TEST_P(VerifyHouse, finds_events_that_were_set_aside_and_says_what_to_do) {
  const Time told = from_ms(std::stoll(first("SELECT CAST(at AS TEXT) FROM bus_events WHERE seq = 3")));
  damage("INSERT INTO bus_aside (hearer, seq, at, topic, subject, path, cause, by, body, error) "
         "SELECT 'cases', seq, at, topic, subject, path, cause, by, body, 'json.unreadable' FROM bus_events WHERE seq IN (3, 4)");
  expect_found("events", "cases went on without 2 events since " + to_rfc3339(told));
  expect_found("events", "the first: json.unreadable. Mend what it says, then have them tried once more: POST /api/v1/node/aside");
}

TEST_P(VerifyHouse, finds_a_schema_file_of_a_newer_program) {
  damage("INSERT INTO schema_files (path, checksum, applied_at) VALUES ('src/rooms/cases/schema/9999_later.sql', 'x', 0)");
  expect_found("schema", "a newer program applied");
}

TEST_P(VerifyHouse, agrees_with_cases_in_every_state) {
  const auto again = [&](const std::string& kind = "leak") {
    pass(hours(30));
    return report(resident("zhao"), kind).id;
  };
  const auto faults = [&] { return ask([](Reader& r) { return cases::prove(r).faults; }); };
  using cases::Move;
  const auto id = again();
  for (const Move step : {Move::accept, Move::handle}) {
    move(repairer_, id, step);
    EXPECT_EQ(faults(), std::vector<std::string>{});
  }
  cases::Words no = note("还在漏");
  no.passed = false;
  move(manager_, id, Move::verify, no);
  EXPECT_EQ(faults(), std::vector<std::string>{});
  move(repairer_, id, Move::handle);
  move(manager_, id, Move::verify);
  EXPECT_EQ(faults(), std::vector<std::string>{});
  move(manager_, id, Move::close);
  move(street_, id, Move::reopen, note("又漏了"));
  EXPECT_EQ(faults(), std::vector<std::string>{});
  move(manager_, again(), Move::refuse, note("不归我们管"));
  move(manager_, again(), Move::false_alarm, note("没有漏"));
  move(repairer_, again(), Move::return_, note("不是我的活"));
  const auto put_off = again();
  move(repairer_, put_off, Move::accept);
  cases::Words defer = note("等配件");
  defer.until = world_.clock.now() + hours(24 * 5);
  move(repairer_, put_off, Move::defer, defer);
  EXPECT_EQ(faults(), std::vector<std::string>{});
  move(street_, put_off, Move::approve);
  EXPECT_EQ(faults(), std::vector<std::string>{});
  pass(hours(24 * 30));
  EXPECT_EQ(faults(), std::vector<std::string>{}) << "late, escalated, woken";
}

}  // namespace
}  // namespace lifang
