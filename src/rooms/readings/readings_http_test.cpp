// The routes of readings over a real socket, as a login of one compound sees them.
#include "rooms/readings/readings_http.hpp"

#include <boost/json/parse.hpp>

#include "platform/http/client.hpp"
#include "platform/http/routes.hpp"
#include "platform/http/server.hpp"
#include "rooms/readings/readings.hpp"
#include "support/house_fixture.hpp"

namespace lifang::readings {
namespace {

constexpr std::int64_t kStart = 1'767'225'600'000;

class ReadingsRoutes : public HouseTest {
 protected:
  ReadingsRoutes() {
    act([&](Tx& tx) {
      for (const char* id : {"xihu", "yuhang"})
        house_.places.put(tx, root_, places::PlaceId{id},
                          {places::Kind::compound, id, {}, {}, {}, {}, {}});
      house_.devices.put_profile(
          tx, root_, devices::ProfileId{"air"},
          from_json<devices::ProfileWords>(
              R"({"name":"空气站","metrics":[{"id":"pm25","unit":"µg/m³","max":900},{"id":"temp"}]})"));
      for (const char* id : {"a-1", "a-2"})
        house_.devices.put(tx, root_, devices::DeviceId{id},
                           from_json<devices::DeviceWords>(
                               std::string(R"({"profile":"air","secret":"12345678","place":")") +
                               (id[2] == '1' ? "xihu" : "yuhang") + "\"}"));
    });
    house_.routes->authenticate_with([this](Reader&, const http::Request&) { return caller_; });
  }
  std::uint32_t number(const char* device) {
    return house_.devices.registry().find(device)->number;
  }
  std::uint16_t metric(const char* name) {
    return house_.devices.registry().profile("air")->find(name)->number;
  }
  void say(const char* device, const char* name, std::int64_t ts, double value,
           std::uint8_t flags = 0) {
    Batch batch;
    batch.items.push_back({ts, ts, number(device), 0, 1});
    batch.values.push_back({value, metric(name), flags});
    act([&](Tx& tx) { house_.readings.append(tx, batch); });
  }
  std::string get(const std::string& target, int status = 200) {
    const http::Reply reply = client_.get("/api/v1/readings" + target);
    EXPECT_EQ(reply.status, status) << target << " " << reply.body;
    return reply.body;
  }

