// A node with its sockets: what outsiders meet at its doors.
#include <future>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "commands_serve.hpp"
#include "house_live.hpp"
#include "node_shell.hpp"
#include "platform/bus/typed.hpp"
#include "support/raw_client.hpp"
#include "support/test_node.hpp"

namespace lifang {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kPatience(20);  // only a broken node ever uses it up

/// A place, a profile and a device that may speak.
void furnish(TestNode& node) {
  node.must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
  node.must("PUT", "/api/v1/devices/profiles/air",
            R"({"name":"空气站","metrics":[{"id":"pm25","min":0,"max":2000},{"id":"temp"}],"detections":["smoke"]})");
  node.must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate","secret":"station-secret"})");
}

// ---- the first login --------------------------------------------------------------------------------------------

TEST(NodeStart, a_login_at_the_first_instant_finds_the_first_admin) {
  const TestFolder folder;
  ::setenv("LIFANG_ADMIN_PASSWORD", TestNode::kPassword, 1);
  std::atomic<bool> done{false};
  int first = 0;
  std::thread impatient([&] {
    http::Client client("http://node", {.unix_path = (folder.path() / "lifang.sock").string()});
    while (first == 0 && !done) {
      const auto reply = client.post("/api/v1/sessions", R"({"login":"admin","password":"correct horse 7"})");
      if (reply.failure == http::Failure::none) first = reply.status;
    }
  });
  {
    ServeOptions options;
    options.directory = folder.path();
    options.http = options.mqtt = "127.0.0.1:0";
    RunningNode running(options);
    while (first == 0 && impatient.joinable()) {
      http::Client client("http://node", {.unix_path = (folder.path() / "lifang.sock").string()});
      if (client.get("/healthz").good()) break;
    }
    impatient.join();
    done = true;
  }
  EXPECT_EQ(first, 200) << "nothing listens before there is somebody to let in";
}

// ---- back-pressure -----------------------------------------------------------------------------------------------

TEST(NodeUnderPressure, a_full_lane_makes_http_devices_come_again_and_loses_nothing) {
  const TestFolder folder;
  TestNode node(folder.path(), [](config::Config& c) {
    c.limits.lane_waiting = 4;
    c.http.threads = 1;
  });
  furnish(node);
  node.admin();
  std::promise<void> busy, free;
  node.house().lane.submit([&](Tx&) { busy.set_value(), free.get_future().wait(); }, [](std::exception_ptr) {});
  busy.get_future().wait();

  const std::string five = R"([{"ts":1,"values":{"pm25":1}},{"ts":2,"values":{"pm25":2}},{"ts":3,"values":{"pm25":3}},{"ts":4,"values":{"pm25":4}},{"ts":5,"values":{"pm25":5}}])";
  const auto send = [&](const std::string& body) { return http::Client(node.origin()).post("/api/v1/station-secret/telemetry", body); };
  auto waiting = std::async(std::launch::async, [&] { return send(five); });
  while (node.metric("lifang_porch_waiting_values") < 5) std::this_thread::yield();

  const auto refused = send(R"({"ts":6,"values":{"pm25":6}})");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(parse_json(refused.body).at("code").as_string(), "porch.full");
  EXPECT_EQ(node.metric("lifang_porch_waiting_values"), 5U) << "it grows no further";
  EXPECT_EQ(node.refused("porch.full"), 1U);
  free.set_value();
  EXPECT_EQ(waiting.get().status, 200) << "what waited was stored";
  EXPECT_EQ(send(R"({"ts":6,"values":{"pm25":6}})").status, 200);
  EXPECT_EQ(node.must("GET", "/api/v1/readings?device=station&metric=pm25&from=0&to=100").at("items").as_array().size(), 6U);
}

// ---- bad input, from the device's end to the device's page -----------------------------------------------------------

