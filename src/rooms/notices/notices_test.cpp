#include "rooms/notices/notices.hpp"

#include <set>

#include "courier.hpp"
#include "rooms/notices/notices_rules.hpp"
#include "rooms/notices/notices_webhook.hpp"
#include "platform/http/server.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::notices {
namespace {

using namespace std::chrono_literals;
using cases::Move;

class Notices : public WardTest {
 protected:
  std::vector<Notice> inbox(const Caller& caller, bool unread = false) {
    Filter filter;
    filter.unread = unread;
    return ask([&](Reader& r) { return house_.notices.list(r, caller, filter); });
  }
  std::vector<Ring> rings(const cases::CaseId& id) {
    RingFilter filter;
    filter.case_ = id;
    return ask([&](Reader& r) { return house_.notices.rings(r, root_, filter); });
  }
  MessageId queue(const std::string& to, const std::string& dedupe = "") {
    return act([&](Tx& tx) { return house_.notices.enqueue(tx, {"test", to, "{}", dedupe, ""}); });
  }
  Message message(const MessageId& id) {
    return *ask([&](Reader& r) { return house_.notices.find_message(r, id); });
  }
};
BOTH_ENGINES(Notices);

// ---- the inbox ----------------------------------------------------------------------------------------------------

TEST_P(Notices, a_new_case_is_in_the_inbox_of_its_holder_until_read) {
  const auto id = report(resident("zhao"), "leak").id;
  const auto mine = inbox(repairer_, true);
  ASSERT_EQ(mine.size(), 1U);
  EXPECT_EQ(mine[0].case_, id);
  EXPECT_EQ(mine[0].class_, Class::work);
  EXPECT_TRUE(inbox(cleaner_).empty());
  act([&](Tx& tx) { return house_.notices.read(tx, repairer_, mine[0].id); });
  EXPECT_TRUE(inbox(repairer_, true).empty());
  EXPECT_EQ(inbox(repairer_)[0].read_at, world_.clock.now());
  EXPECT_EQ(refused([&](Tx& tx) { house_.notices.read(tx, cleaner_, mine[0].id); }), "notices.unknown");
}

TEST_P(Notices, a_letter_reaches_only_who_lives_or_serves_there) {
  const Caller estate = who("manager", {"notices.send"}, "/xihu/wenxin/fuyuan/");
  const auto send = [&](const std::string& person) {
    return refused([&](Tx& tx) { house_.notices.send(tx, estate, {"催费", "", places::PlaceId{"fuyuan"}, std::vector<PersonId>{PersonId{person}}, {}, {}}); });
  };
  shift("guard", "yuli", {"guard-chen"}, "yuli-estate");
  EXPECT_EQ(send("guard-wang"), "");
  EXPECT_EQ(send("guard-chen"), "notices.unknown_person");
  EXPECT_EQ(send("nobody"), "notices.unknown_person");
}

TEST_P(Notices, what_waits_for_a_whole_post_is_in_the_inbox_of_each_of_its_people_with_receipts_of_their_own) {
  auto words = shift_words("repairer", "fuyuan", {"a", "b"}, "fuyuan-estate");
  words.hand_out = rosters::HandOut::grab;
  keep_shift("repairer-fuyuan", words);
  report(resident("zhao"), "leak");
  ASSERT_EQ(inbox(worker("a"), true).size(), 1U);
  const NoticeId notice = inbox(worker("a"))[0].id;
  act([&](Tx& tx) { return house_.notices.read(tx, worker("a"), notice); });
  EXPECT_TRUE(inbox(worker("a"), true).empty());
  EXPECT_EQ(inbox(worker("b"), true).size(), 1U);
  EXPECT_EQ(ask([&](Reader& r) { return house_.notices.receipts(r, root_, notice); }).size(), 1U);
}

TEST_P(Notices, every_reporter_hears_of_every_step) {
  const auto id = report(resident("zhao"), "leak").id;
  report(resident("qian"), "leak");
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::handle);
  move(manager_, id, Move::verify);
  EXPECT_EQ(inbox(resident("zhao")).size(), 3U);
  EXPECT_EQ(inbox(resident("qian")).size(), 3U);
  for (const Notice& notice : inbox(resident("zhao"))) {
    EXPECT_EQ(notice.text.find("请于"), std::string::npos) << "what staff are to do is not the reporter's to do: " << notice.text;
    EXPECT_EQ(notice.text_en.value_or("").find("please"), std::string::npos) << notice.text_en.value_or("");
  }
  pass(24h);
  EXPECT_EQ(inbox(resident("zhao")).size(), 5U) << "closed, and asked whether it helped";
}

