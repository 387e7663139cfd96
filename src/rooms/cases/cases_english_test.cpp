// What kinds and cases say to whoever reads English.
#include "rooms/cases/cases_catalogue.hpp"

#include <algorithm>

#include <set>

#include "rooms/cases/cases_outside.hpp"
#include "rooms/cases/cases_words.hpp"
#include "support/leap.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

class EnglishCases : public HouseTest {};
BOTH_ENGINES(EnglishCases);

TEST_P(EnglishCases, every_ready_made_kind_with_an_emergency_says_it_in_both_tongues) {
  for (const Kind& kind : ready_made_kinds()) {
    EXPECT_EQ(kind.emergency.empty(), !kind.emergency_en.has_value()) << kind.code;
    const std::string english = kind.emergency_en.value_or("");
    EXPECT_TRUE(std::all_of(english.begin(), english.end(), [](char c) { return c > 0; })) << kind.code;
  }
}

TEST_P(EnglishCases, a_case_carries_its_kinds_emergency_in_both) {
  act([&](Tx& tx) {
    house_.places.put(tx, root_, places::PlaceId{"fuyuan"}, {places::Kind::compound, "府苑新村", {}, {}, {}, {}, {}});
  });
  const auto reported = [&](const std::string& kind) {
    Report words{kind, places::PlaceId{"fuyuan"}, {}, {}, {}, {}, {}, {}};
    return act([&](Tx& tx) { return house_.cases.report(tx, root_, words); });
  };
  const Case fire = reported("fire");
  EXPECT_TRUE(fire.emergency.starts_with("立即拨打 119"));
  EXPECT_TRUE(fire.emergency_en && fire.emergency_en->starts_with("Call 119 now"));
  EXPECT_FALSE(reported("noise").emergency_en);
}


TEST(EnglishPlans, every_line_of_a_ready_made_plan_stands_in_both_tongues) {
  std::size_t lines = 0;
  for (const Kind& kind : ready_made_kinds())
    for (const Check& check : kind.checklist) {
      const auto en = plan_line_in_english(check.words);
      ASSERT_TRUE(en) << kind.code << ": " << check.words;
      EXPECT_FALSE(en->empty());
      EXPECT_TRUE(std::all_of(en->begin(), en->end(), [](char c) { return c > 0; })) << *en;
      ++lines;
    }
  EXPECT_GT(lines, 20U);
  EXPECT_FALSE(plan_line_in_english("我们自己写的一行"));
}

TEST(EnglishPlans, why_nobody_holds_it_stands_in_both_tongues) {
  EXPECT_EQ(unmanned_in_english("由在岗人员抢单"), "whoever is on duty there may take it");
  EXPECT_FALSE(unmanned_in_english(""));
}

// ---- the diary ----------------------------------------------------------------------------------------------

using namespace std::chrono_literals;

