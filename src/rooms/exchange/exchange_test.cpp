// Doors for other people's programs, on both engines.
#include "rooms/exchange/exchange.hpp"

#include <gtest/gtest.h>

#include "platform/sheet/sheet.hpp"
#include "support/house_fixture.hpp"

namespace lifang::exchange {
namespace {

class ExchangeRoom : public HouseTest {
 protected:
  ExchangeRoom() {
    world_.clock.set(*parse_time("2026-03-02T08:00:00+08:00"));
    place("wenxin", places::Kind::street, "文新街道", {}, {});
    place("fuyuan", places::Kind::compound, "府苑新村", "wenxin", places::Point{120.10, 30.28});
    place("b3", places::Kind::building, "3幢", "fuyuan", places::Point{120.101, 30.281});
    place("h501", places::Kind::home, "501", "b3", {});
    place("gudang", places::Kind::compound, "古荡新村", "wenxin", places::Point{120.13, 30.28});
  }
  void place(const std::string& id, places::Kind kind, const std::string& name, const std::string& parent,
             const std::optional<places::Point>& at) {
    places::PlaceWords words{kind, name, {}, at, {}, {}, {}};
    if (!parent.empty()) words.parent = places::PlaceId{parent};
    act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{id}, words); });
  }
  Taken bring(const HotlineOrder& order, const Caller& caller) {
    return act([&](Tx& tx) { return house_.exchange->take_in(tx, caller, {order}).front(); });
  }
  Taken bring(const HotlineOrder& order) { return bring(order, root_); }
  cases::Case find(const CaseId& id) {
    return ask([&](Reader& r) { return *house_.cases.find(r, id); });
  }
  CaseId report(const std::string& kind, const std::string& place_id, const std::string& text) {
    cases::Report words{kind, places::PlaceId{place_id}, text, {}, {}, {}, {}, {}};
    return act([&](Tx& tx) { return house_.cases.report(tx, root_, words).id; });
  }
  std::optional<ServiceRequest> seen(const CaseId& id) {
    return ask([&](Reader& r) { return house_.exchange->request(r, id.text); });
  }
};
BOTH_ENGINES(ExchangeRoom);

TEST_P(ExchangeRoom, the_same_order_twice_is_one_case_and_more_words_are_a_line_of_its_diary) {
  const HotlineOrder order{"12345-2026-77", "路灯不亮", {}, "西湖区文新街道府苑新村3幢楼下", "噪音扰民", {}};
  const Taken first = bring(order);
  EXPECT_EQ(first.outcome, Outcome::made);
  EXPECT_EQ(find(*first.case_).place.text, "b3");
  EXPECT_EQ(bring(order).outcome, Outcome::same);
  HotlineOrder more = order;
  more.text = "路灯不亮，来电人再次催办";
  const Taken again = bring(more);
  EXPECT_EQ(again.outcome, Outcome::changed);
  EXPECT_EQ(again.case_, first.case_);
  EXPECT_EQ(bring(more).outcome, Outcome::same);
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.count(r, root_, {}); }), 1);
}

TEST_P(ExchangeRoom, an_order_that_is_sent_back_is_opened_again_and_its_answer_is_void) {
  HotlineOrder order{"12345-2026-78", "路灯不亮", {}, "fuyuan", "street-light", {}};
  const CaseId id = *bring(order).case_;
  cases::Words why;
  why.note = "查无此灯";
  act([&](Tx& tx) { house_.cases.move(tx, root_, id, cases::Move::refuse, why); });
  act([&](Tx& tx) { house_.exchange->reply(tx, root_, order.number, {"查无此灯"}); });
  order.text = "退回重办：灯在 3 幢北侧，仍未解决";
  order.due = world_.clock.now() + std::chrono::hours(2);
  EXPECT_EQ(bring(order).outcome, Outcome::changed);
  EXPECT_EQ(find(id).state, cases::State::reopened);
  EXPECT_LE(*find(id).due, *order.due);
  const auto told = ask([&](Reader& r) { return house_.exchange->order(r, root_, order.number); });
  EXPECT_EQ(told.result, "办理中");
  EXPECT_TRUE(told.reply.empty());
  EXPECT_FALSE(told.replied_at);
}