TEST_P(Notices, whoever_has_no_app_is_on_the_list_of_those_to_be_told) {
  cases::Report words;
  words.kind = "leak";
  words.place = places::PlaceId{"b3"};
  words.reporter = cases::ReporterWords{PersonId{"granny"}, cases::Channel::call, {}};
  const auto id = act([&](Tx& tx) { return house_.cases.report(tx, manager_, words).id; });
  move(manager_, id, Move::refuse, note("不归本社区管"));
  const Caller desk = who("desk", {"notices.send"}, "/xihu/wenxin/fuyuan/");
  Filter filter;
  filter.to_tell = true;
  auto list = ask([&](Reader& r) { return house_.notices.list(r, desk, filter); });
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].text, "不予受理：不归本社区管");
  act([&](Tx& tx) { return house_.notices.told(tx, desk, list[0].id, {}); });
  EXPECT_TRUE(ask([&](Reader& r) { return house_.notices.list(r, desk, filter); }).empty());
  EXPECT_EQ(refused([&](Tx& tx) { house_.notices.told(tx, desk, list[0].id, {}); }), "notices.told_already");
  EXPECT_EQ(diary(id).back().words, "已通过电话告知上报人");
}

TEST_P(Notices, staff_write_to_persons_and_posts_of_their_place) {
  shift("volunteer", "fuyuan", {"zhao"}, "fuyuan-community");
  SendWords words{"停水通知", "明天 9 点停水", places::PlaceId{"fuyuan"}, std::vector<PersonId>{PersonId{"zhao"}},
                  std::vector<PostId>{PostId{"guard"}}, {}};
  const Caller desk = who("desk", {"notices.send"}, "/xihu/wenxin/fuyuan/");
  EXPECT_EQ(act([&](Tx& tx) { return house_.notices.send(tx, desk, words); }), 2);
  EXPECT_EQ(inbox(resident("zhao"))[0].title, "停水通知");
  EXPECT_EQ(inbox(wang_)[0].title, "停水通知");
  words.place = places::PlaceId{"yuli"};
  EXPECT_EQ(refused([&](Tx& tx) { house_.notices.send(tx, desk, words); }), "access.not_here");
}

TEST_P(Notices, a_post_of_the_same_name_in_another_compound_takes_no_line_of_an_inbox) {
  shift("guard", "yuli", {"guard-yuli"}, "yuli-estate");
  const auto send = [&](const std::string& where, const std::string& title) {
    const SendWords words{title, "", places::PlaceId{where}, {}, std::vector<PostId>{PostId{"guard"}}, {}};
    act([&](Tx& tx) { return house_.notices.send(tx, root_, words); });
  };
  for (int i = 1; i <= 3; ++i) send("fuyuan", fmt::format("府苑{}", i));
  for (int i = 1; i <= 7; ++i) send("yuli", fmt::format("渔里{}", i));
  Filter filter;
  filter.limit = 2;
  std::vector<std::string> titles;
  for (std::size_t page = 0; page < 10; ++page) {
    const auto found = ask([&](Reader& r) { return house_.notices.list(r, wang_, filter); });
    for (const Notice& notice : found) titles.push_back(notice.title);
    if (found.size() < filter.limit) break;  // what the route takes for the last page
    filter.after = found.back().id.text;
  }
  EXPECT_EQ(titles, (std::vector<std::string>{"府苑3", "府苑2", "府苑1"}));
  EXPECT_EQ(ask([&](Reader& r) { return house_.notices.count(r, wang_, {}); }), 3);
  EXPECT_EQ(ask([&](Reader& r) { return house_.notices.count(r, worker("guard-yuli"), {}); }), 7);
}

// ---- ringing ------------------------------------------------------------------------------------------------------