class EnglishDiary : public WardTest {
 protected:
  /// Everything in these tests that people say is ASCII, so that what is left beside names is the program's own.
  std::vector<std::string> names() {
    std::vector<std::string> all{"府苑新村", "渔里", "3幢", "4幢"};
    for (const rosters::Post& post : ask([](Reader& r) { return rosters::Rosters::posts(r, {}, 500); })) all.push_back(post.name);
    std::sort(all.begin(), all.end(), [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
    return all;
  }
  /// Holds every line of the diary against it, and collects their codes.
  void reads(const CaseId& id) {
    const auto known = names();
    for (const DiaryLine& line : diary(id)) {
      codes_.insert(line.code);
      ASSERT_TRUE(line.words_en.has_value()) << line.code;
      std::string rest = *line.words_en;
      for (const std::string& name : known)
        for (auto at = rest.find(name); at != std::string::npos; at = rest.find(name)) rest.erase(at, name.size());
      EXPECT_FALSE(rest.empty()) << line.code;
      EXPECT_TRUE(std::all_of(rest.begin(), rest.end(), [](char c) { return c > 0; })) << line.code << ": " << *line.words_en;
      EXPECT_EQ(line.words.find(*line.words_en), std::string::npos) << line.code << " says the same in both tongues";
    }
  }
  std::string last(const CaseId& id) { return diary(id).back().words_en.value_or(""); }
  std::string said(const CaseId& id, std::string_view code) {
    for (const DiaryLine& line : diary(id))
      if (line.code == code) return line.words_en.value_or("");
    return "";
  }
  CaseId open(const std::string& situation, const std::string& kind, const std::string& device = "bin-3") {
    const SituationOpened words{situation, "rule-1", 1, device, places::PlaceId{"b3"}, "warning", kind, "桶满了", {}, false, "the bin is full"};
    return *act([&](Tx& tx) { return house_.cases.open_for_situation(tx, words); });
  }
  void clear(const std::string& situation) {
    act([&](Tx& tx) { house_.cases.situation_cleared(tx, situation, tx.now()); });
  }
  bool rated(const CaseId& id, const Verdict& verdict) {
    return act([&](Tx& tx) { return house_.cases.rated(tx, id, verdict); });
  }
  static Words until(Time day) {
    Words words = note("no spare part");
    words.until = day;
    return words;
  }
  static Words to(const std::string& post, const std::string& why) {
    Words words = note(why);
    words.post = PostId{post};
    return words;
  }
  static Words passed(bool yes) {
    Words words;
    words.passed = yes;
    return words;
  }
  static Words calls(const std::vector<std::string>& posts) {
    Words words;
    words.call.emplace();
    for (const std::string& post : posts) words.call->emplace_back(post);
    words.report_in = Duration{30min};
    return words;
  }
  std::set<std::string> codes_;
  Caller police_ = who("police-officer", {"cases.read", "cases.handle"}, "/xihu/");
  Caller fire_ = who("fireman", {"cases.read", "cases.handle"}, "/xihu/");
  Caller community_ = who("community", {"cases.read", "cases.verify"}, "/xihu/wenxin/fuyuan/");
};
BOTH_ENGINES(EnglishDiary);

TEST_P(EnglishDiary, a_leak_from_the_report_to_the_mediator_reads_in_english) {
  const CaseId id = report(resident("zhao"), "leak", "b3", "It drips").id;
  EXPECT_EQ(said(id, "open"), "Reported by app: Water leak");
  EXPECT_EQ(last(id), "Assigned to 维修岗, to the person on duty; please accept it by 2 Mar 10:15");
  report(resident("qian"), "leak", "b3", "Here too");
  EXPECT_EQ(last(id), "Another resident reports the same (by app); reporters by now: 2");
  report(resident("qian"), "leak", "b3", "Still");
  move(repairer_, id, Move::accept);
  EXPECT_EQ(last(id), "维修岗 has accepted it; please handle it by 2 Mar 14:00");
  move(repairer_, id, Move::arrive);
  move(repairer_, id, Move::handle);
  EXPECT_EQ(last(id), "Handled (without a picture, a description); please verify it by 3 Mar 10:00");
  move(manager_, id, Move::verify, passed(false));
  EXPECT_EQ(last(id), "Not verified; given back to be done again; please handle it by 2 Mar 14:00");
  move(repairer_, id, Move::transfer, to("guard", "not mine"));
  move(wang_, id, Move::return_, note("nor mine"));
  EXPECT_EQ(last(id), "Given back: nor mine");
  move(manager_, id, Move::assign, to("repairer", "it is"));
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::defer, until(local("2026-03-09T09:00")));
  EXPECT_EQ(last(id), "Asked for a deferral until 9 Mar: no spare part");
  move(street_, id, Move::deny, note("sooner"));
  move(repairer_, id, Move::defer, until(local("2026-03-07T00:00")));
  move(street_, id, Move::approve);
  EXPECT_EQ(last(id), "Deferral until 9 Mar approved");
  at("2026-03-09T08:30");
  EXPECT_EQ(last(id), "The deferral has come due; work goes on; please handle it by 9 Mar 12:30");
  move(resident("zhao"), id, Move::urge);
  move(street_, id, Move::supervise);
  move(manager_, id, Move::note, note("the neighbours know"));
  pass(4h);
  EXPECT_EQ(said(id, "warn"), "A reminder: the time to handle it is nearly over (9 Mar 12:30)");
  EXPECT_EQ(said(id, "escalate"), "The time to handle it ran out (9 Mar 12:30); moved up from the micro circle (community) to the small circle (street)");
  const auto settle = [&](const Caller& doer, const Caller& judge) {
    move(doer, id, Move::accept);
    move(doer, id, Move::handle, note("sealed"));
    move(judge, id, Move::verify);
  };
  settle(street_, district_);
  EXPECT_TRUE(rated(id, {"evaluation_1", false, 1, false, true, "account-zhao"}));
  EXPECT_EQ(said(id, "rated"), "Rated by the reporter: 1 of 5, not solved or not satisfied");
  settle(street_, district_);
  EXPECT_TRUE(rated(id, {"evaluation_2", true, {}, false, true, ""}));
  EXPECT_NE(last(id).find("For the circle above to mediate. Assigned to "), std::string::npos) << last(id);
  move(district_, id, Move::accept);
  move(district_, id, Move::handle, note("sealed"));
  move(resident("zhao"), id, Move::verify);
  EXPECT_EQ(said(id, "verify"), "Verified");
  rated(id, {"evaluation_3", false, 5, true, false, "account-zhao"});
  EXPECT_EQ(last(id), "Closed");
  reads(id);
  const std::set<std::string> all{"open",  "assign",  "join", "accept", "arrive",  "handle", "not-verified", "transfer-asked", "return", "defer", "deny",
                                  "approve", "wake", "urge", "supervise", "note", "warn", "escalate", "verify", "rated", "reopen", "close"};
  EXPECT_TRUE(std::includes(codes_.begin(), codes_.end(), all.begin(), all.end()));
}

TEST_P(EnglishDiary, whistles_calls_parts_and_plans_read_in_english) {
  const CaseId whistled = report(resident("zhao"), "fire-lane-blocked", "b3", "A car").id;
  move(wang_, whistled, Move::accept);
  move(wang_, whistled, Move::whistle, calls({"police", "fire"}));
  EXPECT_EQ(said(whistled, "whistle"), "Whistle (by management): the micro circle (community) whistles to the small circle (street)");
  EXPECT_EQ(said(whistled, "call"), "Called 公安; please report in by 2 Mar 10:30");
  move(police_, whistled, Move::report_in);
  pass(24h * 4);
  Words late;
  late.organisation = OrganisationId{"fire"};
  move(district_, whistled, Move::report_in, late);
  EXPECT_NE(last(whistled).find(" reported in late"), std::string::npos) << last(whistled);
  reads(whistled);

  const CaseId joint = report(resident("zhao"), "stall", "b4", "A stall").id;
  move(manager_, joint, Move::accept);
  Words parts;
  parts.parts = std::vector<PartWords>{{PostId{"police"}, "the traffic", Duration{2h}}, {PostId{"guard"}, "the gate", {}}};
  move(manager_, joint, Move::joint, parts);
  EXPECT_EQ(last(joint), "Sub-order 2 given to 保安岗: the gate; please finish it by 7 Mar 10:00");
  move(wang_, joint, Move::done, note("stood there"));
  pass(27h);
  move(police_, joint, Move::done);
  EXPECT_EQ(said(joint, "handle").substr(0, 23), "All sub-orders are done");
  reads(joint);

  const CaseId fire = report(resident("zhao"), "fire", "b3", "Smoke").id;
  Words first;
  first.check = 1;
  move(wang_, fire, Move::report_in);
  move(wang_, fire, Move::confirm, first);
  pass(48h);
  reads(fire);
  for (const char* code : {"whistle", "call", "report-in", "not-in", "joint", "part", "part-done", "part-late", "handle", "confirm", "rang", "unanswered", "overdue"})
    EXPECT_TRUE(codes_.contains(code)) << code;
}

TEST_P(EnglishDiary, what_devices_say_reads_in_english) {
  const CaseId id = open("situation_1", "bin-full", "bin-3");
  EXPECT_EQ(said(id, "open"), "Opened by a device's alarm: the bin is full");
  open("situation_2", "bin-full", "bin-4");
  EXPECT_EQ(last(id), "Another alarm of a device at the same place: the bin is full");
  open("situation_3", "bin-full", "bin-5");
  clear("situation_1");
  act([&](Tx& tx) { house_.cases.situation_was_false(tx, "account-x", "situation_3", "a cobweb"); });
  EXPECT_EQ(last(id), "One alarm was found to be false: a cobweb; the rest must still be handled");
  clear("situation_2");
  EXPECT_EQ(said(id, "clear"), "It cleared by itself, as the device confirms");
  open("situation_4", "bin-full", "bin-4");
  EXPECT_EQ(said(id, "reopen"), "The device raises the alarm again (the bin is full); opened again");
  move(cleaner_, id, Move::accept);
  clear("situation_4");
  reads(id);
  const CaseId intruder = open("situation_5", "home-intrusion");
  clear("situation_5");
  EXPECT_EQ(said(intruder, "cleared"), "The device's alarm has cleared; a person must still verify it");
  reads(intruder);
  const CaseId falling = open("situation_6", "falling-object");
  act([&](Tx& tx) { house_.cases.situation_was_false(tx, "account-x", "situation_6", "a bird"); });
  EXPECT_EQ(last(falling), "The alarm was found to be false: a bird");
  reads(falling);
  reads(open("situation_7", "no-such-kind"));
  for (const char* code : {"clear", "cleared", "cleared-one", "false-one", "false-alarm", "reopen", "note"}) EXPECT_TRUE(codes_.contains(code)) << code;
}

TEST_P(EnglishDiary, how_a_case_ends_without_being_done_reads_in_english) {
  const CaseId refused = report(resident("zhao"), "noise", "b3", "Music").id;
  move(manager_, refused, Move::refuse, note("it is allowed until ten"));
  EXPECT_EQ(last(refused), "Refused: it is allowed until ten");
  place("b3-201", places::Kind::home, "201", "b3");
  place("b3-301", places::Kind::home, "301", "b3");
  const Case first = report(resident("sun"), "noise", "b3-201", "Drums"), second = report(resident("li"), "noise", "b3-301", "Drums");
  EXPECT_EQ(last(second.id), "Near it: " + first.number + ", of the same kind and perhaps the same thing; please see whether to merge");
  Words into;
  into.into = first.id;
  move(manager_, second.id, Move::merge, into);
  EXPECT_EQ(last(second.id), "Merged into " + first.number + ", where it goes on");
  EXPECT_EQ(last(first.id), second.number + " was merged into this one, with its reporters");
  const auto appealed = [&] {
    const CaseId id = report(resident("zhao"), "stranger", "b4", "Somebody").id;
    move(wang_, id, Move::false_alarm, note("a courier"));
    move(community_, id, Move::verify);
    move(manager_, id, Move::appeal, note("it is not our fault"));
    return id;
  };
  const CaseId late = appealed();
  EXPECT_NE(last(late).find("Appealed that it should not count in the rates: it is not our fault; "), std::string::npos) << last(late);
  for (int i = 0; i < 2; ++i) leap(house_, world_, *look(late).appeal_by - world_.clock.now());
  Words granted = note("the picture shows it");
  granted.granted = true;
  move(district_, late, Move::decide, granted);
  EXPECT_EQ(last(late), "The appeal is granted; it counts nowhere: the picture shows it");
  const CaseId again = appealed();
  move(manager_, again, Move::reopen, note("look once more"));
  for (const CaseId& id : {refused, first.id, second.id, late, again}) reads(id);
  for (const char* code : {"refuse", "alike", "merge", "join", "false-alarm-asked", "false-alarm", "appeal", "appeal-up", "appeal-late", "appeal-void", "decide", "reopen"})
    EXPECT_TRUE(codes_.contains(code)) << code;
}

TEST_P(EnglishDiary, what_comes_from_outside_and_what_nobody_holds_reads_in_english) {
  no_shift("repairer-fuyuan");
  Report words;
  words.kind = "leak";
  words.place = places::PlaceId{"b3"};
  words.text = "It drips";
  words.outer_number = "12345-1";
  words.reporter = ReporterWords{{}, Channel::hotline, {}};
  const CaseId id = act([&](Tx& tx) { return house_.cases.report(tx, manager_, words); }).id;
  EXPECT_EQ(said(id, "open"), "Reported by the hotline, entered by staff: Water leak");
  EXPECT_EQ(said(id, "unmanned"), "Nobody is on duty at 维修岗 now; 物业值班室 answers for it");
  Outside outside(house_.bus, house_.jobs, house_.files, house_.rosters, house_.cases.catalogue());
  act([&](Tx& tx) {
    outside.hurry(tx, id, tx.now() + 1h);
    outside.said_more(tx, manager_, id, "More of it");
  });
  EXPECT_EQ(said(id, "outer-due"), "Whoever sent it wants it handled by 2 Mar 11:00");
  words.drill = true;
  words.outer_number.reset();
  words.place = places::PlaceId{"b4"};
  const CaseId drill = act([&](Tx& tx) { return house_.cases.report(tx, manager_, words); }).id;
  act([&](Tx& tx) { outside.end_drill(tx, root_, drill); });
  EXPECT_EQ(last(drill), "The drill is over; it counts nowhere");
  reads(id);
  reads(drill);
}

TEST_P(EnglishDiary, why_nobody_has_a_case_reads_in_english_in_the_case_and_in_lists) {
  place("far", places::Kind::compound, "Far", "");
  const CaseId id = report(resident("zhao"), "leak", "far", "It drips").id;
  EXPECT_EQ(look(id).unmanned, "此刻无人值守，等待本岗接单");
  EXPECT_EQ(look(id).unmanned_en, "nobody is on duty now; it waits for the post");
  Filter all;
  const auto listed = ask([&](Reader& r) { return house_.cases.list(r, root_, all); });
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].unmanned_en, look(id).unmanned_en);
  const Caller anybody = who("new", {"cases.read", "cases.handle"}, "/far/");
  EXPECT_FALSE(move(anybody, id, Move::accept).unmanned_en) << "somebody has it";
}

