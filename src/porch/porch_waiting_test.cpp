// What waits at the porch is bounded whichever way it came, and the node says how its clock is.
#include <future>

#include "support/test_folder.hpp"
#include "support/test_node.hpp"

namespace lifang::porch {
namespace {

class NodeWaiting : public testing::Test {
 protected:
  NodeWaiting() : node_(folder_.path()) {
    node_.must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
    node_.must("PUT", "/api/v1/devices/profiles/air", R"({"name":"空气站","metrics":[{"id":"pm25"}]})");
    node_.must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate","secret":"station-secret"})");
  }
  int say(const std::string& key) {
    const std::string body = R"([{"pm25":1},{"pm25":2},{"pm25":3}])";
    http::Client client(node_.origin());
    return client.request("POST", "/api/v1/station-secret/telemetry", {{"Idempotency-Key", key}}, body).status;
  }
  void until_waiting(int values) {
    const std::string line = "\nlifang_porch_waiting_values " + std::to_string(values);
    const auto so = [&] { return asked("/metrics").body.find(line) != std::string::npos; };
    for (int turn = 0; turn < 100'000 && !so(); ++turn) continue;
    EXPECT_TRUE(so()) << values;
  }
  http::Reply asked(const std::string& target) { return node_.ask("GET", target, {}, "-"); }
  TestFolder folder_;
  TestNode node_;
};

TEST_F(NodeWaiting, a_message_with_an_idempotency_key_weighs_until_it_is_answered) {
  std::promise<void> go;
  node_.house().lane.submit([&](Tx&) { go.get_future().wait(); }, [](std::exception_ptr) {});
  auto first = std::async(std::launch::async, [&] { return say("one"); });
  until_waiting(3);
  auto second = std::async(std::launch::async, [&] { return say("two"); });
  until_waiting(6);
  go.set_value();
  EXPECT_EQ(first.get(), 200);
  EXPECT_EQ(second.get(), 200);
  until_waiting(0);
  EXPECT_EQ(say("one"), 200) << "the first answer again";
  until_waiting(0);
}

TEST_F(NodeWaiting, a_clock_that_is_set_back_is_told_and_the_work_goes_on) {
  const auto write = [&] { node_.must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})"); };
  EXPECT_EQ(asked("/readyz").body, "ready\n");
  node_.world().clock.advance(-std::chrono::hours(1));
  write();
  const auto told = asked("/readyz");
  EXPECT_EQ(told.status, 200) << "it works on";
  EXPECT_NE(told.body.find("the clock was set back"), std::string::npos) << told.body;
  EXPECT_NE(asked("/metrics").body.find("lifang_clock_set_back 1"), std::string::npos);
  EXPECT_EQ(say("while"), 200);
  node_.world().clock.advance(std::chrono::hours(2));
  write();
  EXPECT_EQ(asked("/readyz").body, "ready\n") << "by itself";
  EXPECT_NE(asked("/metrics").body.find("lifang_clock_set_back 0"), std::string::npos);
}

}  // namespace
}  // namespace lifang::porch