TEST_P(Notices, an_alarm_rings_at_one_after_the_other_until_somebody_accepts) {
  const auto id = report(resident("zhao"), "ebike-in-lift").id;  // a minute each
  ASSERT_EQ(rings(id).size(), 1U);
  EXPECT_EQ(rings(id)[0].person.text, "guard-wang");
  EXPECT_EQ(inbox(wang_)[0].class_, Class::alarm);
  pass(59s);
  EXPECT_EQ(rings(id)[0].person.text, "guard-wang");
  pass(1s);
  EXPECT_EQ(rings(id)[0].person.text, "guard-li");
  EXPECT_EQ(look(id).person->text, "guard-li");
  pass(30s);
  move(li_, id, Move::accept);
  EXPECT_EQ(rings(id)[0].state, RingState::answered);
  EXPECT_EQ(rings(id)[0].by, "account-guard-li");
  pass(5min);
  EXPECT_EQ(codes(id), "open assign rang rang-on rang warn accept");
}

TEST_P(Notices, a_ring_ends_with_its_case_or_when_another_post_has_it) {
  const auto id = report(resident("zhao"), "ebike-in-lift").id;
  cases::Words to;
  to.post = cases::PostId{"repairer"};
  move(manager_, id, Move::assign, to);
  const auto all = rings(id);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].state, RingState::stopped);
  EXPECT_EQ(all[0].person.text, "repairer");
  move(manager_, id, Move::refuse, note("重复"));
  EXPECT_EQ(rings(id)[0].state, RingState::stopped);
}

TEST_P(Notices, grade_one_rings_at_everybody_who_is_called_and_reporting_in_answers) {
  const auto id = report(resident("zhao"), "fire").id;
  std::set<std::string> rung;
  for (const Ring& ring : rings(id)) rung.insert(ring.purpose + ":" + ring.person.text);
  EXPECT_EQ(rung, (std::set<std::string>{":commander", "fire:fireman", "guard:guard-wang", "medical:commander", "police:police-officer",
                                         "street-safety:street"}));
  move(wang_, id, Move::report_in);
  for (const Ring& ring : rings(id))
    EXPECT_EQ(ring.state, ring.purpose == "guard" ? RingState::answered : RingState::ringing) << ring.purpose;
}

// ---- channels -----------------------------------------------------------------------------------------------------

/// Answers as the test says.
struct Parrot final : Channel {
  std::string_view name() const override { return "test"; }
  Attempt send(const Message& message) override {
    sent.push_back(message.to);
    return next;
  }
  std::vector<std::string> sent;
  Attempt next{true, false, "ok"};
};

class Channels : public Notices {
 protected:
  Channels() {
    auto parrot = std::make_unique<Parrot>();
    parrot_ = parrot.get();
    std::vector<std::unique_ptr<Channel>> channels;
    channels.push_back(std::move(parrot));
    courier_ = std::make_unique<Courier>(house_.lane, house_.readers, house_.notices, world_.clock, std::move(channels));
  }
  Parrot* parrot_;
  std::unique_ptr<Courier> courier_;
};
BOTH_ENGINES(Channels);

TEST_P(Channels, what_is_queued_is_sent_once_and_logged) {
  const MessageId id = queue("a");
  EXPECT_EQ(courier_->round(), 1U);
  EXPECT_EQ(courier_->round(), 0U);
  EXPECT_EQ(parrot_->sent, std::vector<std::string>{"a"});
  EXPECT_EQ(message(id).state, MessageState::sent);
  EXPECT_EQ(ask([&](Reader& r) { return house_.notices.log(r, id); }).size(), 1U);
  queue("a", "same");
  queue("a", "same");
  EXPECT_EQ(courier_->round(), 1U);
}