class NodeBadInput : public testing::Test {
 protected:
  NodeBadInput() : node_(folder_.path()) { furnish(node_); }
  std::unique_ptr<mqtt::Client> enter(mqtt::Version version = mqtt::Version::v5, const std::string& secret = "station-secret") {
    auto config = node_.porch("station", secret);
    config.version = version;
    auto client = std::make_unique<mqtt::Client>(config, steady_);
    client->on_acknowledged = [this](std::uint64_t, mqtt::Reason reason) { last_ = reason; };
    client->connect(kPatience);
    return client;
  }
  /// What the PUBACK says of one message.
  mqtt::Reason said(mqtt::Client& client, const std::string& payload, const std::string& topic = "v1/devices/me/telemetry") {
    client.publish(topic, payload);
    EXPECT_TRUE(client.finish(kPatience)) << payload;
    return last_;
  }
  /// A number on the device's page.
  std::int64_t page(const std::string& word) {
    return node_.must("GET", "/api/v1/devices/station").at("condition").at(word).to_number<std::int64_t>();
  }
  std::size_t stored() { return node_.must("GET", "/api/v1/readings?device=station&metric=pm25&from=0").at("items").as_array().size(); }
  std::string ts(Duration d = {}) { return std::to_string(to_ms(node_.world().clock.now() + d)); }

  TestFolder folder_;
  RealSteady steady_;
  TestNode node_;
  mqtt::Reason last_ = mqtt::Reason::success;
};

TEST_F(NodeBadInput, a_wrong_secret_is_refused_and_says_nothing_about_which_half_was_wrong) {
  EXPECT_EQ(enter(mqtt::Version::v3, "wrong-secret")->code(), 4);
  EXPECT_EQ(enter(mqtt::Version::v5, "wrong-secret")->code(), 0x86);
  auto config = node_.porch("nobody", "station-secret");
  mqtt::Client stranger(config, steady_);
  EXPECT_FALSE(stranger.connect(kPatience));
  EXPECT_EQ(stranger.code(), 4);
  EXPECT_EQ(node_.refused("porch.bad_credentials"), 3U);
  const auto reply = http::Client(node_.origin()).post("/api/v1/wrong-secret/telemetry", R"({"pm25":1})");
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(node_.refused("porch.bad_credentials"), 4U);
}

TEST_F(NodeBadInput, a_foreign_topic_closes_the_old_version_and_is_refused_to_the_new) {
  auto old = enter(mqtt::Version::v3);
  old->publish("v1/devices/other/telemetry", R"({"pm25":1})");
  EXPECT_FALSE(old->finish(kPatience));
  EXPECT_EQ(node_.refused("porch.foreign_topic"), 1U);
  auto client = enter();
  EXPECT_EQ(said(*client, R"({"pm25":1})", "v1/devices/other/telemetry"), mqtt::Reason::not_authorized);
  EXPECT_TRUE(client->is_open());
  EXPECT_EQ(node_.refused("porch.foreign_topic"), 2U);
  EXPECT_EQ(stored(), 0U);
}

TEST_F(NodeBadInput, a_huge_packet_ends_the_connection_before_it_is_read) {
  auto client = enter(mqtt::Version::v3);
  client->publish("v1/devices/me/telemetry", std::string(300 * 1024, ' '));
  EXPECT_FALSE(client->finish(kPatience));
  EXPECT_EQ(node_.refused("mqtt.packet_too_large"), 1U);
}

TEST_F(NodeBadInput, broken_json_is_acknowledged_as_refused_and_the_connection_goes_on) {
  auto client = enter();
  for (const char* broken : {"{", "[]x", R"({"ts":"soon","values":{"pm25":1}})", "null", "\xff\xfe", ""})
    EXPECT_EQ(said(*client, broken), mqtt::Reason::payload_format_invalid) << broken;
  EXPECT_EQ(node_.refused("porch.unreadable"), 6U);
  EXPECT_EQ(page("refused"), 6);
  EXPECT_EQ(said(*client, R"({"pm25":1})"), mqtt::Reason::success);
  EXPECT_EQ(stored(), 1U);
}

