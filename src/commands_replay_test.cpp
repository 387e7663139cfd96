// A recording is sent to a real node, and the end of it says what the node did not take.
#include "commands_replay.hpp"

#include <fmt/format.h>

#include <fstream>

#include "base/refusal.hpp"
#include "support/test_node.hpp"

namespace lifang {
namespace {

class ReplayToNode : public testing::Test {
 protected:
  ReplayToNode() : node_(folder_.path()) {
    node_.must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
    node_.must("PUT", "/api/v1/devices/profiles/air", R"({"name":"空气站","metrics":[{"id":"pm25","min":0,"max":2000}]})");
    node_.must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate","secret":"station-secret"})");
  }
  Replayed sent(const std::string& csv, const std::string& metric = "pm25", const std::string& secret = "station-secret") {
    const auto file = folder_.path() / "recording.csv";
    std::ofstream(file) << csv;
    ReplayOptions options;
    options.file = file.string();
    options.time = "at";
    options.device = "station";
    options.secret = secret;
    options.address = fmt::format("127.0.0.1:{}", node_.porch("station", "station-secret").port);
    options.values = {metric + "=value"};
    return replay(options);
  }
  std::size_t stored() { return node_.must("GET", "/api/v1/readings?device=station&metric=pm25&from=0").at("items").as_array().size(); }

  TestFolder folder_;
  TestNode node_;
};

TEST_F(ReplayToNode, a_recording_that_was_taken_ends_well_with_suspect_and_missing_values_in_it) {
  const Replayed ended = sent("at,value\n2014-03-05 13:20,12\n2014-03-05 14:20,NA\n2014-03-05 15:20,99999\n");
  EXPECT_EQ(ended.exit_code(), 0) << ended.spoken();
  EXPECT_EQ(ended.acknowledged, 2U);
  EXPECT_EQ(ended.counts.without_values, 1U);
  EXPECT_NE(ended.spoken().find("2 acknowledged, 0 refused, 0 unanswered"), std::string::npos) << ended.spoken();
  EXPECT_EQ(stored(), 2U);
}

TEST_F(ReplayToNode, what_the_node_refuses_is_told_with_its_code_and_the_end_is_no_good_one) {
  const std::string tomorrow = to_rfc3339(node_.world().clock.now() + std::chrono::hours(48));
  const Replayed ended = sent("at,value\n2014-03-05 13:20,12\n" + tomorrow + ",13\n");
  EXPECT_EQ(ended.exit_code(), 1);
  EXPECT_TRUE(ended.to_the_end);
  EXPECT_EQ(ended.acknowledged, 1U);
  EXPECT_EQ(ended.refused, (std::map<unsigned, std::uint64_t>{{0x99, 1}}));
  EXPECT_NE(ended.spoken().find("1 acknowledged, 1 refused (0x99: 1), 0 unanswered"), std::string::npos) << ended.spoken();
  EXPECT_EQ(stored(), 1U) << "the rest of the recording is there";
  const Replayed of_nobody = sent("at,value\n2014-03-05 13:20,12\n", "no_such_metric");
  EXPECT_EQ(of_nobody.exit_code(), 1);
  EXPECT_EQ(of_nobody.refused, (std::map<unsigned, std::uint64_t>{{0x99, 1}}));
}

TEST_F(ReplayToNode, a_wrong_secret_is_told_in_words) {
  const Replayed ended = sent("at,value\n2014-03-05 13:20,12\n", "pm25", "another-secret");
  EXPECT_EQ(ended.exit_code(), 1);
  EXPECT_EQ(ended.sent, 0U);
  EXPECT_NE(ended.not_let_in.find("there is no such device, or its secret is another"), std::string::npos) << ended.not_let_in;
}

TEST_F(ReplayToNode, eight_digits_are_a_date_and_a_number_of_no_instant_is_no_good_end) {
  EXPECT_EQ(sent("at,value\n20230101,12\n").exit_code(), 0);
  const auto kept = node_.must("GET", "/api/v1/readings?device=station&metric=pm25&from=0");
  EXPECT_EQ(kept.at("items").at(0).at("ts").to_number<std::int64_t>(), 1'672'531'200'000);
  const Replayed odd = sent("at,value\n20230102,12\n17,13\n");
  EXPECT_EQ(odd.exit_code(), 1) << odd.spoken();
  EXPECT_EQ(odd.counts.implausible, "17");
  EXPECT_EQ(stored(), 2U);
}

TEST_F(ReplayToNode, a_column_that_holds_no_time_at_all_is_no_good_end_either) {
  const Replayed torn = sent("at,value\n2014-03-05 13:20,12\nyesterday,13\n");
  EXPECT_EQ(torn.exit_code(), 0) << "a torn row is counted: " << torn.spoken();
  EXPECT_EQ(torn.counts.without_time, 1U);
  EXPECT_EQ(torn.acknowledged, 1U);
  const Replayed none = sent("at,value\nyesterday,13\ntoday,14\n");
  EXPECT_EQ(none.exit_code(), 1);
  EXPECT_EQ(none.sent, 0U);
  EXPECT_THROW(sent("when,value\n2014-03-05,12\n"), Refusal);
}

}  // namespace
}  // namespace lifang