TEST_P(Channels, whoever_answers_for_a_place_sees_what_left_there_and_no_receiver_but_staff) {
  const std::string here = "/xihu/wenxin/fuyuan/";
  RingId ring;
  const auto put = [&](Outgoing message) { return act([&](Tx& tx) { return house_.notices.enqueue(tx, std::move(message)); }); };
  act([&](Tx& tx) { ring = RingId::make(tx.ids()); });
  const MessageId call = put({"voice", "guard-1", R"({"words":"a"})", "", ring.text, here});
  const MessageId word = put({"sms", "zhao", R"({"words":"b"})", "", "announcement_1", here});
  const MessageId beside = put({"sms", "qian", "{}", "", "announcement_2", "/xihu/wenxin/other/"});
  const MessageId hook = put({"webhook", "desk", "{}", "", "event"});
  const auto list = [&](const Caller& caller, MessageFilter filter = {}) {
    std::vector<std::string> ids;
    const MessageFilter mine = house_.notices.within(caller, filter);
    for (const Message& m : ask([&](Reader& r) { return house_.notices.messages(r, mine); })) ids.push_back(m.id.text);
    EXPECT_EQ(ask([&](Reader& r) { return house_.notices.count_messages(r, mine); }), static_cast<std::int64_t>(ids.size()));
    return ids;
  };
  const Caller compound = who("o", {"notices.webhooks"}, here), street = who("s", {"notices.webhooks"}, "/xihu/wenxin/");
  EXPECT_EQ(list(compound), (std::vector<std::string>{word.text, call.text}));
  EXPECT_EQ(list(street), (std::vector<std::string>{beside.text, word.text, call.text}));
  EXPECT_EQ(list(root_), (std::vector<std::string>{hook.text, beside.text, word.text, call.text}));

  const auto seen = [&](const Caller& caller, const MessageId& id) {
    return ask([&](Reader& r) { return house_.notices.message(r, caller, id); });
  };
  EXPECT_EQ(seen(compound, call).to, "guard-1");
  EXPECT_EQ(seen(compound, word).to, "") << "who was meant is nobody's to read";
  EXPECT_EQ(seen(compound, word).body, "");
  EXPECT_EQ(seen(root_, word).to, "zhao");
  for (const MessageId& id : {beside, hook})
    EXPECT_EQ(refused([&](Tx& tx) { house_.notices.message(tx, compound, id); }), "notices.unknown_message");
  MessageFilter by_receiver;
  by_receiver.to = "zhao";
  EXPECT_EQ(refused([&](Tx&) { house_.notices.within(compound, by_receiver); }), "access.not_here");

  act([&](Tx& tx) { house_.notices.attempted(tx, word, {false, true, "dead number"}); });
  EXPECT_EQ(refused([&](Tx& tx) { house_.notices.retry(tx, who("x", {"notices.webhooks"}, "/xihu/wenxin/other/"), word); }),
            "notices.unknown_message");
  EXPECT_EQ(act([&](Tx& tx) { return house_.notices.retry(tx, compound, word); }).to, "");
  EXPECT_EQ(message(word).state, MessageState::queued);

  act([&](Tx& tx) { house_.notices.place_moved(tx, here, "/xihu/gudang/fuyuan/"); });
  EXPECT_TRUE(list(compound).empty());
  EXPECT_EQ(list(who("g", {"notices.webhooks"}, "/xihu/gudang/")).size(), 2U) << "they move with their place";
}

TEST_P(Channels, what_fails_is_tried_again_later_and_later_and_then_given_up_and_shown) {
  parrot_->next = {false, false, "no line"};
  const MessageId id = queue("a");
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 20 && message(id).state == MessageState::queued; ++i) {
    EXPECT_EQ(courier_->round(), 1U);
    EXPECT_EQ(courier_->round(), 0U) << "not before its time";
    const Duration wait = message(id).due - world_.clock.now();
    if (message(id).state == MessageState::queued) waits.push_back(wait.count() / 1000);
    pass(wait);
  }
  EXPECT_EQ(waits, (std::vector<std::int64_t>{10, 40, 160, 640, 2560, 10240, 21600}));
  EXPECT_EQ(message(id).state, MessageState::dead);
  EXPECT_EQ(message(id).error, "no line");
  parrot_->next = {true, false, "ok"};
  act([&](Tx& tx) { return house_.notices.retry(tx, root_, id); });
  pass(std::chrono::minutes(1));
  EXPECT_EQ(courier_->round(), 1U);
  EXPECT_EQ(message(id).state, MessageState::sent);
}

