// A device's secret in the path: every character that a secret may have comes through, encoded.
#include "platform/http/target.hpp"
#include "support/test_node.hpp"

namespace lifang {
namespace {

TEST(PorchToken, a_secret_of_any_characters_speaks_over_http_when_it_is_percent_encoded) {
  const TestFolder folder;
  TestNode node(folder.path());
  node.must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
  node.must("PUT", "/api/v1/devices/profiles/air", R"({"name":"空气站","metrics":[{"id":"pm25"}]})");
  const std::vector<std::string> secrets = {"base64/of+it==", R"(back\slash)", "per%2Fcent", "per/cent", "question?mark#9"};
  for (std::size_t i = 0; i < secrets.size(); ++i)
    node.must("PUT", "/api/v1/devices/air-" + std::to_string(i),
              to_json(boost::json::object{{"profile", "air"}, {"place", "gate"}, {"secret", secrets[i]}}));
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const std::string target = "/api/v1/" + http::percent_encode(secrets[i]) + "/telemetry";
    const auto reply = http::Client(node.origin()).request("POST", target, {}, R"({"pm25":)" + std::to_string(i) + "}");
    EXPECT_EQ(reply.status, 200) << secrets[i] << " " << reply.body;
    const auto latest = node.must("GET", "/api/v1/readings/latest?device=air-" + std::to_string(i));
    ASSERT_EQ(latest.at("items").as_array().size(), 1U) << secrets[i];
    const auto& item = latest.at("items").as_array()[0];
    EXPECT_EQ(item.at("value").to_number<double>(), static_cast<double>(i)) << "each its own";
  }
  const auto other = http::Client(node.origin()).request("POST", "/api/v1/base64%2Fof/telemetry", {}, R"({"pm25":1})");
  EXPECT_EQ(other.status, 401);
}

}  // namespace
}  // namespace lifang