TEST_P(ExchangeRoom, the_hotlines_deadline_counts_where_it_is_earlier) {
  HotlineOrder order{"n-1", "楼道漏水", {}, "fuyuan", "leak", {}};
  const auto own = find(*bring(order).case_).due;
  ASSERT_TRUE(own);
  order.number = "n-2";
  order.place = "gudang";
  order.due = world_.clock.now() + std::chrono::minutes(7);
  const CaseId hurried = *bring(order).case_;
  EXPECT_EQ(find(hurried).due, order.due);
  pass(std::chrono::minutes(8));
  // Missed: it goes up at that minute, and our own deadlines count again.
  EXPECT_TRUE(find(hurried).late_since);
  EXPECT_NE(find(hurried).circle, cases::Circle::micro);
  order.number = "n-3";
  order.place = "b3";
  order.due = world_.clock.now() + std::chrono::hours(24 * 300);
  EXPECT_LT(find(*bring(order).case_).due, order.due);
  // It is bounded at later steps too.
  order.number = "n-4";
  order.place = "wenxin";
  order.due = world_.clock.now() + std::chrono::minutes(30);
  const CaseId handled = *bring(order).case_;
  act([&](Tx& tx) { house_.cases.move(tx, root_, handled, cases::Move::accept, {}); });
  EXPECT_EQ(find(handled).handle_by, order.due);
}

TEST_P(ExchangeRoom, the_hotlines_deadline_counts_also_where_the_order_joins_a_case_that_was_there) {
  const CaseId there = report("leak", "fuyuan", "楼道漏水");
  HotlineOrder order{"n-1", "楼道漏水", {}, "fuyuan", "leak", {}};
  order.due = world_.clock.now() + std::chrono::minutes(30);
  ASSERT_EQ(bring(order).case_, there);
  act([&](Tx& tx) { house_.cases.move(tx, root_, there, cases::Move::accept, {}); });
  EXPECT_EQ(find(there).handle_by, order.due);
}

TEST_P(ExchangeRoom, an_order_whose_case_was_merged_ends_with_the_case_that_goes_on) {
  HotlineOrder order{"n-1", "楼道漏水", {}, "fuyuan", "leak", {}};
  order.due = world_.clock.now() + std::chrono::minutes(30);
  const CaseId own = *bring(order).case_;
  const CaseId other = report("leak", "gudang", "水管漏了");
  cases::Words words;
  words.into = other;
  act([&](Tx& tx) { house_.cases.move(tx, root_, own, cases::Move::merge, words); });
  const auto told = [&] { return ask([&](Reader& r) { return house_.exchange->order(r, root_, "n-1"); }); };
  EXPECT_EQ(told().result, "办理中") << "nothing is done yet";
  EXPECT_FALSE(told().ended_at);
  EXPECT_EQ(told().case_number, find(other).number);
  EXPECT_EQ(told().text, "楼道漏水") << "what they wrote";
  act([&](Tx& tx) { house_.cases.move(tx, root_, other, cases::Move::accept, {}); });
  EXPECT_EQ(find(other).handle_by, order.due) << "their deadline goes along";
  // Sent back with less time: that holds, too.
  order.text = "仍在漏水，请加急";
  order.due = world_.clock.now() + std::chrono::minutes(20);
  EXPECT_EQ(bring(order).outcome, Outcome::changed);
  EXPECT_EQ(find(other).handle_by, order.due);
  cases::Words done;
  done.note = "已更换水管";
  act([&](Tx& tx) { house_.cases.move(tx, root_, other, cases::Move::handle, done); });
  EXPECT_EQ(told().result, "已办理，待核实");
  EXPECT_EQ(told().reply, "已更换水管");
}

