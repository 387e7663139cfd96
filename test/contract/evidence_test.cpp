// Pictures on their way: from a device or a resident to the people who answer for the place, and to nobody else.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "porch/http/http_porch.hpp"
#include "support/http_house.hpp"

namespace lifang {
namespace {

namespace json = boost::json;

const std::string kPng = "\x89PNG\r\n\x1A\n" + std::string("\0\0\0\x0D", 4) + "IHDR" + std::string("\0\0\0\x09\0\0\0\x09", 8);

class Evidence : public testing::Test {
 protected:
  Evidence() {
    for (const char* compound : {"here", "there"}) ward_.place(compound, places::Kind::compound);
    admin_ = ward_.login("boss", "admin");
    guard_ = ward_.login("guard-here", "guard", "here");
    stranger_ = ward_.login("guard-there", "guard", "there");
    resident_ = ward_.login("neighbour", "resident", "here");
    put("/api/v1/devices/profiles/eye", R"({"name":"摄像机","metrics":[],"detections":["ebike_in_lift"]})");
    put("/api/v1/devices/lift-eye", R"({"profile":"eye","place":"here","secret":"eye-of-lift-1"})");
    put("/api/v1/rules/ebike", R"({"name":"电动车入梯","applies_to":{"profile":"eye"},"severity":"warning","case":"ebike-in-lift",
         "raise":{"when":{"detection":"ebike_in_lift","confidence":0.6}}})");
    EXPECT_EQ(ward_.ask("POST", "/api/v1/rules/ebike/activate", admin_).status, 200);
    porch::add_routes(*ward_.house().routes, porch_);
  }

  void put(const std::string& target, const std::string& body) {
    const auto reply = ward_.ask("PUT", target, admin_, body);
    ASSERT_LT(reply.status, 300) << reply.body;
  }
  std::string upload(const std::string& at, const std::string& token = {}) {
    const auto reply = ward_.ask("POST", at, token, kPng, {{"Content-Type", "image/png"}});
    EXPECT_EQ(reply.status, 201) << reply.body;
    return HttpHouse::text_of(reply, "id");
  }
  void detect(const std::string& file) {
    const auto reply = ward_.ask("POST", "/api/v1/eye-of-lift-1/detections", {},
                                 R"({"kind":"ebike_in_lift","confidence":0.9,"file":")" + file + "\"}");
    EXPECT_EQ(reply.status, 200) << reply.body;
    // Every turn of the lane lets the hearers go on.
    for (int turn = 0; turn < 1000 && count() == 0; ++turn) ward_.house().lane.now([](Tx&) {});
  }
  std::int64_t count() {
    return parse_json(ward_.ask("GET", "/api/v1/cases?count=true", admin_).body).at("count").to_number<std::int64_t>();
  }
  json::object only_case() {
    const auto list = parse_json(ward_.ask("GET", "/api/v1/cases", admin_).body);
    const auto& items = list.at("items").as_array();
    EXPECT_EQ(items.size(), 1u);
    return items.empty() ? json::object() : items.front().as_object();
  }
  int opens(const std::string& file, const std::string& token) {
    return ward_.ask("GET", "/api/v1/files/" + file + "/content", token).status;
  }

  HttpHouse ward_;
  porch::Intake intake_{ward_.house().lane, ward_.house().metrics, ward_.house().devices.refusals(),
                        [this](Tx& tx, readings::Batch& batch) { ward_.house().take(tx, batch); }, 1 << 20};
  porch::HttpPorch porch_{ward_.house().devices, ward_.house().files,   ward_.house().vault,
                          intake_,               ward_.house().metrics, ward_.world().world,
                          {0, 86'400'000, 1000, 32}};
  std::string admin_, guard_, stranger_, resident_;
};

TEST_F(Evidence, a_devices_picture_hangs_on_the_case_and_opens_for_those_on_the_spot) {
  const std::string file = upload("/api/v1/eye-of-lift-1/files");
  EXPECT_EQ(opens(file, guard_), 404) << "nothing holds it yet";
  detect(file);
  EXPECT_EQ(json::serialize(only_case().at("files")), "[\"" + file + "\"]");
  EXPECT_EQ(opens(file, guard_), 200);
  EXPECT_EQ(opens(file, stranger_), 404);
  EXPECT_EQ(opens(file, resident_), 404);
  EXPECT_FALSE(ward_.house().lane.get([&](Tx& tx) { return files::Files::find(tx, files::FileId{file})->keep_until; }))
      << "as long as the case";
}

