// Announcements, telephones and paper, on both engines.
#include "rooms/notices/notices_announce.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/reflect.hpp"
#include "courier.hpp"
#include "rooms/accounts/accounts.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "platform/http/server.hpp"
#include "rooms/notices/notices_phone.hpp"
#include "rooms/notices/notices_rules.hpp"
#include "support/house_fixture.hpp"

namespace lifang::notices {
namespace {

class AnnouncementsRoom : public HouseTest {
 protected:
  AnnouncementsRoom() {
    world_.clock.set(*parse_time("2026-03-02T10:00:00+08:00"));
    act([&](Tx& tx) {
      house_.places.put(tx, root_, places::PlaceId{"fuyuan"}, {places::Kind::compound, "府苑新村", {}, {}, {}, {}, {}});
      house_.places.put(tx, root_, places::PlaceId{"b3"}, {places::Kind::building, "3幢", places::PlaceId{"fuyuan"}, {}, {}, {}, {}});
      house_.people.put_tag_kind(tx, root_, "poor", {"低保", true});
      house_.people.put_tag_kind(tx, root_, "volunteer", {"志愿者", false});
    });
    for (int i = 0; i < 8; ++i) everybody_.push_back(person("居民" + std::to_string(i), 1940 + 10 * i));
    act([&](Tx& tx) { house_.people.tag(tx, root_, everybody_[0], "poor"); });
  }
  people::PersonId person(const std::string& name, int born) {
    people::PersonWords words{name, "1380000000" + std::to_string(everybody_.size()), {}, people::Day{std::chrono::year{born}, std::chrono::month{1}, std::chrono::day{1}},
                              {}, {}, places::PlaceId{"b3"}};
    return act([&](Tx& tx) { return house_.people.add(tx, root_, words).id; });
  }
  Preview preview(const AudienceWords& words) { return preview(words, root_); }
  Preview preview(const AudienceWords& words, const Caller& caller) {
    return ask([&](Reader& r) { return house_.announcements->preview(r, caller, words, world_.clock.now()); });
  }
  Announcement announce(const std::string& title, Urgency urgency = Urgency::normal) {
    AnnouncementWords words{audience("fuyuan"), title, "请相互转告", {}, {}, urgency, {}};
    return act([&](Tx& tx) { return house_.announcements->announce(tx, root_, words); });
  }
  Announcement find(const Announcement& a) {
    return ask([&](Reader& r) { return house_.announcements->get(r, root_, a.id); });
  }
  static AudienceWords audience(const std::string& place) { return {places::PlaceId{place}, {}, {}, {}, {}, {}}; }
  Caller as(const people::PersonId& who) { return {"account-" + who.text, who.text, "x", "", "", {}}; }
  std::size_t inbox(const people::PersonId& who) {
    return ask([&](Reader& r) { return house_.notices.list(r, as(who), {}).size(); });
  }
  /// What waits in the queues of the telephone, sent by hand.
  std::vector<Message> queued() {
    return ask([&](Reader& r) { return house_.notices.messages(r, {}); });
  }
  std::vector<people::PersonId> everybody_;
};
BOTH_ENGINES(AnnouncementsRoom);

TEST_P(AnnouncementsRoom, an_audience_is_counted_and_never_named) {
  EXPECT_EQ(preview(audience("fuyuan")).count, 8);
  AudienceWords old = audience("b3");
  old.age_from = 26;  // born 1940 to 2000
  EXPECT_EQ(preview(old).count, 7);
  old.age_from = 80;
  EXPECT_FALSE(preview(old).count);
  EXPECT_TRUE(preview(old).fewer_than_five);
  AudienceWords poor = audience("fuyuan");
  poor.tags = {{"poor"}};
  Caller desk{"d", "", "d", "", "", {{"notices.send", "/fuyuan/"}}};
  EXPECT_EQ(refused([&](Tx& tx) { house_.announcements->preview(tx, desk, poor, tx.now()); }), "people.no_purpose");
  desk.purpose = "care";
  EXPECT_EQ(refused([&](Tx& tx) { house_.announcements->preview(tx, desk, poor, tx.now()); }), "access.no_right");
}

TEST_P(AnnouncementsRoom, one_a_household_is_counted_by_household) {
  act([&](Tx& tx) {
    for (int home = 0; home < 3; ++home) {
      const auto id = places::PlaceId{"b3-10" + std::to_string(home)};
      house_.places.put(tx, root_, id, {places::Kind::home, "10" + std::to_string(home), places::PlaceId{"b3"}, {}, {}, {}, {}});
      const auto household = house_.people.add_household(tx, root_, {id, people::HouseholdKind::owned}).id;
      for (const int who : {2 * home, 2 * home + 1})
        house_.people.move_in(tx, root_, household, {everybody_[static_cast<std::size_t>(who)], people::ResidentRole::member, {}});
    }
  });
  AudienceWords one = audience("fuyuan");
  one.one_a_household = true;
  EXPECT_EQ(preview(audience("fuyuan")).count, 8);
  EXPECT_EQ(preview(one).count, 5) << "three households, and two who live in none";
  AnnouncementWords words{one, "领取垃圾袋", "每户一卷", {}, {}, {}, {}};
  const Announcement a = act([&](Tx& tx) { return house_.announcements->announce(tx, root_, words); });
  EXPECT_EQ(a.expected.count, 5);
  EXPECT_EQ(find(a).reached, 5) << "as many as were counted";
}

TEST_P(AnnouncementsRoom, one_a_household_is_somebody_with_a_login_then_whose_home_it_is) {
  // Of each home the first by id is the one who should not have it.
  const auto home = [&](const std::string& name, const std::vector<std::pair<std::size_t, people::ResidentRole>>& who) {
    act([&](Tx& tx) {
      const auto id = places::PlaceId{"b3-" + name};
      house_.places.put(tx, root_, id, {places::Kind::home, name, places::PlaceId{"b3"}, {}, {}, {}, {}});
      const auto household = house_.people.add_household(tx, root_, {id, people::HouseholdKind::owned}).id;
      for (const auto& [i, role] : who) house_.people.move_in(tx, root_, household, {everybody_[i], role, {}});
    });
  };
  ASSERT_TRUE(std::is_sorted(everybody_.begin(), everybody_.end()));
  using people::ResidentRole;
  home("101", {{0, ResidentRole::owner}, {1, ResidentRole::member}});                              // 1 has a login
  home("102", {{2, ResidentRole::member}, {3, ResidentRole::tenant}});                             // 3 is the tenant
  home("103", {{4, ResidentRole::owner}, {5, ResidentRole::member}, {6, ResidentRole::tenant}});   // nobody better than the first
  accounts::AccountWords login{"one", "", {}, {}, "resident", places::PlaceId{"fuyuan"}};
  login.person = everybody_[1].text;
  act([&](Tx& tx) { return house_.accounts.add(tx, root_, login, ""); });
  AnnouncementWords words{audience("fuyuan"), "领取垃圾袋", "每户一卷", {}, {}, {}, {}};
  words.audience.one_a_household = true;
  const Announcement a = act([&](Tx& tx) { return house_.announcements->announce(tx, root_, words); });
  EXPECT_EQ(find(a).state, AnnouncementState::sent);
  std::vector<std::size_t> reached;
  for (const people::PersonId& who : everybody_) reached.push_back(inbox(who));
  EXPECT_EQ(reached, (std::vector<std::size_t>{0, 1, 0, 1, 1, 0, 0, 1})) << "who lives in none counts alone";

  // Whoever is no part of the audience is not spoken to for it, login or not.
  AnnouncementWords owners = words;
  owners.audience.roles = {{ResidentRole::owner}};
  act([&](Tx& tx) { return house_.announcements->announce(tx, root_, owners); });
  EXPECT_EQ(inbox(everybody_[0]), 1U);
  EXPECT_EQ(inbox(everybody_[1]), 1U);
}

TEST_P(AnnouncementsRoom, a_child_is_spoken_to_for_a_household_only_where_nobody_else_is) {
  const auto child = person("小朋友", 2018);
  everybody_.push_back(child);
  const auto parent = person("家长", 1988);
  act([&](Tx& tx) {
    const auto id = places::PlaceId{"b3-101"};
    house_.places.put(tx, root_, id, {places::Kind::home, "101", places::PlaceId{"b3"}, {}, {}, {}, {}});
    const auto household = house_.people.add_household(tx, root_, {id, people::HouseholdKind::owned}).id;
    for (const auto& who : {child, parent}) house_.people.move_in(tx, root_, household, {who, people::ResidentRole::member, {}});
  });
  ASSERT_LT(child, parent) << "by id the child comes first";
  AnnouncementWords words{audience("fuyuan"), "领取垃圾袋", "每户一卷", {}, {}, {}, {}};
  words.audience.one_a_household = true;
  act([&](Tx& tx) { return house_.announcements->announce(tx, root_, words); });
  EXPECT_EQ(inbox(child), 0U);
  EXPECT_EQ(inbox(parent), 1U);
  words.audience.age_to = 12;
  act([&](Tx& tx) { return house_.announcements->announce(tx, root_, words); });
  EXPECT_EQ(inbox(child), 1U) << "what is for children alone reaches the child";
}

TEST_P(AnnouncementsRoom, figures_of_a_few_are_kept_back) {
  AnnouncementWords words{audience("b3"), "体检", "请来", {}, {}, {}, {}};
  words.audience.age_from = 70;
  const Announcement a = act([&](Tx& tx) { return house_.announcements->announce(tx, root_, words); });
  const auto first = ask([&](Reader& r) { return house_.notices.list(r, as(everybody_[0]), {}); });
  ASSERT_EQ(first.size(), 1U);
  act([&](Tx& tx) { house_.notices.read(tx, as(everybody_[0]), first[0].id); });
  for (const Announcement& seen : {find(a), ask([&](Reader& r) { return house_.announcements->list(r, root_, {}, 10).front(); })}) {
    EXPECT_TRUE(seen.expected.fewer_than_five);
    EXPECT_FALSE(seen.reached);
    EXPECT_FALSE(seen.read) << "who of the two has not read it";
    EXPECT_FALSE(seen.called);
  }
}

TEST_P(AnnouncementsRoom, goes_out_at_a_decent_hour_and_counts_who_read_it) {
  const Announcement now = announce("停水通知");
  EXPECT_EQ(find(now).state, AnnouncementState::sent);
  EXPECT_EQ(find(now).reached, 8);
  const auto first = ask([&](Reader& r) { return house_.notices.list(r, as(everybody_[0]), {}); });
  ASSERT_EQ(first.size(), 1U);
  act([&](Tx& tx) { house_.notices.read(tx, as(everybody_[0]), first[0].id); });
  EXPECT_EQ(find(now).read, 1);

  world_.clock.set(*parse_time("2026-03-02T23:30:00+08:00"));
  const Announcement night = announce("明日检修电梯");
  EXPECT_EQ(night.send_at, parse_time("2026-03-03T07:00:00+08:00"));
  EXPECT_EQ(find(night).state, AnnouncementState::queued);
  const Announcement taken_back = announce("写错了");
  act([&](Tx& tx) { house_.announcements->withdraw(tx, root_, taken_back.id); });
  pass(std::chrono::hours(8));
  EXPECT_EQ(find(night).reached, 8);
  EXPECT_EQ(inbox(everybody_[3]), 2U);
  EXPECT_EQ(refused([&](Tx& tx) { house_.announcements->withdraw(tx, root_, night.id); }), "notices.sent_already");
}

TEST_P(AnnouncementsRoom, an_emergency_is_confirmed_with_its_count_and_rung_up_where_it_was_not_read) {
  world_.clock.set(*parse_time("2026-03-02T23:30:00+08:00"));
  const Announcement a = announce("燃气泄漏，立即撤离", Urgency::emergency);
  pass(std::chrono::minutes(1));
  EXPECT_EQ(find(a).state, AnnouncementState::waiting);
  EXPECT_EQ(refused([&](Tx& tx) { house_.announcements->confirm(tx, root_, a.id, {7}); }), "notices.count_changed");
  house_.phones->use({Medium::voice, Medium::sms});
  act([&](Tx& tx) { house_.announcements->confirm(tx, root_, a.id, {8}); });
  EXPECT_EQ(find(a).reached, 8);
  const auto first = ask([&](Reader& r) { return house_.notices.list(r, as(everybody_[0]), {}); });
  act([&](Tx& tx) { house_.notices.read(tx, as(everybody_[0]), first[0].id); });
  pass(std::chrono::minutes(11));
  EXPECT_EQ(find(a).called, 7);
  EXPECT_EQ(queued().size(), 7U);
  for (const Message& message : queued()) EXPECT_EQ(message.channel, "voice");
}

TEST_P(AnnouncementsRoom, without_a_telephone_staff_must_tell_them) {
  const Announcement a = announce("台风", Urgency::emergency);
  act([&](Tx& tx) { house_.announcements->confirm(tx, root_, a.id, {8}); });
  pass(std::chrono::minutes(11));
  Filter to_tell;
  to_tell.to_tell = true;
  EXPECT_EQ(ask([&](Reader& r) { return house_.notices.count(r, root_, to_tell); }), 8);
}

TEST_P(AnnouncementsRoom, a_template_says_what_is_missing) {
  act([&](Tx& tx) { house_.announcements->put_template(tx, root_, TemplateId{"water"}, {"停水", "{date}停水", "{date} {hours}停水。"}); });
  AnnouncementWords words{audience("fuyuan"), {}, {}, TemplateId{"water"}, {{{"date", "3月5日"}}}, {}, {}};
  EXPECT_EQ(refused([&](Tx& tx) { house_.announcements->announce(tx, root_, words); }), "notices.value_missing");
  words.values = {{"date", "3月5日"}, {"hours", "9至17时"}};
  const Announcement a = act([&](Tx& tx) { return house_.announcements->announce(tx, root_, words); });
  EXPECT_EQ(a.text, "3月5日 9至17时停水。");
  const std::string paper = ask([&](Reader& r) { return house_.announcements->printed(r, root_, a.id); });
  EXPECT_NE(paper.find("3月5日停水"), std::string::npos);
  const std::string stairs = ask([&](Reader& r) {
    return house_.announcements->stairwell(r, root_, places::PlaceId{"b3"}, "https://ward.example", world_.clock.now());
  });
  EXPECT_NE(stairs.find("9至17时停水"), std::string::npos);
  EXPECT_NE(stairs.find("<b>b3</b>"), std::string::npos);
  EXPECT_EQ(stairs.find("居民0"), std::string::npos);
}

class PhonesRoom : public AnnouncementsRoom {
 protected:
  PhonesRoom() {
    for (const cases::Kind& kind : cases::ready_made_kinds()) {
      if (!kind_.empty() || kind.ring == Duration{0} || kind.grade == cases::Grade::I) continue;
      kind_ = kind.code;
      rosters::ShiftWords shift;
      shift.post = kind.micro.post;
      shift.place = places::PlaceId{"fuyuan"};
      shift.persons = {rosters::PersonId{everybody_[0].text}, rosters::PersonId{everybody_[1].text}};
      shift.to = {1440};
      act([&](Tx& tx) { return house_.rosters.put_shift(tx, root_, rosters::ShiftId{"night"}, shift); });
    }
    house_.phones->use({Medium::voice});
    cases::Report words{kind_, places::PlaceId{"b3"}, {}, {}, {}, {}, {}, {}};
    case_ = act([&](Tx& tx) { return house_.cases.report(tx, root_, words).id; });
  }
  Message last() {
    auto all = queued();
    EXPECT_FALSE(all.empty());
    return *std::max_element(all.begin(), all.end(), [](const Message& a, const Message& b) { return a.id < b.id; });
  }
  void called(const CallWords& words) {
    const Message message = last();
    act([&](Tx& tx) { house_.phones->called(tx, message.id, words); });
    pass(Duration{0});
  }
  std::string kind_;
  cases::CaseId case_;
};
BOTH_ENGINES(PhonesRoom);

TEST_P(PhonesRoom, no_answer_goes_to_the_next_at_once_and_one_on_the_keypad_takes_it) {
  EXPECT_EQ(last().to, everybody_[0].text);
  called({CallResult::no_answer, {}});
  EXPECT_EQ(last().to, everybody_[1].text);
  called({CallResult::answered, "1"});
  const auto taken = ask([&](Reader& r) { return *house_.cases.find(r, case_); });
  EXPECT_EQ(taken.state, cases::State::accepted);
  EXPECT_EQ(taken.person->text, everybody_[1].text);
  for (const Ring& ring : ask([&](Reader& r) { return house_.notices.rings(r, root_, {}); })) EXPECT_EQ(ring.state, RingState::answered);
}

TEST_P(PhonesRoom, a_dead_number_is_known_afterwards) {
  called({CallResult::dead, {}});
  EXPECT_EQ(last().to, everybody_[1].text);
  MessageFilter dead;
  dead.state = MessageState::dead;
  EXPECT_EQ(ask([&](Reader& r) { return house_.notices.count_messages(r, dead); }), 1);
}

TEST_P(PhonesRoom, a_number_that_the_gateway_knows_to_be_dead_goes_to_the_next_at_once) {
  const Message first = last();
  EXPECT_EQ(first.to, everybody_[0].text);
  act([&](Tx& tx) { house_.notices.attempted(tx, first.id, {false, false, "500"}); });
  pass(Duration{0});
  EXPECT_EQ(last().id, first.id) << "the gateway is out of order: the call is tried again, the ring goes on meanwhile";
  act([&](Tx& tx) { house_.notices.attempted(tx, first.id, {false, true, "404"}); });
  pass(Duration{0});
  EXPECT_EQ(last().to, everybody_[1].text);
}

TEST_P(PhonesRoom, whoever_has_no_number_hears_it_on_the_page_for_their_whole_time) {
  const Message first = last();
  act([&](Tx& tx) { house_.notices.attempted(tx, first.id, {false, true, std::string(kNoNumber)}); });
  pass(Duration{0});
  EXPECT_EQ(last().id, first.id);
}

TEST(Phones, the_sandbox_calls_nobody_and_remembers) {
  SandboxGateway gateway;
  EXPECT_TRUE(gateway.send(Medium::voice, "13800000001", "请按1接单", MessageId{"message_1"}).sent);
  const Attempt dead = gateway.send(Medium::sms, "13800000000", "x", MessageId{"message_2"});
  EXPECT_FALSE(dead.sent);
  EXPECT_TRUE(dead.hopeless);
  EXPECT_EQ(gateway.sent().size(), 2U);
}

TEST(Phones, the_sandbox_knows_its_own_wechat_users) {
  SandboxGateway gateway;
  EXPECT_EQ(gateway.identify("sandbox-wang"), "openid-wang");
  EXPECT_FALSE(gateway.identify("sandbox-"));
  EXPECT_FALSE(gateway.identify("other"));
}

TEST_P(AnnouncementsRoom, wechat_goes_to_the_openid_and_who_bound_none_is_reached_the_next_way) {
  auto gateway = std::make_shared<SandboxGateway>("template-1");
  std::set<std::string> bound{everybody_[0].text, everybody_[1].text};
  const OpenidOf openid_of = [&bound](Reader&, const std::string& person) {
    return bound.contains(person) ? std::optional("openid-of-" + person) : std::nullopt;
  };
  house_.phones->use({Medium::voice, Medium::sms, Medium::wechat});
  house_.phones->use(OpenidOf(openid_of));
  std::vector<std::unique_ptr<Channel>> channels;
  for (const Medium medium : {Medium::voice, Medium::sms, Medium::wechat})
    channels.push_back(std::make_unique<PhoneChannel>(medium, house_.readers, house_.people, gateway, openid_of));
  const auto send = [&] {
    for (const Message& m : ask([&](Reader& r) { return house_.notices.due(r, world_.clock.now(), 100); }))
      for (const auto& channel : channels)
        if (channel->name() == m.channel) {
          const Attempt attempt = channel->send(m);
          act([&](Tx& tx) { house_.notices.attempted(tx, m.id, attempt); });
        }
  };
  const auto tell = [&](std::size_t who, const std::string& words) {
    act([&](Tx& tx) { return house_.phones->tell(tx, PersonId{everybody_[who].text}, words, {"cause-" + words}, false); });
  };
  tell(0, "一");
  tell(2, "二");
  send();
  ASSERT_EQ(gateway->sent().size(), 2U);
  EXPECT_EQ(gateway->sent()[0].medium, Medium::wechat);
  EXPECT_EQ(gateway->sent()[0].to, "openid-of-" + everybody_[0].text);
  EXPECT_EQ(gateway->sent()[0].template_, "template-1");
  EXPECT_EQ(gateway->sent()[1].medium, Medium::sms) << "nobody bound one";
  EXPECT_EQ(gateway->sent()[1].to, "13800000002");
  EXPECT_EQ(gateway->sent()[1].template_, "");
  // Unbound between the queue and the road: a text message instead, once.
  tell(1, "三");
  bound.clear();
  send();
  send();
  send();
  ASSERT_EQ(gateway->sent().size(), 3U);
  EXPECT_EQ(gateway->sent()[2].medium, Medium::sms);
  EXPECT_EQ(gateway->sent()[2].to, "13800000001");
  // Neither queue nor log hold an openid.
  for (const Message& m : queued()) {
    EXPECT_EQ((m.to + m.body + m.error).find("openid-of"), std::string::npos);
    for (const LogLine& line : ask([&](Reader& r) { return house_.notices.log(r, m.id); }))
      EXPECT_EQ(line.detail.find("openid-of"), std::string::npos);
  }
}

TEST(Phones, a_gateway_is_asked_who_a_wechat_code_is_with_a_signature) {
  FakeWorld world;
  std::string heard, signature;
  http::Config config;
  config.threads = 1;
  http::Server server(config, world.clock, [&](http::Request&& request, http::Responder responder) {
    heard = request.body;
    signature = request.header("X-Lifang-Signature");
    const bool known = heard.find("good") != std::string::npos, broken = heard.find("broken") != std::string::npos;
    http::Response response = http::problem(known ? 200 : broken ? 502 : 401, "gateway.says");
    if (known) response.body = R"({"openid":"o-1"})";
    responder.answer(std::move(response));
  });
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port()) + "/sms";
  HttpGateway gateway(url, "secret", world.clock);
  EXPECT_EQ(gateway.identify("good"), "o-1");
  EXPECT_EQ(heard, R"({"medium":"wechat","code":"good"})");
  EXPECT_EQ(signature, signature_of("secret", std::to_string(to_ms(world.clock.now()) / 1000), heard));
  EXPECT_FALSE(gateway.identify("bad"));
  EXPECT_THROW(gateway.identify("broken"), Refusal) << "a gateway in trouble is not a wrong code";
  EXPECT_TRUE(gateway.send(Medium::sms, "13800138000", "good", MessageId{"message_1"}).sent);
  EXPECT_FALSE(gateway.send(Medium::sms, "13800138000", "x", MessageId{"message_1"}).sent);
  EXPECT_EQ(heard, R"({"medium":"sms","to":"13800138000","words":"x","reference":"message_1"})");
  HttpGateway account(url, "secret", world.clock, "template-1");
  EXPECT_TRUE(account.send(Medium::wechat, "o-1", "good", MessageId{"message_2"}).sent);
  EXPECT_EQ(heard, R"({"medium":"wechat","to":"o-1","words":"good","reference":"message_2","template":"template-1"})");
}

}  // namespace
}  // namespace lifang::notices
