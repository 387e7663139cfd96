// What the porch reads out of a message, without sockets: shapes, limits, and what it says of what it refuses.
#include "porch/telemetry.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "platform/mqtt/reason.hpp"
#include "support/paths.hpp"

namespace lifang::porch {
namespace {

using devices::DeviceEntry;

std::shared_ptr<DeviceEntry> entry(const std::string& id, std::uint32_t number, const std::string& gateway = {}) {
  auto profile = std::make_shared<devices::ProfileEntry>();
  profile->metrics.resize(2);
  profile->metrics[0].name = "pm25";
  profile->metrics[0].number = 1;
  profile->metrics[0].min = 0;
  profile->metrics[0].max = 2000;
  profile->metrics[1].name = "位移";
  profile->metrics[1].number = 2;
  auto made = std::make_shared<DeviceEntry>();
  made->id = id;
  made->number = number;
  made->gateway = gateway;
  made->profile = profile;
  return made;
}

class Telemetry : public testing::Test {
 protected:
  Telemetry() {
    limits_.now = 1'000'000'000'000;
    for (const auto& device : {entry("air", 1), entry("leaf", 2, "air"), entry("far", 3)}) registry_.keep(device);
  }
  Taken read(const std::string& text) { return read_telemetry(text, *registry_.find("air"), limits_, batch_); }
  Taken through(const std::string& text) { return read_gateway_telemetry(text, *registry_.find("air"), registry_, limits_, batch_); }
  static std::uint32_t refused(const Taken& taken, Refused why) { return taken.refused[static_cast<std::size_t>(why)]; }
  /// "device reason × times sample"
  static std::string traces(const Taken& taken) {
    std::string all;
    for (const Trace& t : taken.traces)
      all += (all.empty() ? "" : "; ") + t.device->id + " " + std::string(t.reason) + " " + std::to_string(t.times) +
             (t.sample.empty() ? "" : " " + t.sample);
    return all;
  }
  devices::Registry registry_;
  Limits limits_;
  readings::Batch batch_;
};

TEST_F(Telemetry, the_shapes_of_the_contract_are_read) {
  for (const char* text : {R"({"pm25":151})", R"({"ts":5,"values":{"pm25":151}})", R"([{"pm25":151}])", R"( [ {"ts":5,"values":{"pm25":151}} ] )",
                           R"({"ts":5,"pm25":151})", R"({"p\u006d25":151})", R"({"pm25":true})"}) {
    batch_.clear();
    const Taken taken = read(text);
    EXPECT_TRUE(taken.anything()) << text;
    ASSERT_EQ(batch_.values.size(), 1U) << text;
    EXPECT_EQ(batch_.values[0].metric, 1) << text;
    EXPECT_EQ(traces(taken), "") << text;
  }
  batch_.clear();
  EXPECT_TRUE(read(R"({"位移":-1.5e-3})").anything());
  EXPECT_DOUBLE_EQ(batch_.values[0].value, -0.0015);
}

TEST_F(Telemetry, what_comes_without_a_ts_gets_times_that_strictly_rise) {
  for (int i = 0; i < 3; ++i) read(R"([{"pm25":1},{"pm25":2}])");
  ASSERT_EQ(batch_.items.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(batch_.items[i].ts, limits_.now + static_cast<std::int64_t>(i));
}

TEST_F(Telemetry, what_comes_without_a_ts_says_so_and_counts_anew_when_the_clock_was_set_back) {
  const std::int64_t honest = limits_.now;
  limits_.now += 5 * 3'600'000;
  read(R"({"pm25":1})");
  limits_.now = honest;
  read(R"([{"pm25":2},{"pm25":3},{"ts":5,"values":{"pm25":4}}])");
  ASSERT_EQ(batch_.items.size(), 4U);
  EXPECT_EQ(batch_.items[1].ts, honest) << "what lies behind it, the readings know";
  EXPECT_EQ(batch_.items[2].ts, honest + 1);
  EXPECT_TRUE(batch_.items[1].by_arrival && batch_.items[2].by_arrival);
  EXPECT_FALSE(batch_.items[3].by_arrival);
  read_detections(R"([{"kind":"smoke"},{"kind":"smoke","ts":5}])", *registry_.find("air"), limits_, batch_);
  ASSERT_EQ(batch_.detections.size(), 2U);
  EXPECT_TRUE(batch_.detections[0].by_arrival);
  EXPECT_FALSE(batch_.detections[1].by_arrival);
}

TEST_F(Telemetry, each_reason_is_told_once_a_message_with_its_first_sample) {
  EXPECT_EQ(traces(read(R"([{"pm10":1},{"noise":2},{"pm25":-1},{"pm25":-2},{"pm25":"x"},{"pm25":null},{"位移":3}])")),
            "air porch.unknown_metric 2 pm10; air readings.suspect 2 pm25: -1; air porch.bad_value 2 pm25: \"…\"");
  EXPECT_EQ(batch_.values.size(), 3U);
  EXPECT_EQ(traces(read(R"({"pm25":NaN})")), "air porch.bad_value 1 pm25: NaN, ±∞");
  EXPECT_EQ(traces(read(R"({"pm25":{"a":1}})")), "air porch.bad_value 1 pm25: {…}");
  EXPECT_EQ(traces(read(R"({"pm25":[1]})")), "air porch.bad_value 1 pm25: […]");
  EXPECT_EQ(traces(read(R"({"\u0070m\u0031":{"deep":["\u0041"]}})")), "air porch.unknown_metric 1 pm1") << "a name with escapes";
  EXPECT_EQ(traces(read("[]")), "air porch.empty 1");
  EXPECT_EQ(traces(read(R"({"ts":5,"values":{}})")), "air porch.empty 1");
}

TEST_F(Telemetry, an_unreadable_message_leaves_nothing_and_says_where_it_broke) {
  const Taken taken = read(R"([{"pm25":1,"pm10":2},{"pm25":-5},{"pm25":])");
  EXPECT_FALSE(taken.readable);
  EXPECT_EQ(traces(taken), "air porch.unreadable 1 42/42");
  EXPECT_EQ(refused(taken, Refused::unknown_metric), 0U);
  EXPECT_TRUE(batch_.empty() && batch_.values.empty());
  EXPECT_EQ(traces(read(R"({"ts":"soon","values":{"pm25":1}})")), "air porch.unreadable 1 12/33");
  EXPECT_EQ(traces(read("")), "air porch.unreadable 1 0/0");
}

TEST_F(Telemetry, a_message_holds_so_many_values_and_no_more) {
  limits_.max_values = 3;
  EXPECT_EQ(read(R"([{"pm25":1},{"pm25":2},{"pm25":3}])").items, 3U);
  batch_.clear();
  EXPECT_EQ(traces(read(R"([{"pm25":1},{"pm25":2},{"pm25":3},{"pm25":4}])")), "air porch.too_many_values 1 > 3");
  EXPECT_TRUE(batch_.values.empty());
}

TEST_F(Telemetry, a_gateway_speaks_for_its_devices_and_each_has_its_own_traces) {
  const Taken taken = through(R"({"leaf":[{"pm25":1,"pm10":2},{"pm10":3}],"far":{"pm25":1},"nobody":{"pm25":1},"air":{"pm10":1}})");
  EXPECT_TRUE(taken.anything());
  ASSERT_EQ(batch_.items.size(), 1U);
  EXPECT_EQ(batch_.items[0].device, 2U);
  EXPECT_EQ(traces(taken), "leaf porch.unknown_metric 2 pm10; air porch.not_its_device 2 far; air porch.unknown_metric 1 pm10");
  ASSERT_EQ(taken.spoken_for.size(), 2U);
  EXPECT_EQ(taken.spoken_for[0]->id, "leaf");
  EXPECT_TRUE(through(R"({"leaf":[{"pm25":1}],"leaf)").spoken_for.empty()) << "nobody has been seen in what cannot be read";
}

TEST_F(Telemetry, the_future_ends_a_day_ahead) {
  const auto at = [&](std::int64_t ts) { return read(R"({"ts":)" + std::to_string(ts) + R"(,"values":{"pm25":1}})"); };
  EXPECT_TRUE(at(limits_.now + 86'400'000).anything());
  EXPECT_EQ(traces(at(limits_.now + 86'400'001)), "air porch.future 1 2001-09-10T01:46:40.001Z");
  EXPECT_TRUE(at(-62'000'000'000'000).anything());
}

TEST_F(Telemetry, microseconds_are_the_future_and_cost_their_neighbours_nothing) {
  const Taken taken = read(R"([{"ts":1700000000000000,"values":{"pm25":1}},{"ts":1e300,"values":{"pm25":3}},{"pm25":2}])");
  EXPECT_TRUE(taken.readable);
  EXPECT_EQ(taken.items, 1U);
  EXPECT_EQ(refused(taken, Refused::future), 2U);
  EXPECT_EQ(traces(taken), "air porch.future 2 9999-12-31T23:59:59.999Z");
  EXPECT_EQ(traces(read(R"([{"ts":1.5,"values":{"pm25":1}},{"pm25":2}])")).find("air porch.unreadable"), 0U);
}

// ---- the names are the documented ones -------------------------------------------------------------------------------

std::string page(const std::string& name) {
  std::ifstream in(source_dir() + "/docs/operate/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(RefusalNames, every_one_stands_in_the_documentation_in_both_languages) {
  for (const char* file : {"trouble.md", "trouble.zh-CN.md"}) {
    const std::string text = page(file);
    for (std::size_t i = 0; i < kRefusals; ++i)
      EXPECT_NE(text.find("`" + std::string(name(static_cast<Refused>(i))) + "`"), std::string::npos) << file << " " << name(static_cast<Refused>(i));
    for (std::size_t i = 1; i < mqtt::kWhys; ++i) {
      const auto why = static_cast<mqtt::Why>(i);
      if (said_by_receiver(why) || why == mqtt::Why::client_disconnected || why == mqtt::Why::connection_lost) continue;
      EXPECT_NE(text.find("`" + std::string(mqtt::name(why)) + "`"), std::string::npos) << file << " " << mqtt::name(why);
    }
  }
}

}  // namespace
}  // namespace lifang::porch