TEST_F(Evidence, who_looks_at_what_a_camera_saw_stands_in_the_log_with_the_case) {
  const std::string file = upload("/api/v1/eye-of-lift-1/files");
  detect(file);
  const auto views = [&] {
    for (int turn = 0; turn < 20; ++turn) ward_.house().lane.now([](Tx&) {});
    return parse_json(ward_.ask("GET", "/api/v1/audit?action=files.viewed", admin_).body).at("items").as_array();
  };
  EXPECT_EQ(opens(file, stranger_), 404);
  EXPECT_EQ(views().size(), 0u) << "nothing was seen";
  EXPECT_EQ(opens(file, guard_), 200);
  ASSERT_EQ(views().size(), 1u);
  const auto view = views().front().as_object();
  EXPECT_EQ(view.at("name").as_string(), "guard-here");
  EXPECT_EQ(view.at("subject").as_string(), file);
  EXPECT_EQ(view.at("path").as_string(), "/here/");
  EXPECT_NE(view.at("body").as_string().find("\"owner_kind\":\"case\""), std::string::npos) << view.at("body");
  const auto link = ward_.ask("GET", "/api/v1/files/" + file + "/link", guard_, {}, {{"X-Purpose", "care"}});
  EXPECT_EQ(link.status, 200) << link.body;
  EXPECT_EQ(views().size(), 2u) << "an address is a look";
  EXPECT_EQ(ward_.ask("GET", HttpHouse::text_of(link, "url")).status, 200);
  EXPECT_EQ(ward_.ask("GET", "/api/v1/files/" + file + "/content", guard_, {}, {{"Range", "bytes=8-"}}).status, 206);
  EXPECT_EQ(views().size(), 2u) << "the rest of one look";
  const std::string own = upload("/api/v1/files", resident_);
  EXPECT_EQ(opens(own, resident_), 200);
  EXPECT_EQ(views().size(), 2u) << "what people took themselves is no footage";
}

TEST_F(Evidence, a_device_cannot_hand_out_a_persons_upload) {
  const std::string letter = upload("/api/v1/files", resident_);
  detect(letter);
  EXPECT_EQ(json::serialize(only_case().at("files")), "[]");
  EXPECT_EQ(opens(letter, guard_), 404);
}

TEST_F(Evidence, a_wrong_token_uploads_nothing) {
  const auto reply = ward_.ask("POST", "/api/v1/not-a-token/files", {}, kPng, {{"Content-Type", "image/png"}});
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(HttpHouse::code_of(reply), "porch.bad_credentials");
}

TEST_F(Evidence, a_residents_photo_goes_with_the_report_and_a_strangers_is_refused) {
  const std::string mine = upload("/api/v1/files", resident_), theirs = upload("/api/v1/files", stranger_);
  const auto report = [&](const std::string& file) {
    return ward_.ask("POST", "/api/v1/cases", resident_, R"({"kind":"noise","place":"here","files":[")" + file + "\"]}");
  };
  const auto refused = report(theirs);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(HttpHouse::code_of(refused), "files.unknown");
  EXPECT_EQ(HttpHouse::text_of(refused, "field"), "/files/0");
  EXPECT_EQ(count(), 0) << "a refusal leaves nothing behind";
  const auto made = report(mine);
  ASSERT_LT(made.status, 300) << made.body;
  EXPECT_EQ(opens(mine, guard_), 200);
  EXPECT_EQ(opens(mine, resident_), 200);
  EXPECT_EQ(opens(mine, stranger_), 404);
}

TEST_F(Evidence, a_cameras_newest_picture_opens_for_those_who_set_it_up) {
  const auto attributes = [&] { return parse_json(ward_.ask("GET", "/api/v1/eye-of-lift-1/attributes", {}).body).as_object(); };
  const std::string estate = ward_.login("estate", "property", "here");
  const std::string first = upload("/api/v1/eye-of-lift-1/picture");
  EXPECT_EQ(attributes().at("picture").as_string(), first);
  EXPECT_EQ(opens(first, estate), 200);
  EXPECT_EQ(opens(first, guard_), 404) << "a guard does not set cameras up";
  EXPECT_EQ(opens(first, resident_), 404);
  EXPECT_EQ(opens(first, stranger_), 404);
  const std::string second = upload("/api/v1/eye-of-lift-1/picture");
  EXPECT_EQ(attributes().at("picture").as_string(), second);
  EXPECT_EQ(opens(second, estate), 200);
  EXPECT_EQ(opens(first, estate), 404) << "the one before is let go";
  EXPECT_EQ(ward_.ask("POST", "/api/v1/wrong-token/picture", {}, kPng, {{"Content-Type", "image/png"}}).status, 401);

  // What people draw reaches the device, what it says of it reaches them.
  EXPECT_EQ(ward_.ask("POST", "/api/v1/devices/lift-eye/attributes", estate, R"({"view":{"masks":[[[0,0],[9,0],[9,9]]]}})").status, 200);
  EXPECT_TRUE(attributes().at("view").is_object());
  EXPECT_EQ(ward_.ask("POST", "/api/v1/eye-of-lift-1/attributes", {}, R"({"view_state":"taken"})").status, 200);
  EXPECT_EQ(attributes().at("view_state").as_string(), "taken");
  EXPECT_EQ(ward_.ask("GET", "/api/v1/wrong-token/attributes", {}).status, 401);
  EXPECT_EQ(ward_.ask("POST", "/api/v1/wrong-token/attributes", {}, "{}").status, 401);
  EXPECT_EQ(ward_.ask("POST", "/api/v1/devices/lift-eye/attributes", guard_, R"({"view":null})").status, 403);
}

}  // namespace
}  // namespace lifang