TEST_P(Channels, whom_an_attempt_did_not_reach_rests_with_all_that_waits_for_them) {
  parrot_->next = {false, false, "no line"};
  for (int i = 0; i < 3; ++i) queue("a");
  EXPECT_EQ(courier_->round(), 1U) << "the others wait, too: somebody else may be reached meanwhile";
  EXPECT_EQ(courier_->round(), 0U);
  pass(std::chrono::seconds(10));
  parrot_->next = {true, false, "ok"};
  EXPECT_EQ(courier_->round(), 3U);
}

TEST_P(Channels, ends_while_more_is_due_than_it_looks_at_in_a_round) {
  for (int i = 0; i < 100; ++i) queue(std::to_string(i));
  courier_->start();
  courier_->stop();
  const auto left = ask([&](Reader& r) { return house_.notices.due(r, world_.clock.now(), 1000); });
  EXPECT_EQ(parrot_->sent.size() + left.size(), 100U) << "each is sent once, or waits";
}

TEST_P(Channels, what_is_hopeless_is_not_tried_again) {
  parrot_->next = {false, true, "gone"};
  const MessageId id = queue("a");
  courier_->round();
  EXPECT_EQ(message(id).state, MessageState::dead);
  const MessageId nowhere = act([&](Tx& tx) { return house_.notices.enqueue(tx, {"pigeon", "x", "{}", "", ""}); });
  courier_->round();
  EXPECT_EQ(message(nowhere).state, MessageState::queued) << "the node may get the channel yet";
}

TEST_P(Channels, a_webhook_gets_the_events_that_it_asked_for_signed) {
  std::vector<http::Request> got;
  std::mutex mutex;
  http::Config config;
  config.sweep_every = Duration{100};
  http::Server server(config, world_.clock, [&](http::Request&& request, http::Responder responder) {
    const std::lock_guard lock(mutex);
    got.push_back(std::move(request));
    http::Response response;
    response.status = got.size() == 1 ? 500 : 204;
    responder.answer(std::move(response));
  });
  WebhookWords words{fmt::format("http://127.0.0.1:{}/in?a=b", server.port()), {"cases.opened"}, places::PlaceId{"fuyuan"}, {}, {}};
  house_.notices.let_webhooks_inside(true);
  const MadeWebhook made = act([&](Tx& tx) { return house_.notices.put_webhook(tx, root_, WebhookId{"desk"}, words); });
  EXPECT_GE(made.secret.size(), 16U);
  report(resident("zhao"), "leak");
  std::vector<std::unique_ptr<Channel>> channels;
  channels.push_back(std::make_unique<WebhookChannel>(house_.readers, house_.notices, world_.clock, true));
  Courier courier(house_.lane, house_.readers, house_.notices, world_.clock, std::move(channels));
  EXPECT_EQ(courier.round(), 1U) << "cases.opened alone";
  pass(10s);
  EXPECT_EQ(courier.round(), 1U);
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[1].target, "/in?a=b");
  EXPECT_EQ(got[0].header("X-Lifang-Delivery"), got[1].header("X-Lifang-Delivery"));
  EXPECT_EQ(got[1].header("X-Lifang-Signature"), signature_of(made.secret, got[1].header("X-Lifang-Timestamp"), got[1].body));
  EXPECT_NE(got[1].body.find("\"topic\":\"cases.opened\""), std::string::npos);
  server.stop(Duration{0});
}

TEST_P(Channels, a_webhook_never_leads_into_the_network_of_the_node) {
  for (const char* inside : {"http://127.0.0.1:9/", "http://localhost/", "http://[::1]/", "https://10.0.0.8/hook", "http://169.254.169.254/latest"}) {
    const WebhookWords words{inside, {"cases"}, {}, {}, {}};
    EXPECT_EQ(refused([&](Tx& tx) { house_.notices.put_webhook(tx, root_, WebhookId{"inside"}, words); }), "notices.inside_address") << inside;
  }
  // One that was taken when it was allowed, or whose name leads inside.
  house_.notices.let_webhooks_inside(true);
  WebhookWords words{"http://127.0.0.1:9/", {"cases"}, {}, {}, {}};
  act([&](Tx& tx) { return house_.notices.put_webhook(tx, root_, WebhookId{"inside"}, words); });
  report(resident("zhao"), "leak");
  std::vector<std::unique_ptr<Channel>> channels;
  channels.push_back(std::make_unique<WebhookChannel>(house_.readers, house_.notices, world_.clock, false));
  Courier courier(house_.lane, house_.readers, house_.notices, world_.clock, std::move(channels));
  EXPECT_GT(courier.round(), 0U);
  MessageFilter dead;
  dead.state = MessageState::dead;
  const auto all = ask([&](Reader& r) { return house_.notices.messages(r, dead); });
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all[0].error, "the address lies inside the network; [webhooks] inside = true in config.toml lets receivers stand there");
}