TEST_P(ExchangeRoom, what_is_told_back_is_the_written_reply_or_the_handlers_note) {
  const Taken taken = bring({"n-1", "楼道漏水", {}, "fuyuan", "leak", {}});
  act([&](Tx& tx) { house_.cases.move(tx, root_, *taken.case_, cases::Move::accept, {}); });
  cases::Words words;
  words.note = "已更换水管";
  act([&](Tx& tx) { house_.cases.move(tx, root_, *taken.case_, cases::Move::handle, words); });
  const auto back = [&] { return ask([&](Reader& r) { return house_.exchange->order(r, root_, "n-1"); }); };
  EXPECT_EQ(back().reply, "已更换水管");
  EXPECT_EQ(back().result, "已办理，待核实");
  act([&](Tx& tx) { house_.exchange->reply(tx, root_, "n-1", {"您好，楼道水管已更换，感谢监督。"}); });
  EXPECT_EQ(back().reply, "您好，楼道水管已更换，感谢监督。");
  const auto rows = sheet::read_table(Exchange::as_sheet({back()}, 480));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].cells[0], "工单编号");
  EXPECT_EQ(rows[1].cells[0], "n-1");
  EXPECT_EQ(rows[1].cells[5], "您好，楼道水管已更换，感谢监督。");
}

TEST_P(ExchangeRoom, the_list_says_what_is_overdue_and_what_nobody_has_answered) {
  // Not two of them the same thing at the same place: those would be one case.
  const std::vector<std::pair<std::string, std::string>> what{{"fuyuan", "leak"}, {"b3", "leak"}, {"h501", "leak"}, {"fuyuan", "noise"},
                                                              {"b3", "noise"}, {"h501", "noise"}, {"gudang", "leak"}};
  for (std::size_t i = 0; i < what.size(); ++i) bring({"n-" + std::to_string(i), "楼道漏水", {}, what[i].first, what[i].second, {}});
  const auto find_orders = [&](const HotlineFilter& filter) {
    std::vector<std::string> numbers;
    for (const auto& o : ask([&](Reader& r) { return house_.exchange->orders(r, root_, filter); })) numbers.push_back(o.number);
    return numbers;
  };
  using Numbers = std::vector<std::string>;
  HotlineFilter overdue;
  overdue.overdue = true;
  EXPECT_EQ(find_orders(overdue), Numbers{});
  const auto at = [&](const std::string& number) { return ask([&](Reader& r) { return house_.exchange->order(r, root_, number); }); };
  EXPECT_EQ(at("n-0").reply_state, ReplyState::none);
  act([&](Tx& tx) { house_.cases.move(tx, root_, at("n-0").case_, cases::Move::accept, {}); });
  cases::Words words;
  words.note = "已更换水管";
  act([&](Tx& tx) { house_.cases.move(tx, root_, at("n-0").case_, cases::Move::handle, words); });
  EXPECT_EQ(at("n-0").reply_state, ReplyState::drafted);
  act([&](Tx& tx) { house_.exchange->reply(tx, root_, "n-1", {"您好，正在处理。"}); });
  EXPECT_EQ(at("n-1").reply_state, ReplyState::replied);
  HotlineFilter unanswered;
  unanswered.unanswered = true;
  EXPECT_EQ(find_orders(unanswered), (Numbers{"n-0", "n-2", "n-3", "n-4", "n-5", "n-6"})) << "a draft is no answer";
  unanswered.limit = 4;
  EXPECT_EQ(find_orders(unanswered), (Numbers{"n-0", "n-2", "n-3", "n-4"})) << "a page is full although rows were passed over";
  unanswered.after = "n-4";
  EXPECT_EQ(find_orders(unanswered), (Numbers{"n-5", "n-6"}));
  HotlineFilter there;
  there.under = at("n-6").path;
  EXPECT_EQ(find_orders(there), Numbers{"n-6"});
  EXPECT_EQ(at("n-6").text, "楼道漏水");
  EXPECT_TRUE(at("n-6").case_due) << "ours, where the hotline set none";
  const Caller desk{"account-desk", "", "desk", "", "", {{"exchange.read", "/"}}};
  EXPECT_EQ(ask([&](Reader& r) { return house_.exchange->order(r, desk, "n-6"); }).text, "") << "what people wrote is for those who may read the case";
  HotlineFilter named;
  named.q = at("n-3").case_number;
  EXPECT_EQ(find_orders(named), Numbers{"n-3"});
  pass(std::chrono::hours(2));
  EXPECT_EQ(find_orders(overdue), (Numbers{"n-3", "n-4", "n-5"})) << "nobody took them: the leaks moved up and have a deadline that runs";
  HotlineFilter late;
  late.was_late = true;
  EXPECT_EQ(find_orders(late), (Numbers{"n-1", "n-2", "n-3", "n-4", "n-5", "n-6"}));
  EXPECT_TRUE(at("n-1").was_late && !at("n-1").overdue && at("n-3").overdue && !at("n-0").was_late);
}

