// lifang_refused_total: whoever is turned away is counted, once, whatever words the answer is in.
#include "support/test_node.hpp"

namespace lifang {
namespace {

class NodeRefused : public testing::Test {
 protected:
  NodeRefused() : node_(folder_.path()) { node_.admin(); }
  int get(const std::string& target) { return http::Client(node_.origin()).get(target).status; }
  TestFolder folder_;
  TestNode node_;
};

TEST_F(NodeRefused, in_the_words_of_open311_too) {
  for (const char* target : {"/open311/v2/services/nothing.json", "/open311/v2/services/nothing.xml", "/open311/v2/services/nothing"})
    EXPECT_EQ(get(target), 404) << target;
  EXPECT_EQ(node_.refused("exchange.unknown_service"), 3U);
  EXPECT_EQ(get("/open311/v2/requests/case_1.json"), 404);
  EXPECT_EQ(get("/open311/v2/tokens/case_1.json"), 404);
  EXPECT_EQ(node_.refused("exchange.unknown_request"), 2U);
  EXPECT_EQ(get("/open311/v2/requests.json?status=lost"), 400);
  EXPECT_EQ(node_.refused("exchange.bad_status"), 1U);
}

TEST_F(NodeRefused, clients_of_open311_send_words_of_their_own_and_days_without_a_time) {
  EXPECT_EQ(get("/open311/v2/services.json?jurisdiction_id=hz.example&api_key=x"), 200);
  EXPECT_EQ(get("/open311/v2/requests.xml?jurisdiction_id=hz.example&start_date=2026-11-20&end_date=2026-11-21"), 200);
  EXPECT_EQ(get("/open311/v2/requests.json?start_date=2026-11-20T08:00:00"), 200);
  const auto refused = http::Client(node_.origin()).get("/open311/v2/requests.json?start_date=lately");
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(refused.body.starts_with("[{\"code\":400,\"description\":")) << refused.body;
  EXPECT_EQ(get("/api/v1/node?jurisdiction_id=hz.example"), 422) << "elsewhere a slip is told";
}

TEST_F(NodeRefused, whoever_sends_telemetry_is_told_what_was_wrong_and_that_nothing_was_stored) {
  node_.must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
  node_.must("PUT", "/api/v1/devices/profiles/air", R"({"name":"空气站","metrics":[{"id":"pm25"}]})");
  node_.must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate","secret":"station-secret"})");
  const auto said_of = [&](const std::string& body, int status) {
    const auto answer = http::Client(node_.origin()).request("POST", "/api/v1/station-secret/telemetry", {}, body);
    EXPECT_EQ(answer.status, status) << body;
    return answer.body;
  };
  const auto unknown = said_of(R"({"pm99":1})", 422);
  EXPECT_NE(unknown.find("no such metric: pm99; nothing of this message was stored"), std::string::npos) << unknown;
  const auto text = said_of(R"({"pm25":"many"})", 422);
  EXPECT_NE(text.find("a number or true/false is due"), std::string::npos) << text;
  EXPECT_EQ(text.find("many"), std::string::npos) << "no value stands in an answer";
  EXPECT_NE(said_of("{", 400).find("at byte/of bytes: 1/1"), std::string::npos);
}

TEST_F(NodeRefused, a_body_of_over_a_mebibyte_is_read_as_any_other) {
  const auto named = [&](std::size_t bytes) {
    return node_.ask("PUT", "/api/v1/places/long", R"({"kind":"spot","name":")" + std::string(bytes, 'x') + "\"}");
  };
  for (const std::size_t bytes : {1U << 10, 1U << 20, 3U << 20}) {
    const auto refused = named(bytes);
    EXPECT_EQ(refused.status, 422) << bytes;
    EXPECT_NE(refused.body.find("places.bad_name"), std::string::npos) << bytes << " " << refused.body;
  }
  EXPECT_EQ(named(5U << 20).status, 413);
}

TEST_F(NodeRefused, past_the_routes_too) {
  EXPECT_EQ(get("/nowhere"), 404);
  EXPECT_EQ(get("/authority"), 404);
  EXPECT_EQ(get("/.well-known/acme-challenge/nothing"), 404);
  EXPECT_EQ(node_.refused("http.no_route"), 3U);
}

}  // namespace
}  // namespace lifang