TEST_F(NodeBadInput, a_wrong_type_or_unknown_metric_is_refused_alone_and_the_rest_stands) {
  auto client = enter();
  EXPECT_EQ(said(*client, R"({"pm25":"much","temp":null,"noise":3,"nested":{"a":1}})"), mqtt::Reason::payload_format_invalid);
  EXPECT_EQ(node_.refused("porch.bad_value"), 2U);
  EXPECT_EQ(node_.refused("porch.unknown_metric"), 2U);
  EXPECT_EQ(said(*client, R"({"pm25":12,"noise":3,"temp":[1]})"), mqtt::Reason::success);
  EXPECT_EQ(node_.refused("porch.bad_value"), 3U);
  EXPECT_EQ(node_.refused("porch.unknown_metric"), 3U);
  EXPECT_EQ(page("refused"), 6);
  EXPECT_EQ(stored(), 1U);
}

TEST_F(NodeBadInput, out_of_range_is_acknowledged_kept_as_suspect_and_seen_by_no_latest_value) {
  auto client = enter();
  EXPECT_EQ(said(*client, R"({"ts":)" + ts() + R"(,"values":{"pm25":12}})"), mqtt::Reason::success);
  EXPECT_EQ(said(*client, R"({"ts":)" + ts(seconds(1)) + R"(,"values":{"pm25":9999}})"), mqtt::Reason::success);
  EXPECT_EQ(page("suspect"), 1);
  EXPECT_EQ(page("refused"), 0);
  EXPECT_EQ(stored(), 2U);
  const auto latest = node_.must("GET", "/api/v1/readings/latest?place=gate");
  EXPECT_NE(to_json(latest).find("12"), std::string::npos);
  EXPECT_EQ(to_json(latest).find("9999"), std::string::npos);
  EXPECT_EQ(node_.metric("lifang_readings_suspect_total"), 1U);
}

TEST_F(NodeBadInput, the_future_is_refused_beyond_a_day) {
  auto client = enter();
  EXPECT_EQ(said(*client, R"({"ts":)" + ts(hours(25)) + R"(,"values":{"pm25":12}})"), mqtt::Reason::payload_format_invalid);
  EXPECT_EQ(node_.refused("porch.future"), 1U);
  EXPECT_EQ(said(*client, R"({"ts":)" + ts(hours(23)) + R"(,"values":{"pm25":12}})"), mqtt::Reason::success);
  EXPECT_EQ(page("refused"), 1);
}

TEST_F(NodeBadInput, what_comes_twice_is_one_reading_and_what_comes_late_is_history) {
  auto client = enter();
  const std::string once = R"({"ts":)" + ts() + R"(,"values":{"pm25":12}})";
  EXPECT_EQ(said(*client, once), mqtt::Reason::success);
  EXPECT_EQ(said(*client, once), mqtt::Reason::success) << "it is stored, so it is acknowledged";
  EXPECT_EQ(said(*client, R"({"ts":)" + ts(-minutes(1)) + R"(,"values":{"pm25":300}})"), mqtt::Reason::success);
  EXPECT_EQ(stored(), 2U);
  EXPECT_EQ(page("repeated"), 1);
  EXPECT_EQ(page("late"), 1);
  EXPECT_EQ(page("messages"), 3);
  EXPECT_EQ(node_.metric("lifang_readings_repeated_total"), 1U);
  EXPECT_EQ(node_.metric("lifang_readings_late_total"), 1U);
}

TEST_F(NodeBadInput, a_detection_needs_a_kind_and_a_confidence_that_can_be) {
  auto client = enter();
  const std::string topic = "v1/devices/me/detections";
  EXPECT_EQ(said(*client, R"({"confidence":0.5})", topic), mqtt::Reason::payload_format_invalid);
  EXPECT_EQ(said(*client, R"({"kind":"smoke","confidence":1.5})", topic), mqtt::Reason::payload_format_invalid);
  EXPECT_EQ(node_.refused("porch.bad_detection"), 2U);
  EXPECT_EQ(said(*client, R"({"kind":"smoke","confidence":0.5})", topic), mqtt::Reason::success);
  EXPECT_EQ(page("refused"), 2);
}