TEST_P(ExchangeRoom, orders_come_as_a_spreadsheet_and_a_bad_one_does_not_hold_up_the_others) {
  const std::string csv =
      "工单编号,诉求内容,事发地址,办理时限\nx-1,噪音,府苑新村,2026-03-03 17:30\nx-2,噪音,火星,2026-03-03\nx-3,占道,古荡新村,\n";
  const auto orders = Exchange::read_orders(csv, 480).orders;
  ASSERT_EQ(orders.size(), 3U);
  EXPECT_EQ(orders[0].due, parse_time("2026-03-03T17:30:00+08:00"));
  const auto taken = act([&](Tx& tx) { return house_.exchange->take_in(tx, root_, orders); });
  EXPECT_EQ(taken[0].outcome, Outcome::made);
  EXPECT_EQ(taken[1].code, "exchange.no_place");
  EXPECT_EQ(taken[2].outcome, Outcome::made);
  const Caller elsewhere{"a", "", "a", "", "", {{"exchange.*", "/wenxin/gudang/"}}};
  EXPECT_EQ(bring({"x-9", "噪音", {}, "府苑新村", {}, {}}, elsewhere).code, "exchange.no_place");
  EXPECT_EQ(refused([&](Tx& tx) { house_.exchange->order(tx, elsewhere, "x-1"); }), "exchange.unknown_order");
}

TEST_P(ExchangeRoom, a_heading_that_says_nothing_is_told_and_a_date_that_cannot_be_read_is_told_with_its_row) {
  const auto read = Exchange::read_orders(
      "工单编号,诉求内容,事发地址,时限,备注栏\nx-1,噪音,府苑新村,2026-03-03 17:30,\nx-2,占道,古荡新村,下周三,\nx-3,漏水,府苑新村3幢,2019-01-01,\n", 480);
  EXPECT_EQ(read.ignored, std::vector<std::string>{"备注栏"});
  ASSERT_EQ(read.orders.size(), 3U);
  EXPECT_EQ(read.orders[0].due, parse_time("2026-03-03T17:30:00+08:00")) << "时限 is the deadline, too";
  const auto taken = act([&](Tx& tx) { return house_.exchange->take_in(tx, root_, read); });
  EXPECT_EQ(taken[0].outcome, Outcome::made);
  EXPECT_EQ(taken[0].warning, std::nullopt);
  EXPECT_EQ(taken[1].outcome, Outcome::made) << "a date that nobody can read loses no order";
  EXPECT_EQ(taken[1].warning, "exchange.bad_due");
  EXPECT_EQ(taken[2].outcome, Outcome::made) << "what somebody reports is not lost for a slip of the pen";
  EXPECT_EQ(taken[2].warning, "exchange.due_past");
}

TEST_P(ExchangeRoom, the_public_sees_no_words_no_homes_no_cries_for_help_and_no_drills) {
  const CaseId leak = report("leak", "h501", "王小明家 13800000001 漏水");
  const auto shown = seen(leak);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->status, "open");
  EXPECT_EQ(shown->address_id, "b3");
  EXPECT_EQ(shown->address.find("501"), std::string::npos);
  EXPECT_EQ(shown->description.find("王小明"), std::string::npos);
  cases::Report drill{"leak", places::PlaceId{"gudang"}, {}, {}, {}, {}, {}, true};
  EXPECT_FALSE(seen(act([&](Tx& tx) { return house_.cases.report(tx, root_, drill).id; })));
  for (const Service& service : ask([&](Reader& r) { return house_.exchange->services(r); })) EXPECT_NE(service.group, "求助");
  RequestFilter open;
  open.open = true;
  EXPECT_EQ(ask([&](Reader& r) { return house_.exchange->requests(r, open, world_.clock.now()); }).size(), 1U);
  open.open = false;
  EXPECT_EQ(ask([&](Reader& r) { return house_.exchange->requests(r, open, world_.clock.now()); }).size(), 0U);
}

