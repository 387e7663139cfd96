// The live stream of a node with its sockets: who hears what, and nobody misses anything.
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
  node_.add_station();
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

}  // namespace
}  // namespace lifang