TEST_F(NodeBadInput, a_detection_says_nothing_that_the_rooms_could_not_read_again) {
  auto client = enter();
  const std::string topic = "v1/devices/me/detections";
  for (const char* attributes : {R"({"a":1,"a":2})", R"({"far":1e400})", R"({"far":NaN})", R"({"clip":"a\u0000b"})", R"({"n":-Infinity})"})
    EXPECT_EQ(said(*client, fmt::format(R"({{"kind":"smoke","attributes":{}}})", attributes), topic), mqtt::Reason::payload_format_invalid)
        << attributes;
  EXPECT_EQ(said(*client, R"({"kind":"smo\u0000ke"})", topic), mqtt::Reason::payload_format_invalid);
  EXPECT_EQ(said(*client, R"({"kind":"smoke","attributes":{"clip":"a","track":[{"x":0.5,"t":"NaN"}]}})", topic), mqtt::Reason::success)
      << "the word NaN is no number";
  EXPECT_EQ(page("refused"), 6);
}

TEST_F(NodeBadInput, the_page_says_when_it_was_last_seen_and_whether_it_is_here) {
  EXPECT_FALSE(node_.must("GET", "/api/v1/devices/station").at("condition").as_object().if_contains("last_seen"));
  auto client = enter();
  said(*client, R"({"pm25":1})");
  const auto condition = node_.must("GET", "/api/v1/devices/station").at("condition");
  EXPECT_EQ(parse_time(std::string(condition.at("last_seen").as_string())), node_.world().clock.now());
  EXPECT_TRUE(condition.at("connected").as_bool());
}

// ---- the live stream -------------------------------------------------------------------------------------------------

struct Noise {
  static constexpr std::string_view topic = "situations.noise";
  std::int64_t n = 0;
  std::string words;
};
BOOST_DESCRIBE_STRUCT(Noise, (), (n, words))

class NodeLive : public testing::Test {
 protected:
  NodeLive() : node_(folder_.path()) {
    node_.must("PUT", "/api/v1/places/here", R"({"kind":"compound","name":"这里"})");
    node_.must("PUT", "/api/v1/places/there", R"({"kind":"compound","name":"那里"})");
    node_.admin();
  }
  void tell(std::int64_t n, const std::string& path = "/here/", std::size_t size = 1) {
    House& house = node_.house();
    house.lane.now([&](Tx& tx) { bus::tell(house.bus, tx, Noise{n, std::string(size, 'x')}, {"noise", path, {}, {}}); });
  }
  /// Listens until `enough` says so. @returns (id, n) of what was heard
  std::vector<std::pair<std::string, std::int64_t>> hear(const std::string& token, const std::string& last, std::size_t enough,
                                                          const std::function<void()>& meanwhile = {}) {
    std::vector<std::pair<std::string, std::int64_t>> heard;
    http::Pairs headers{{"Authorization", "Bearer " + token}};
    if (!last.empty()) headers.emplace_back("Last-Event-ID", last);
    http::Client client(node_.origin());
    const double before = listeners();
    std::thread other([&] {
      while (listeners() <= before && last.empty()) std::this_thread::yield();
      if (meanwhile) meanwhile();
    });
    client.events("/api/v1/live?topics=situations", headers, [&](const http::Event& event) {
      heard.emplace_back(event.id, parse_json(event.data).at("body").at("n").to_number<std::int64_t>());
      heard_ = heard.size();
      return heard.size() < enough;
    });
    other.join();
    return heard;
  }
  double listeners() { return static_cast<double>(http_listeners()); }
  std::uint64_t http_listeners() {
    http::Client client(node_.origin());
    const auto body = "\n" + client.get("/metrics").body;
    const auto at = body.find("\nlifang_live_listeners ");
    return at == std::string::npos ? 0 : static_cast<std::uint64_t>(std::stod(body.substr(at + 23)));
  }
  std::atomic<std::size_t> heard_{0};  ///< events that the reader has had so far
  TestFolder folder_;
  TestNode node_;
};