TEST_P(ExchangeRoom, a_program_reports_where_its_key_reaches) {
  const Caller key{"key-1", "", "town-app", "", "", {{"cases.report", "/wenxin/fuyuan/"}}};
  NewRequest words;
  words.service_code = "leak";
  words.lat = 30.2811;
  words.lon = 120.1011;
  const CaseId id = act([&](Tx& tx) { return house_.exchange->post(tx, key, words); });
  EXPECT_EQ(find(id).place.text, "b3");
  words.lat = words.lon = {};
  words.address_id = "gudang";
  EXPECT_EQ(refused([&](Tx& tx) { house_.exchange->post(tx, key, words); }), "access.not_here");
  words.address_id.clear();
  words.address_string = "古荡新村";
  EXPECT_EQ(refused([&](Tx& tx) { house_.exchange->post(tx, key, words); }), "exchange.no_place");
  words.service_code = "nothing";
  EXPECT_EQ(refused([&](Tx& tx) { house_.exchange->post(tx, key, words); }), "exchange.no_service");
}

TEST_P(ExchangeRoom, nobody_reports_in_anothers_name_by_their_number) {
  const auto person = [&](const std::string& name, const std::string& phone) {
    people::PersonWords words;
    words.name = name;
    words.place = places::PlaceId{"h501"};
    words.phone = phone;
    return act([&](Tx& tx) { return house_.people.add(tx, root_, words).id.text; });
  };
  const std::string wang = person("wang", "13800000001"), li = person("li", "13800000002");
  const auto reporter_of = [&](const Caller& caller) {
    NewRequest words;
    words.service_code = "leak";
    words.address_id = "b3";
    words.phone = "13800000001";
    const CaseId id = act([&](Tx& tx) { return house_.exchange->post(tx, caller, words); });
    const auto person_id = ask([&](Reader& r) { return house_.cases.reporters(r, id).back().person; });
    pass(std::chrono::hours(24 * 30));
    return person_id ? person_id->text : std::string();
  };
  EXPECT_EQ(reporter_of({"account-li", li, "li", "", "session-1", {{"cases.report", "/wenxin/"}}}), li) << "as itself";
  EXPECT_EQ(reporter_of({"account-desk", "", "desk", "", "session-2", {{"cases.report", "/wenxin/"}}}), "");
  EXPECT_EQ(reporter_of({"key-1", "", "app", "", "", {{"cases.report", "/wenxin/"}}}), "") << "a key that may only report";
  EXPECT_EQ(reporter_of({"key-2", "", "hall", "", "", {{"cases.report", "/wenxin/"}, {"cases.handle", "/wenxin/"}}}), wang);
}

TEST_P(ExchangeRoom, dates_are_read_as_sheets_write_them) {
  const auto due = [](const std::string& text) {
    return Exchange::read_orders("工单编号,诉求内容,时限\nx-1,噪音," + text + "\n", 480).orders.at(0).due;
  };
  EXPECT_EQ(due("2026/1/5 9:30"), parse_time("2026-01-05T09:30:00+08:00"));
  EXPECT_EQ(due("2026/11/5"), parse_time("2026-11-05T23:59:59+08:00"));
  EXPECT_EQ(due("2026年11月25日"), parse_time("2026-11-25T23:59:59+08:00"));
  EXPECT_EQ(due("2026年11月5日 8时05分"), parse_time("2026-11-05T08:05:00+08:00"));
  EXPECT_EQ(due("2026-03-03 17:30:10"), parse_time("2026-03-03T17:30:10+08:00"));
  for (const char* no : {"下周三", "2026/13/5", "2026-11-5 25:00", "2026-11-05 9:30x"}) EXPECT_FALSE(due(no)) << no;
}

}  // namespace
}  // namespace lifang::exchange