  Caller caller_{"account_1", "", "warden", "", "", {{"readings.read", "/xihu/"}}};
  http::Server server_{
      {}, world_.clock, [this](http::Request&& request, http::Responder responder) {
        house_.routes->handle(std::move(request), std::move(responder));
      }};
  http::Client client_{"http://127.0.0.1:" + std::to_string(server_.port())};
};
INSTANTIATE_TEST_SUITE_P(, ReadingsRoutes, testing::Values(db::Engine::sqlite));

TEST_P(ReadingsRoutes, give_raw_points_in_pages_with_their_flags) {
  say("a-1", "pm25", kStart, 151);
  say("a-1", "pm25", kStart + 1000, 999, suspect);
  say("a-1", "pm25", kStart - 1000, 0.02);
  const std::string all = "?device=a-1&metric=pm25&from=2025-12-31T00:00:00Z&to=1767225602000";
  EXPECT_EQ(
      get(all),
      R"({"items":[{"ts":1767225599000,"value":0.02,"late":true},{"ts":1767225600000,"value":151},)"
      R"({"ts":1767225601000,"value":999,"suspect":true}],"next":null})");
  for (const char* from : {"2025-12-31T08:00:00%2B08:00", "2025-12-31T08:00:00+08:00", "2025-12-31T08:00+08:00"})
    EXPECT_EQ(get(std::string("?device=a-1&metric=pm25&to=1767225602000&from=") + from), get(all)) << from;
  get("?device=a-1&metric=pm25&from=2025-12-31+08:00", 422);
  const auto page = boost::json::parse(get(all + "&limit=2"));
  EXPECT_EQ(page.at("items").as_array().size(), 2U);
  const auto rest =
      boost::json::parse(get(all + "&limit=2&after=" + std::string(page.at("next").as_string())));
  ASSERT_EQ(rest.at("items").as_array().size(), 1U);
  EXPECT_EQ(rest.at("items").at(0).at("value"), 999);
  EXPECT_TRUE(rest.at("next").is_null());
}

TEST_P(ReadingsRoutes, give_steps_with_days_of_the_district_or_of_the_zone_that_was_asked) {
  say("a-1", "pm25", kStart, 10);
  say("a-1", "pm25", kStart + 60'000, 20);
  EXPECT_EQ(
      get("?device=a-1&metric=pm25&step=PT1H"),
      R"({"items":[{"ts":1767225600000,"count":2,"min":10,"max":20,"mean":15,"last":20}],"next":null})");
  const auto begins = [&](const std::string& zone) {
    return boost::json::parse(get("?device=a-1&metric=pm25&step=P1D" + zone))
        .at("items")
        .at(0)
        .at("ts")
        .as_int64();
  };
  EXPECT_EQ(begins(""), kStart - 8 * kHourMs);
  EXPECT_EQ(begins("&zone=Z"), kStart);
  EXPECT_EQ(begins("&zone=%2B05:30"), kStart - 5 * kHourMs - kHourMs / 2);
  EXPECT_EQ(begins("&zone=+08:00"), kStart - 8 * kHourMs);
  EXPECT_EQ(begins("&zone=-03:00"), kStart - 21 * kHourMs);
}

TEST_P(ReadingsRoutes, give_the_latest_values_of_the_places_that_the_login_may_see) {
  say("a-1", "pm25", kStart, 151);
  say("a-1", "temp", kStart, -3.5);
  say("a-2", "temp", kStart, 1);
  EXPECT_EQ(
      get("/latest?limit=1"),
      R"({"items":[{"device":"a-1","name":"a-1","place":"xihu","metric":"pm25","unit":"µg/m³","ts":1767225600000,"value":151}],"next":")" +
          http::encode_cursor("a-1\ntemp") + "\"}");
  const auto second =
      boost::json::parse(get("/latest?limit=1&after=" + http::encode_cursor("a-1\ntemp")));
  EXPECT_EQ(second.at("items").at(0).at("value"), -3.5);
  EXPECT_TRUE(second.at("next").is_null());
  caller_ = Caller::system();
  EXPECT_EQ(boost::json::parse(get("/latest")).at("items").as_array().size(), 3U);
  EXPECT_EQ(
      boost::json::parse(get("/latest?place=yuhang&profile=air")).at("items").as_array().size(),
      1U);
  EXPECT_EQ(boost::json::parse(get("/latest?profile=water")).at("items").as_array().size(), 0U);
}

TEST_P(ReadingsRoutes, give_detections_of_the_places_that_the_login_may_see) {
  Batch batch;
  for (const char* device : {"a-1", "a-2"}) {
    Detection d;
    d.device = number(device);
    d.ts = d.arrived = kStart;
    d.kind = "ebike_in_lift";
    d.confidence = 0.93;
    d.attributes = R"({"lift":3})";
    batch.detections.push_back(d);
  }
  act([&](Tx& tx) { house_.readings.append(tx, batch); });
  EXPECT_EQ(
      get("/detections?kind=ebike_in_lift"),
      R"({"items":[{"id":")" + batch.detections[0].id +
          R"(","device":"a-1","place":"xihu","ts":1767225600000,"arrived":"2026-01-01T00:00:00Z","kind":"ebike_in_lift","confidence":0.93,"attributes":{"lift":3}}],"next":null})");
  get("/detections/" + batch.detections[0].id);
  get("/detections/" + batch.detections[1].id, 404);
  get("/detections/det_unknown", 404);
}

TEST_P(ReadingsRoutes, refuse_what_is_off_with_the_field_to_blame) {
  const auto refusal = [&](const std::string& target, int status) {
    const auto body = boost::json::parse(get(target, status));
    const auto* field = body.get_object().if_contains("field");
    return std::string(body.at("code").as_string()) + " " +
           (field ? std::string(field->as_string()) : "");
  };
  EXPECT_EQ(refusal("?metric=pm25", 422), "json.missing ?device");
  EXPECT_EQ(refusal("?device=a-1", 422), "json.missing ?metric");
  EXPECT_EQ(boost::json::parse(get("?device=a-1", 422)).at("detail").as_string(), "which metric: ?metric=ID");
  EXPECT_EQ(refusal("?device=nobody&metric=pm25", 404), "devices.unknown ");
  EXPECT_EQ(refusal("?device=a-2&metric=pm25", 404), "access.not_here ");
  EXPECT_EQ(refusal("?device=a-1&metric=nothing", 422), "readings.unknown_metric ?metric");
  EXPECT_EQ(refusal("?device=a-1&metric=pm25&step=PT1S", 422), "readings.bad_step ?step");
  EXPECT_EQ(refusal("?device=a-1&metric=pm25&step=PT1H&zone=east", 422), "readings.bad_zone ?zone");
  caller_.grants.clear();
  EXPECT_EQ(refusal("/latest", 403), "access.no_right ");
}

}  // namespace
}  // namespace lifang::readings