TEST_F(NodeLive, resumes_behind_the_last_event_without_a_gap_while_more_are_told) {
  const auto first = hear(node_.admin(), "", 3, [&] {
    for (int n = 1; n <= 5; ++n) tell(n);
  });
  ASSERT_EQ(first.size(), 3U);
  for (int n = 6; n <= 1200; ++n) tell(n);  // more than a page, while nobody listens
  const auto second = hear(node_.admin(), first.back().first, 1297, [&] {
    for (int n = 1201; n <= 1300; ++n) tell(n);
  });
  std::vector<std::int64_t> numbers, expected;
  for (const auto* part : {&first, &second})
    for (const auto& [id, n] : *part) numbers.push_back(n);
  for (std::int64_t n = 1; n <= 1300; ++n) expected.push_back(n);
  EXPECT_EQ(numbers, expected) << "each once, in order";
}

TEST_F(NodeLive, who_cannot_go_on_where_they_were_is_told_to_read_anew) {
  tell(1);
  std::vector<std::string> heard;
  std::thread other;
  const http::Pairs headers{{"Authorization", "Bearer " + node_.admin()}, {"Last-Event-ID", "99999999"}};
  http::Client(node_.origin()).events("/api/v1/live?topics=situations", headers, [&](const http::Event& event) {
    heard.push_back(event.name);
    if (heard.size() == 1) other = std::thread([&] { tell(2); });
    return heard.size() < 2;
  });
  if (other.joinable()) other.join();
  EXPECT_EQ(heard, (std::vector<std::string>{"reset", "situations.noise"})) << "and from then on hears what is told";
}

TEST_F(NodeLive, an_id_that_cannot_be_read_is_lost_like_one_that_is_too_new) {
  tell(1);
  for (const std::string last : {"situation_1", "1x", "99999999999999999999", "-7"}) {
    std::vector<std::string> heard;
    const http::Pairs headers{{"Authorization", "Bearer " + node_.admin()}, {"Last-Event-ID", last}};
    http::Client(node_.origin()).events("/api/v1/live?topics=situations", headers, [&](const http::Event& event) {
      heard.push_back(event.name);
      return false;
    });
    EXPECT_EQ(heard, std::vector<std::string>{"reset"}) << last;
  }
}

TEST_F(NodeLive, a_word_that_is_no_room_is_refused_and_every_room_is_one) {
  for (const std::string word : {"situation", "situations.opened", "situations,caes", "why", "src", "*"}) {
    const auto refused = node_.ask("GET", "/api/v1/live?topics=" + word);
    EXPECT_EQ(refused.status, 422) << word << " " << refused.body;
    EXPECT_NE(refused.body.find("http.unknown_topic"), std::string::npos) << refused.body;
  }
  EXPECT_EQ(http::Client(node_.origin()).get("/api/v1/live?topics=nonsense").status, 401) << "first of all, who asks";
  for (const char* room : {"places", "people", "accounts", "files", "audit", "devices", "readings", "rules", "situations", "rosters", "cases",
                           "actions", "notices", "evaluations", "exchange", "drills", "imports", "affairs", "scorecards", "node"})
    EXPECT_TRUE(is_room(room, *node_.house().routes)) << room;
}

