// Ways: what people chose, quiet hours, urgency, and never two of the same; letters for those without a phone.
#include "rooms/notices/notices_ways.hpp"

#include "rooms/notices/notices_announce.hpp"
#include "rooms/notices/notices_phone.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::notices {
namespace {

using namespace std::chrono_literals;

class WaysRoom : public WardTest {
 protected:
  WaysRoom() { house_.phones->use(std::set<Medium>{Medium::sms, Medium::wechat}); }
  Ways& ways() { return house_.announcements->ways(); }
  void choose(const Caller& caller, const WayWords& words) {
    act([&](Tx& tx) { ways().choose(tx, caller, words); });
  }
  std::vector<Message> queued() {
    return ask([&](Reader& r) { return house_.notices.messages(r, {}); });
  }
  std::vector<Notice> told_by_staff() {
    Filter filter;
    filter.to_tell = true;
    Caller desk = manager_;
    desk.grants.push_back({"notices.send", "/"});
    return ask([&](Reader& r) { return house_.notices.list(r, desk, filter); });
  }
};
BOTH_ENGINES(WaysRoom);

TEST_P(WaysRoom, an_order_comes_to_the_phone_of_whoever_wished_it_and_once) {
  choose(repairer_, {Way::sms, {}, {}, {}});
  const cases::CaseId leak = report(resident("zhao"), "leak").id;
  const auto out = queued();
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].channel, "sms");
  EXPECT_EQ(out[0].to, repairer_.person);
  act([&](Tx& tx) {
    const auto inbox = house_.notices.list(tx, repairer_, {});
    ways().arrived(tx, {inbox.front().id, PersonId{repairer_.person}, {}, false});
  });
  EXPECT_EQ(queued().size(), 1U) << "told again, it is still one message";
  EXPECT_NE(out[0].body.find(ask([&](Reader& r) { return house_.cases.get(r, district_, leak).title; })), std::string::npos);
}

TEST_P(WaysRoom, what_is_not_urgent_waits_for_the_morning_and_not_for_whoever_has_read_it) {
  choose(resident("zhao"), {{}, Way::sms, {}, {}});
  choose(resident("qian"), {{}, Way::sms, {}, {}});
  at("2026-03-02T23:10");
  const cases::CaseId mine = report(resident("zhao"), "leak").id, theirs = report(resident("qian"), "leak", "b4").id;
  for (const cases::CaseId& id : {mine, theirs}) move(repairer_, id, cases::Move::accept);
  EXPECT_TRUE(queued().empty());
  ASSERT_FALSE(ask([&](Reader& r) { return house_.notices.list(r, resident("zhao"), {}).empty(); }));
  pass(7h + 40min);  // the night brings more: both cases move up
  const auto inbox = ask([&](Reader& r) { return house_.notices.list(r, resident("qian"), {}); });
  for (const Notice& notice : inbox) act([&](Tx& tx) { house_.notices.read(tx, resident("qian"), notice.id); });
  pass(20min);
  const auto out = queued();
  ASSERT_FALSE(out.empty());
  for (const Message& message : out) {
    EXPECT_EQ(message.to, "zhao") << message.body;
    EXPECT_GE(message.at, local("2026-03-03T07:00"));
  }
  EXPECT_TRUE(ask([&](Reader& r) { return house_.cases.find(r, mine).has_value(); }));
}

TEST_P(WaysRoom, nobody_chooses_what_is_not_there) {
  EXPECT_EQ(refused([&](Tx& tx) { ways().choose(tx, repairer_, {Way::wechat, {}, {}, {}}); }), "notices.no_way") << "bound no WeChat";
  Caller desk{"account_desk", "", "desk", "", "", {}};
  EXPECT_EQ(refused([&](Tx& tx) { ways().choose(tx, desk, {Way::sms, {}, {}, {}}); }), "notices.no_person");
  house_.phones->use(OpenidOf([](Reader&, const std::string& person) -> std::optional<std::string> {
    return person == "li" ? std::optional<std::string>("openid-li") : std::nullopt;
  }));
  house_.phones->use(std::set<Medium>{});
  EXPECT_EQ(refused([&](Tx& tx) { ways().choose(tx, repairer_, {Way::sms, {}, {}, {}}); }), "notices.no_way");
  EXPECT_EQ(ask([&](Reader& r) { return ways().chosen(r, repairer_).available; }), std::vector<Way>{Way::app});
}

TEST_P(WaysRoom, who_chose_nothing_hears_on_the_page_alone_and_an_erased_person_leaves_nothing) {
  report(resident("zhao"), "leak");
  EXPECT_TRUE(queued().empty());
  choose(resident("zhao"), {{}, Way::sms, Way::sms, {}});
  EXPECT_EQ(ask([&](Reader& r) { return ways().chosen(r, resident("zhao")).progress; }), Way::sms);
  act([&](Tx& tx) { Ways::forget(tx, "zhao"); });
  EXPECT_EQ(ask([&](Reader& r) { return ways().chosen(r, resident("zhao")).progress; }), Way::app);
}