TEST_P(EnglishDiary, a_line_from_before_there_was_english_has_none) {
  const CaseId id = report(resident("zhao"), "noise").id;
  act([&](Tx& tx) { tx.run("UPDATE cases_diary SET words_en = NULL WHERE case_id = $1", id.text); });
  for (const DiaryLine& line : diary(id)) {
    EXPECT_FALSE(line.words_en.has_value());
    EXPECT_FALSE(line.words.empty());
  }
}

// ---- what it becomes in the inbox ---------------------------------------------------------------------------

TEST_P(EnglishDiary, holders_and_reporters_receive_it_in_both_tongues) {
  const auto newest = [&](const std::string& person) {
    const auto all = ask([&](Reader& r) { return house_.notices.list(r, who(person, {"notices.read"}, "/"), {}); });
    return all.empty() ? notices::Notice{} : all.front();
  };
  const CaseId id = report(resident("zhao"), "stranger", "b3", "Somebody").id;
  EXPECT_EQ(newest("guard-wang").title, "可疑人员 · 府苑新村 3幢");
  EXPECT_EQ(newest("guard-wang").title_en, "Suspicious person · 府苑新村 3幢");
  EXPECT_EQ(newest("guard-wang").text_en, "Assigned to 保安岗, to the person on duty; please accept it by 2 Mar 10:05. If it is urgent, call 110");
  move(wang_, id, Move::accept);
  const auto told = ask([&](Reader& r) { return house_.cases.diary(r, resident("zhao"), id, 0, 500); });
  EXPECT_EQ(newest("zhao").text, told.back().words);
  EXPECT_EQ(newest("zhao").text_en, told.back().words_en);
  EXPECT_EQ(newest("zhao").text_en, "保安岗 has accepted it; it should be handled by 2 Mar 11:00") << "what comes next, not what staff are to do";
  move(wang_, id, Move::return_, note("not ours"));
  EXPECT_EQ(newest("zhao").text_en, "Whoever had it gave it back; somebody else is being found") << "what staff say to each other stays with them";
  move(manager_, id, Move::assign, to("guard", ""));
  move(wang_, id, Move::accept);
  move(wang_, id, Move::handle, note("gone"));
  Words no = passed(false);
  no.note = "still there";
  move(manager_, id, Move::verify, no);
  EXPECT_EQ(newest("zhao").text_en->substr(newest("zhao").text_en->size() - 13), ": still there");
  notices::SendWords written{"停水", "明天", places::PlaceId{"fuyuan"}, std::vector<PersonId>{PersonId{"zhao"}}, {}, {}};
  act([&](Tx& tx) { return house_.notices.send(tx, root_, written); });
  EXPECT_FALSE(newest("zhao").title_en.has_value()) << "what a person wrote is theirs";
  EXPECT_FALSE(newest("zhao").text_en.has_value());
}

TEST_P(EnglishDiary, a_drill_is_marked_in_both_tongues) {
  Report words;
  words.kind = "stranger";
  words.place = places::PlaceId{"b3"};
  words.drill = true;
  act([&](Tx& tx) { return house_.cases.report(tx, root_, words); });
  const auto all = ask([&](Reader& r) { return house_.notices.list(r, wang_, {}); });
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front().title_en, "[Drill] Suspicious person · 府苑新村 3幢");
}

}  // namespace
}  // namespace lifang::cases