TEST_F(NodeLive, who_may_see_one_place_hears_of_no_other) {
  const std::string viewer = node_.login("watcher", "viewer", "here");
  const auto tell_all = [&] {
    for (int n = 1; n <= 6; ++n) tell(n, n % 2 ? "/there/" : "/here/");
  };
  const auto live = hear(viewer, "", 3, tell_all);
  EXPECT_EQ(live.size(), 3U);
  for (const auto& [id, n] : live) EXPECT_EQ(n % 2, 0);
  const auto resumed = hear(viewer, "0", 3);
  EXPECT_EQ(resumed, live) << "the past is scoped like the present";
  const auto refused = http::Client(node_.origin()).get("/api/v1/live?topics=audit", {{"Authorization", "Bearer " + viewer}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(http::Client(node_.origin()).get("/api/v1/live").status, 401);
}

TEST_F(NodeLive, how_the_node_is_reaches_those_who_look_after_it_and_nobody_else) {
  const std::string viewer = node_.login("watcher", "viewer", "here");
  EXPECT_EQ(node_.ask("GET", "/api/v1/node/health", {}, viewer).status, 403);
  EXPECT_EQ(node_.ask("GET", "/api/v1/live?topics=node", {}, viewer).status, 403);
  const auto health = node_.must("GET", "/api/v1/node/health");
  EXPECT_TRUE(health.at("ready").as_bool());
  EXPECT_TRUE(health.at("parked").as_array().empty());
  EXPECT_GT(health.at("disk_total_bytes").to_number<std::int64_t>(), 0);
  EXPECT_EQ(health.at("refused").as_array().at(0).at("reason").as_string(), "access.no_right") << "what the watcher was refused";
  // A beat every ten seconds while somebody listens, without a number: it moves nothing that a page resumes behind.
  std::vector<http::Event> heard;
  std::thread other([&] {
    while (listeners() < 1) std::this_thread::yield();
    node_.node().beat();
    node_.world().clock.advance(std::chrono::seconds(9));
    node_.node().beat();  // too soon
    node_.world().clock.advance(std::chrono::seconds(1));
    node_.node().beat();
    tell(1);
  });
  http::Client(node_.origin()).events("/api/v1/live?topics=node,situations", {{"Authorization", "Bearer " + node_.admin()}},
                                      [&](const http::Event& event) {
                                        heard.push_back(event);
                                        return event.name != "situations.noise";
                                      });
  other.join();
  ASSERT_EQ(heard.size(), 3U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(heard[i].name, "node.health");
    EXPECT_TRUE(parse_json(heard[i].data).at("body").at("ready").as_bool());
  }
  EXPECT_FALSE(heard[2].id.empty());
}

TEST_F(NodeLive, who_looks_at_a_device_hears_when_it_speaks_and_of_no_other) {
  furnish(node_);
  node_.must("PUT", "/api/v1/devices/elsewhere", R"({"profile":"air","place":"there","secret":"elsewhere-secret"})");
  const auto speak = [&](const std::string& secret) {
    return http::Client(node_.origin()).post("/api/v1/" + secret + "/telemetry", R"({"pm25":41})").status;
  };
  // Who may see one place hears of no device of another, whatever they name.
  const std::string viewer = node_.login("watcher", "viewer", "here");
  std::vector<std::string> kept;
  http::Client quiet(node_.origin());
  std::thread other_place([&] {
    quiet.events("/api/v1/live?topics=devices,situations&device=station", {{"Authorization", "Bearer " + viewer}},
                 [&](const http::Event& event) {
                   kept.push_back(event.name);
                   return event.name != "situations.noise";
                 });
  });
  while (listeners() < 1) std::this_thread::yield();
  std::vector<http::Event> heard;
  std::thread other([&] {
    while (listeners() < 2) std::this_thread::yield();
    node_.node().tell_of_devices();
    EXPECT_EQ(speak("station-secret"), 200);
    node_.node().tell_of_devices();
    EXPECT_EQ(speak("elsewhere-secret"), 200);
    for (int nothing_new = 0; nothing_new < 20; ++nothing_new) node_.node().tell_of_devices();
    tell(1);
  });
  http::Client(node_.origin())
      .events("/api/v1/live?topics=devices,situations&device=station,nobody", {{"Authorization", "Bearer " + node_.admin()}},
              [&](const http::Event& event) {
                heard.push_back(event);
                return event.name != "situations.noise";
              });
  other.join();
  other_place.join();
  // Once because somebody came to look and once because it spoke; the background may have looked in between.
  ASSERT_GE(heard.size(), 3U);
  ASSERT_LE(heard.size(), 10U);
  for (std::size_t i = 0; i + 1 < heard.size(); ++i) {
    EXPECT_EQ(heard[i].name, "devices.said");
    EXPECT_EQ(parse_json(heard[i].data).at("subject").as_string(), "station");
    EXPECT_EQ(parse_json(heard[i].data).at("path").as_string(), "/gate/");
  }
  EXPECT_EQ(kept, std::vector<std::string>{"situations.noise"});
}

TEST_F(NodeLive, a_reader_that_takes_nothing_is_let_go_and_holds_up_nobody) {
  http::RawClient slow(node_.node().http_port());
  slow.say("GET /api/v1/live?topics=situations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + node_.admin() + "\r\n\r\n");
  while (http_listeners() == 0) std::this_thread::yield();
  constexpr std::size_t kMany = 400, kBehind = 20;
  const auto heard = hear(node_.admin(), "", kMany, [&] {
    while (http_listeners() < 2) std::this_thread::yield();
    for (std::size_t n = 1; n <= kMany; ++n) {
      while (heard_ + kBehind < n) std::this_thread::yield();  // or the good reader would be slow as well
      tell(static_cast<std::int64_t>(n), "/here/", 64 * 1024);
    }
  });
  EXPECT_EQ(heard.size(), kMany);
  EXPECT_EQ(node_.refused("http.slow_reader"), 1U);
}

TEST(NodeReady, says_whose_events_were_set_aside_and_serves_on) {
  const TestFolder folder;
  TestNode node(folder.path());
  // Of a topic that nobody hears any more: it stays aside when the start tries it again.
  node.house().lane.now([](Tx& tx) {
    tx.run("INSERT INTO bus_aside (hearer, seq, at, topic, subject, path, cause, by, body, error) "
           "VALUES ('cases', 1, 0, 'none.such', 'thing', '/', '', '', '{}', 'test.never')");
  });
  EXPECT_EQ(node.ask("GET", "/readyz", {}, "-").body.find("aside"), std::string::npos);
  node.restart();
  const auto ready = node.ask("GET", "/readyz", {}, "-");
  EXPECT_EQ(ready.status, 200);
  EXPECT_NE(ready.body.find("cases set 1 events aside (lifang verify)"), std::string::npos) << ready.body;
  EXPECT_NE(std::string(node.must("GET", "/api/v1/node/health").at("note").as_string()).find("cases set 1 events aside"), std::string::npos);
  EXPECT_FALSE(node.must("GET", "/api/v1/node/verify").at("ok").as_bool());
}

// ---- metrics ----------------------------------------------------------------------------------------------------------

TEST(NodeMetrics, name_every_family_once_and_count_what_no_route_took) {
  const TestFolder folder;
  TestNode node(folder.path());
  http::Client client(node.origin());
  EXPECT_EQ(client.get("/no/such/page").status, 404);
  EXPECT_EQ(client.get("/api/v1/nothing").status, 404);
  std::istringstream lines(client.get("/metrics").body);
  std::set<std::string> families, samples;
  std::string family, kind, refused;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) {
      std::istringstream(line.substr(7)) >> family >> kind;
      EXPECT_TRUE(families.insert(family).second) << family << " stands in two pieces";
      EXPECT_EQ(kind, family.ends_with("_total") ? "counter" : "gauge") << family;
      continue;
    }
    const auto key = line.substr(0, line.rfind(' '));
    EXPECT_EQ(key.substr(0, key.find('{')), family);
    EXPECT_TRUE(samples.insert(key).second) << key << " twice";
    if (key == "lifang_refused_total{reason=\"http.no_route\"}") refused = line.substr(key.size() + 1);
  }
  EXPECT_EQ(refused, "2");
}

}  // namespace
}  // namespace lifang