TEST_P(WaysRoom, a_letter_tells_somebody_without_a_phone_why_it_was_refused) {
  cases::Report words;
  words.kind = "noise";
  words.place = places::PlaceId{"b3"};
  words.text = "楼上夜里跳舞";
  words.reporter = cases::ReporterWords{{}, cases::Channel::paper, {}};
  const cases::Case made = act([&](Tx& tx) { return house_.cases.report(tx, manager_, words); });
  move(manager_, made.id, cases::Move::refuse, note("分贝没有超标 <见附页>"));
  const auto notices = told_by_staff();
  ASSERT_FALSE(notices.empty());
  Caller desk = manager_;
  desk.grants.push_back({"notices.send", "/"});
  const std::string letter = ask([&](Reader& r) { return house_.announcements->letter(r, desk, notices.front().id, world_.clock.now()); });
  EXPECT_NE(letter.find("不予受理告知书"), std::string::npos);
  EXPECT_NE(letter.find(made.number), std::string::npos);
  EXPECT_NE(letter.find("分贝没有超标 &lt;见附页&gt;"), std::string::npos) << letter;
  EXPECT_EQ(refused([&](Tx& tx) { house_.announcements->letter(tx, resident("zhao"), notices.front().id, tx.now()); }), "notices.unknown");
}

TEST_P(WaysRoom, the_stairwell_counts_what_was_put_right_and_carries_a_code) {
  report(resident("zhao"), "leak");
  const cases::CaseId no = report(resident("qian"), "noise", "b4").id;
  move(manager_, no, cases::Move::refuse, note("不属于本小区"));
  Caller desk = manager_;
  desk.grants.push_back({"notices.send", "/"});
  const std::string page = ask([&](Reader& r) {
    return house_.announcements->stairwell(r, desk, places::PlaceId{"fuyuan"}, "https://ward.example", world_.clock.now());
  });
  EXPECT_NE(page.find("上报 1 件，办结 0 件"), std::string::npos) << page;
  EXPECT_EQ(page.find("噪"), std::string::npos) << "refused: nothing was put right";
  EXPECT_NE(page.find("<svg viewBox"), std::string::npos);
  EXPECT_NE(page.find("https://ward.example/#/report?place=fuyuan"), std::string::npos);
}

TEST_P(WaysRoom, the_stairwell_counts_what_was_put_right_this_week_whenever_it_was_reported) {
  const cases::CaseId id = report(resident("zhao"), "leak").id;
  move(repairer_, id, cases::Move::accept);
  cases::Words later = note("等配件");
  later.until = local("2026-03-10T09:00");
  move(repairer_, id, cases::Move::defer, later);
  move(street_, id, cases::Move::approve);
  Caller desk = manager_;
  desk.grants.push_back({"notices.send", "/"});
  const auto page = [&] {
    return ask([&](Reader& r) {
      return house_.announcements->stairwell(r, desk, places::PlaceId{"fuyuan"}, "https://ward.example", world_.clock.now());
    });
  };
  at("2026-03-10T09:05");
  EXPECT_NE(page().find("本周无上报事项"), std::string::npos) << "reported eight days ago, and not put right yet";
  move(repairer_, id, cases::Move::handle, note("换了水管"));
  move(manager_, id, cases::Move::verify);
  move(manager_, id, cases::Move::close);
  EXPECT_NE(page().find("漏水：上报 0 件，办结 1 件"), std::string::npos) << page();
  pass(24h * 8);
  EXPECT_NE(page().find("本周无上报事项"), std::string::npos) << "that was the week before";
}

TEST_P(WaysRoom, the_stairwell_says_whom_to_call_and_speaks_of_a_code_only_where_there_is_one) {
  Caller desk = manager_;
  desk.grants.push_back({"notices.send", "/"});
  const auto page_at = [&](const std::string& url) {
    return ask([&](Reader& r) { return house_.announcements->stairwell(r, desk, places::PlaceId{"b3"}, url, world_.clock.now()); });
  };
  EXPECT_EQ(page_at("").find("扫码"), std::string::npos);
  EXPECT_EQ(page_at("").find("打电话"), std::string::npos) << "there is no number to call";
  const auto keep = [&](const std::string& id, people::OrganisationKind kind, const std::string& name, const std::string& phone) {
    people::OrganisationWords words{kind, name, places::PlaceId{"fuyuan"}, {}, phone};
    act([&](Tx& tx) { house_.people.put_organisation(tx, root_, people::OrganisationId{id}, words); });
  };
  keep("stair-estate", people::OrganisationKind::property_company, "府苑物业", "0571-88880000");
  keep("stair-office", people::OrganisationKind::community_office, "府苑社区", "0571-88880001");
  keep("stair-shop", people::OrganisationKind::merchant, "小卖部", "0571-88880002");
  const std::string page = page_at("");
  EXPECT_NE(page.find("府苑物业：<b class=\"tel\">0571"), std::string::npos) << page;
  EXPECT_NE(page.find("府苑社区：<b class=\"tel\">0571"), std::string::npos);
  EXPECT_EQ(page.find("小卖部"), std::string::npos);
  EXPECT_EQ(page.find("扫码"), std::string::npos);
  const std::string spoken = ask([&](Reader& r) { return places::Places::spoken(r, places::PlaceId{"b3"}); });
  EXPECT_NE(page.find("<p>" + spoken + "</p><b>b3</b>"), std::string::npos) << "the name before the id";
  EXPECT_NE(page_at("https://ward.example").find("扫码上报，或打电话"), std::string::npos);
}

}  // namespace
}  // namespace lifang::notices