TEST_P(Channels, a_webhook_is_described_in_bounds_and_keeps_its_secret) {
  const auto attempt = [&](WebhookWords words) {
    return refused([&](Tx& tx) { house_.notices.put_webhook(tx, root_, WebhookId{"x"}, words); });
  };
  EXPECT_EQ(attempt({"ftp://host/", {"cases"}, {}, {}, {}}), "notices.bad_url");
  EXPECT_EQ(attempt({"https://user:pw@host/", {"cases"}, {}, {}, {}}), "notices.bad_url");
  EXPECT_EQ(attempt({"https://host/", {}, {}, {}, {}}), "notices.bad_topic");
  EXPECT_EQ(attempt({"https://host/", {"*"}, {}, {}, {}}), "notices.bad_topic");
  EXPECT_EQ(attempt({"https://host/", {"cases"}, {}, "short", {}}), "notices.bad_secret");
  const auto made = act([&](Tx& tx) { return house_.notices.put_webhook(tx, root_, WebhookId{"x"}, {"https://host/", {"cases"}, {}, {}, {}}); });
  const auto changed = act([&](Tx& tx) { return house_.notices.put_webhook(tx, root_, WebhookId{"x"}, {"https://host/2", {"cases"}, {}, {}, {}}); });
  EXPECT_EQ(changed.secret, "") << "answered once";
  EXPECT_EQ(ask([&](Reader& r) { return house_.notices.secret_of(r, WebhookId{"x"}); }), made.secret);
  const Caller nobody = who("n", {"notices.webhooks"}, "/xihu/");
  EXPECT_EQ(refused([&](Tx& tx) { house_.notices.remove_webhook(tx, nobody, WebhookId{"x"}); }), "access.not_here");
}

TEST_P(Channels, a_webhook_shows_its_place_and_keeps_it_until_another_is_said) {
  const auto put = [&](std::optional<places::PlaceId> place) {
    return act([&](Tx& tx) {
      return house_.notices.put_webhook(tx, root_, WebhookId{"x"}, {"https://host/", {"cases"}, std::move(place), {}, {}});
    });
  };
  EXPECT_FALSE(put({}).place) << "a new one hears the whole node";
  EXPECT_EQ(put(places::PlaceId{"fuyuan"}).place, places::PlaceId{"fuyuan"});
  EXPECT_EQ(put({}).path, "/xihu/wenxin/fuyuan/");
  EXPECT_EQ(ask([&](Reader& r) { return house_.notices.find_webhook(r, WebhookId{"x"}); })->place, places::PlaceId{"fuyuan"});
  EXPECT_EQ(ask([&](Reader& r) { return house_.notices.webhooks(r); }).at(0).place, places::PlaceId{"fuyuan"});
  const MadeWebhook wide = put(places::PlaceId{""});
  EXPECT_FALSE(wide.place);
  EXPECT_EQ(wide.path, "/");
}

TEST(Webhooks, hear_a_room_or_a_topic_of_their_place) {
  const Webhook webhook{WebhookId{"x"}, "https://host/", {"cases", "situations.opened"}, "/xihu/", false, {}};
  EXPECT_TRUE(wants(webhook, "cases.closed", "/xihu/fuyuan/"));
  EXPECT_TRUE(wants(webhook, "situations.opened", "/xihu/"));
  EXPECT_FALSE(wants(webhook, "situations.cleared", "/xihu/"));
  EXPECT_FALSE(wants(webhook, "casesx.closed", "/xihu/"));
  EXPECT_FALSE(wants(webhook, "cases.closed", "/other/"));
}

}  // namespace
}  // namespace lifang::notices
