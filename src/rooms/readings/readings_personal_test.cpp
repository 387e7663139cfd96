// Plates, faces and persons in detections: masked for everybody, plain for a right with a purpose, sealed at rest, gone in time.
#include "rooms/readings/readings_personal.hpp"

#include <boost/json.hpp>

#include "support/http_house.hpp"

namespace lifang::readings {
namespace {

TEST(Personal, a_plate_shows_its_beginning_and_its_end) {
  EXPECT_EQ(masked_plate("浙A12345"), "浙A·***45");
  EXPECT_EQ(masked_plate(" 浙AD12345 "), "浙A·***45");
  EXPECT_EQ(masked_plate("A123"), "***");
  EXPECT_EQ(masked_plate(""), "***");
}

TEST(Personal, a_read_keeps_how_the_thing_looked_and_nothing_that_tells_who) {
  EXPECT_EQ(masked_attributes("plate", R"({"plate":"浙A12345","colour":"blue","box":[1,2,3,4],"crop":"file_x","driver":"王小明"})"),
            R"({"plate":"浙A·***45","colour":"blue","box":[1,2,3,4]})");
  EXPECT_EQ(masked_attributes("face", R"({"person":"person_1","name":"王小明","box":[1,2,3,4],"template":"…"})"), R"({"box":[1,2,3,4]})");
  EXPECT_EQ(masked_attributes("plate", "{unreadable"), "{}");
  EXPECT_EQ(masked_attributes("plate", ""), "");
  EXPECT_TRUE(is_personal("face", ""));
}

TEST(Personal, other_kinds_lose_only_what_tells_who_however_it_is_spelt) {
  const char* parked = R"({"floor":3,"cars":[{"PlateNo":"浙A12345","slot":"7"}],"person_id":"person_1"})";
  EXPECT_TRUE(is_personal("fire_lane_blocked", parked));
  EXPECT_EQ(masked_attributes("fire_lane_blocked", parked), R"({"floor":3,"cars":[{"PlateNo":"浙A·***45","slot":"7"}]})");
  EXPECT_FALSE(is_personal("ebike_in_lift", R"({"lift":3})"));
  EXPECT_FALSE(is_personal("ebike_in_lift", ""));
}

class PersonalDetections : public testing::TestWithParam<db::Engine> {
 protected:
  PersonalDetections() : ward_(GetParam()) {
    ward_.place("fuyuan", places::Kind::compound);
    admin_ = ward_.login("root", "admin");
    must("PUT", "/api/v1/devices/profiles/eye", R"({"name":"摄像机","detections":["plate","face","fire_lane_blocked"]})");
    must("PUT", "/api/v1/devices/gate-eye", R"({"profile":"eye","place":"fuyuan"})");
    plate_ = see("plate", R"({"plate":"浙A12345","colour":"blue"})");
    lane_ = see("fire_lane_blocked", R"({"plate":"浙B67890","metres":4})");
  }
  std::string must(const std::string& method, const std::string& target, const std::string& body = {}) {
    const auto reply = ward_.ask(method, target, admin_, body);
    EXPECT_TRUE(reply.good()) << method << " " << target << " " << reply.status << " " << reply.body;
    return reply.body;
  }
  std::string see(const std::string& kind, const std::string& attributes) {
    ward_.world().clock.advance(std::chrono::seconds(1));
    Batch batch;
    Detection d;
    d.ts = d.arrived = to_ms(ward_.world().clock.now());
    d.device = ward_.house().devices.registry().find("gate-eye")->number;
    d.kind = kind;
    d.attributes = attributes;
    d.file = "file_01";
    batch.detections.push_back(d);
    ward_.house().lane.now([&](Tx& tx) { ward_.house().take(tx, batch); });
    return batch.detections[0].id;
  }
  template <class T>
  T value(const std::string& sql) {
    return ward_.house().lane.get([&](Tx& tx) { return tx.value<T>(sql).value_or(T{}); });
  }
  std::int64_t looks() { return value<std::int64_t>("SELECT COUNT(*) FROM bus_events WHERE topic = 'readings.revealed'"); }
  void tend() {
    House& house = ward_.house();
    while (house.readings.tend(
        [&](const auto& fn) {
          auto lease = house.readers.lease();
          fn(lease.reader());
        },
        [&](const auto& fn) { house.lane.now(fn); }))
      continue;
  }
  HttpHouse ward_;
  std::string admin_, plate_, lane_;
};
BOTH_ENGINES(PersonalDetections);

constexpr const char* kList = "/api/v1/readings/detections";

TEST_P(PersonalDetections, are_masked_in_lists_and_sheets_for_whoever_has_no_right_or_says_no_purpose) {
  for (const char* role : {"worker", "viewer", "guard", "integrator", "property"})
    for (const char* query : {"", "?purpose=emergency"}) {
      if (std::string(role) == "property" && *query != 0) continue;
      const std::string token = ward_.login(std::string(role) + (*query ? "2" : "1"), role, "fuyuan");
      for (const std::string& target : {kList + std::string(query), std::string(kList) + ".csv" + query,
                                        std::string(kList) + "/" + plate_ + query}) {
        const auto reply = ward_.ask("GET", target, token);
        EXPECT_EQ(reply.status, 200) << target;
        EXPECT_EQ(reply.body.find("12345"), std::string::npos) << role << target << reply.body;
        EXPECT_EQ(reply.body.find("67890"), std::string::npos) << role << target;
        EXPECT_NE(reply.body.find("浙A·***45"), std::string::npos) << role << target << reply.body;
      }
      EXPECT_EQ(ward_.ask("POST", std::string(kList) + "/" + plate_ + "/reveal" + query, token, "{}").status, 403) << role;
    }
  const auto masked = parse_json(must("GET", std::string(kList) + "/" + plate_));
  EXPECT_TRUE(masked.at("masked").as_bool());
  EXPECT_FALSE(masked.as_object().contains("file")) << "the picture shows what the text hides";
  EXPECT_EQ(looks(), 0);
}

TEST_P(PersonalDetections, are_plain_for_a_right_with_a_purpose_and_each_look_is_in_the_log) {
  const std::string token = ward_.login("manager", "property", "fuyuan");
  const auto list = ward_.ask("GET", std::string(kList) + "?purpose=emergency", token);
  EXPECT_NE(list.body.find("浙A12345"), std::string::npos) << list.body;
  EXPECT_NE(list.body.find("浙B67890"), std::string::npos);
  const auto one = ward_.ask("POST", std::string(kList) + "/" + plate_ + "/reveal?purpose=emergency", token, "{}");
  EXPECT_EQ(one.status, 200) << one.body;
  EXPECT_NE(one.body.find("浙A12345"), std::string::npos);
  EXPECT_EQ(one.header("Cache-Control"), "no-store");
  EXPECT_EQ(HttpHouse::code_of(ward_.ask("POST", std::string(kList) + "/" + plate_ + "/reveal", token, "{}")), "people.no_purpose");
  EXPECT_EQ(HttpHouse::code_of(ward_.ask("POST", std::string(kList) + "/" + plate_ + "/reveal?purpose=registration", token, "{}")),
            "people.purpose_not_yours");
  EXPECT_EQ(value<std::int64_t>("SELECT COUNT(*) FROM bus_events WHERE topic = 'readings.revealed'"), 2) << "one list, one detection";
  EXPECT_EQ(value<std::int64_t>("SELECT COUNT(*) FROM bus_events WHERE body LIKE '%12345%'"), 0);
}

TEST_P(PersonalDetections, lie_sealed_and_a_resent_one_is_still_one) {
  EXPECT_EQ(value<std::int64_t>("SELECT COUNT(*) FROM readings_detections WHERE attributes LIKE '%12345%'"), 0);
  EXPECT_EQ(value<std::string>("SELECT attributes FROM readings_detections WHERE kind = 'plate'"), R"({"plate":"浙A·***45","colour":"blue"})");
  ward_.world().clock.advance(std::chrono::seconds(-1));
  see("fire_lane_blocked", R"({"plate":"浙B67890","metres":4})");
  EXPECT_EQ(value<std::int64_t>("SELECT COUNT(*) FROM readings_detections"), 2);
}

TEST_P(PersonalDetections, of_before_are_masked_at_once_and_sealed_in_the_background) {
  ward_.house().lane.now([](Tx& tx) {
    tx.run("UPDATE readings_detections SET attributes = '{\"plate\":\"浙C33333\"}', sealed = NULL, guard = 0 WHERE kind = 'plate'");
  });
  EXPECT_NE(must("GET", kList).find("浙C·***33"), std::string::npos);
  EXPECT_NE(must("GET", std::string(kList) + "?purpose=emergency").find("浙C33333"), std::string::npos);
  tend();
  EXPECT_EQ(value<std::int64_t>("SELECT COUNT(*) FROM readings_detections WHERE guard = 0 OR attributes LIKE '%33333%'"), 0);
  EXPECT_NE(must("GET", std::string(kList) + "?purpose=emergency").find("浙C33333"), std::string::npos);
}

TEST_P(PersonalDetections, leave_after_ninety_days_and_what_names_nobody_stays) {
  tend();
  ward_.world().clock.advance(std::chrono::hours(24 * 89));
  tend();
  EXPECT_EQ(value<std::int64_t>("SELECT COUNT(*) FROM readings_detections"), 2);
  ward_.world().clock.advance(std::chrono::hours(24 * 2));
  tend();
  EXPECT_EQ(value<std::int64_t>("SELECT COUNT(*) FROM readings_detections WHERE kind = 'plate'"), 0);
  EXPECT_EQ(value<std::int64_t>("SELECT guard FROM readings_detections WHERE kind = 'fire_lane_blocked'"), 3);
  admin_ = ward_.enter("root");
  const std::string plain = must("GET", std::string(kList) + "?purpose=emergency");
  EXPECT_EQ(plain.find("67890"), std::string::npos);
  EXPECT_NE(plain.find("\"metres\":4"), std::string::npos);
}

}  // namespace
}  // namespace lifang::readings
