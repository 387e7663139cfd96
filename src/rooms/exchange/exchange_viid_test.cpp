// Frames of GA/T 1400 byte for byte, and answers as libraries write them.
#include "rooms/exchange/exchange_viid.hpp"

#include <gtest/gtest.h>

#include "base/refusal.hpp"
#include "rooms/exchange/exchange_captures_rules.hpp"

namespace lifang::exchange {
namespace {

const std::string kCamera = "34020000001320000001";
const Time kShot = *parse_time("2020-05-10T20:04:08+08:00");

TEST(Viid, numbers_and_times_are_built_as_the_standard_builds_them) {
  EXPECT_EQ(viid::time_text(kShot), "20200510200408");
  EXPECT_EQ(viid::time_text(*parse_time("2026-12-31T16:00:00.999Z")), "20270101000000");
  EXPECT_EQ(viid::read_time("20200510200408"), kShot);
  for (const char* off : {"", "2020051020040", "20201310200408", "20200510250408", "2020-05-10T2004", "2020051020040x"})
    EXPECT_FALSE(viid::read_time(off)) << off;
  // The identifiers of a real POST /VIID/Faces, published by its author.
  const std::string image = viid::image_id("34020000001110000001", kShot, 1);
  EXPECT_EQ(image, "34020000001110000001022020051020040800001");
  const std::string face = viid::object_id(CaptureKind::face, image);
  EXPECT_EQ(face, "340200000011100000010220200510200408000010600001");
  EXPECT_EQ(face.size(), 48U);
  EXPECT_EQ(viid::scene_of(face), image);
  EXPECT_EQ(viid::cutout_of(face), "34020000001110000001022020051020040800002");
  EXPECT_EQ(viid::object_id(CaptureKind::plate, image).substr(41), "0200001");
  EXPECT_EQ(viid::image_id(kCamera, kShot, 1'234'567).substr(36), "34567");
  EXPECT_EQ(viid::number_of_device("33010600002000000001", 42), "33010600001320000042");
  EXPECT_TRUE(viid::is_number(kCamera));
  EXPECT_FALSE(viid::is_number("3402000000132000000"));
  EXPECT_FALSE(viid::is_number("3402000000132000000x"));
}

TEST(Viid, a_motor_vehicle_byte_for_byte) {
  const std::string image = viid::image_id(kCamera, kShot, 8);
  viid::Object object{CaptureKind::plate, viid::object_id(CaptureKind::plate, image), kCamera, kShot, viid::Box{10, 20, 110, 60},
                      {"浙A12345", "5", "02", "", 0.934}, {}};
  object.pictures.push_back({image, "14", "Jpeg", 1920, 1080, "\xff\xd8\xff"});
  EXPECT_EQ(viid::list_text(CaptureKind::plate, std::vector{viid::object_text(object)}),
            "{\"MotorVehicleListObject\":{\"MotorVehicleObject\":[{"
            "\"MotorVehicleID\":\"340200000013200000010220200510200408000080200001\",\"InfoKind\":1,"
            "\"SourceID\":\"34020000001320000001022020051020040800008\",\"DeviceID\":\"34020000001320000001\",\"StorageUrl1\":\"\","
            "\"LeftTopX\":10,\"LeftTopY\":20,\"RightBtmX\":110,\"RightBtmY\":60,\"MarkTime\":\"20200510200408\",\"HasPlate\":\"1\","
            "\"PlateClass\":\"02\",\"PlateColor\":\"5\",\"PlateNo\":\"浙A12345\",\"PlateReliability\":\"93\",\"VehicleColor\":\"99\","
            "\"PassTime\":\"20200510200408\",\"SubImageList\":{\"SubImageInfoObject\":[{"
            "\"ImageID\":\"34020000001320000001022020051020040800008\",\"EventSort\":1,\"DeviceID\":\"34020000001320000001\","
            "\"StoragePath\":\"\",\"Type\":\"14\",\"FileFormat\":\"Jpeg\",\"ShotTime\":\"20200510200408\",\"Width\":1920,\"Height\":1080,"
            "\"FileSize\":3,\"Data\":\"/9j/\"}]}}]}}");
}

TEST(Viid, a_face_byte_for_byte_says_nothing_of_the_person) {
  const std::string image = viid::image_id(kCamera, kShot, 2);
  viid::Object object{CaptureKind::face, viid::object_id(CaptureKind::face, image), kCamera, kShot, {}, {}, {}};
  object.pictures.push_back({viid::cutout_of(object.id), "11", "Png", 112, 112, "ab"});
  EXPECT_EQ(viid::list_text(CaptureKind::face, std::vector{viid::object_text(object)}),
            "{\"FaceListObject\":{\"FaceObject\":[{\"FaceID\":\"340200000013200000010220200510200408000020600001\",\"InfoKind\":1,"
            "\"SourceID\":\"34020000001320000001022020051020040800002\",\"DeviceID\":\"34020000001320000001\",\"LeftTopX\":0,"
            "\"LeftTopY\":0,\"RightBtmX\":0,\"RightBtmY\":0,\"LocationMarkTime\":\"20200510200408\",\"FaceAppearTime\":\"20200510200408\","
            "\"FaceDisAppearTime\":\"20200510200408\",\"IsDriver\":2,\"IsForeigner\":2,\"IsSuspectedTerrorist\":2,"
            "\"IsCriminalInvolved\":2,\"IsDetainees\":2,\"IsVictim\":2,\"IsSuspiciousPerson\":2,\"SubImageList\":{"
            "\"SubImageInfoObject\":[{\"ImageID\":\"34020000001320000001022020051020040800003\",\"EventSort\":10,"
            "\"DeviceID\":\"34020000001320000001\",\"StoragePath\":\"\",\"Type\":\"11\",\"FileFormat\":\"Png\","
            "\"ShotTime\":\"20200510200408\",\"Width\":112,\"Height\":112,\"FileSize\":2,\"Data\":\"YWI=\"}]}}]}}");
}

TEST(Viid, the_small_frames_byte_for_byte) {
  EXPECT_EQ(viid::register_text(kCamera), "{\"RegisterObject\":{\"DeviceID\":\"34020000001320000001\"}}");
  EXPECT_EQ(viid::unregister_text(kCamera), "{\"UnRegisterObject\":{\"DeviceID\":\"34020000001320000001\"}}");
  EXPECT_EQ(viid::keepalive_text(kCamera), "{\"KeepaliveObject\":{\"DeviceID\":\"34020000001320000001\"}}");
  EXPECT_EQ(viid::list_text(CaptureKind::face, {}), "{\"FaceListObject\":{\"FaceObject\":[]}}");
}

TEST(Viid, answers_are_read_with_codes_as_numbers_and_as_strings_however_they_are_wrapped) {
  const auto list = viid::read_statuses(
      R"({"ResponseStatusListObject":{"ResponseStatusObject":[{"Id":"a","StatusCode":"0","StatusString":"OK"},
          {"Id":"b","StatusCode":4,"StatusString":"不收"},{"ID":"c","StatusCode":" 2 "}]}})");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 3U);
  EXPECT_EQ((*list)[0].code, 0);
  EXPECT_EQ((*list)[1].words, "不收");
  EXPECT_EQ((*list)[2].id, "c");
  EXPECT_EQ((*list)[2].code, 2);
  EXPECT_EQ(viid::read_statuses(R"({"ResponseStatusObject":{"StatusCode":9}})")->front().code, 9);
  EXPECT_EQ(viid::read_statuses(R"({"ResponseStatusListObject":[{"StatusCode":0}]})")->size(), 1U);
  for (const char* off : {"", "OK", R"({"StatusCode":null})", R"({"StatusCode":"much"})", R"({"StatusCode":"99999999999"})"})
    EXPECT_FALSE(viid::read_statuses(off)) << off;
  for (const char* none : {"{}", "[]", R"({"ResponseStatusListObject":{"ResponseStatusObject":[]}})",
                           R"({"a":{"a":{"a":{"a":{"a":{"a":{"StatusCode":0}}}}}}})"})
    EXPECT_TRUE(viid::read_statuses(none) && viid::read_statuses(none)->empty()) << none;
  EXPECT_EQ(viid::read_system_time(R"({"SystemTimeObject":{"TimeMode":"1","LocalTime":"20200510200408"}})"), kShot);
  EXPECT_EQ(viid::read_system_time(R"({"LocalTime":"20200510200408"})"), kShot);
  EXPECT_FALSE(viid::read_system_time(R"({"SystemTimeObject":{"LocalTime":1}})"));
}

TEST(Viid, colours_and_classes_are_named_only_where_they_are_known) {
  EXPECT_EQ(viid::colour_code("蓝色"), "5");
  EXPECT_EQ(viid::colour_code("Green"), "9");
  EXPECT_EQ(viid::colour_code("gray"), "3");
  EXPECT_EQ(viid::colour_code("shiny"), "99");
  EXPECT_EQ(viid::class_code("浙A12345", "5"), "02");
  EXPECT_EQ(viid::class_code("浙A12345", ""), "99");
  EXPECT_EQ(viid::class_code("浙AD12345", ""), "52");
  EXPECT_EQ(viid::class_code("浙A12345D", "9"), "51");
  EXPECT_EQ(viid::class_code("浙A1234学", "6"), "16");
  EXPECT_EQ(viid::class_code("浙A1234警", "2"), "23");
  EXPECT_EQ(viid::class_code("", "5"), "99");
}

TEST(CaptureRules, one_refusal_says_nothing_about_the_others) {
  const std::vector<std::string> two{"a", "b"};
  auto judged = judge(two, {{"b", 4, "no"}, {"a", 0, ""}});
  EXPECT_EQ(judged[0].verdict, Verdict::taken);
  EXPECT_EQ(judged[1].verdict, Verdict::refused);
  EXPECT_EQ(judged[1].words, "no");
  EXPECT_EQ(judge(two, {})[1].verdict, Verdict::taken);                                          // 200 and nothing else
  EXPECT_EQ(judge(two, {{"", 0, ""}})[1].verdict, Verdict::taken);                               // one word for all
  EXPECT_EQ(judge(two, {{"", 7, ""}})[0].verdict, Verdict::alone);                               // and a bad one
  EXPECT_EQ(judge(two, {{"", 2, ""}})[0].verdict, Verdict::busy);
  EXPECT_EQ(judge(two, {{"", 0, ""}, {"", 8, ""}})[1].verdict, Verdict::refused);                // by their order
  EXPECT_EQ(judge(two, {{"a", 0, ""}})[1].verdict, Verdict::alone);                              // one was forgotten
  EXPECT_EQ(judge(two, {{"a", 1, ""}, {"b", 9, ""}})[0].verdict, Verdict::again);
  EXPECT_EQ(judge(two, {{"a", 1, ""}, {"b", 9, ""}})[1].verdict, Verdict::busy);
  const std::vector<std::string> one{"a"};
  EXPECT_EQ(judge(one, {{"x", 0, ""}, {"y", 0, ""}})[0].verdict, Verdict::again);
}

TEST(CaptureRules, what_cameras_say_is_read_leniently_and_never_believed) {
  const Sight sight = read_sight(R"({"plate":"浙AD12345","colour":"green","box":[10,-5,100.4,40],"crop":"file_x","clip":"file_y"})", 0.9);
  EXPECT_EQ(sight.plate.number, "浙AD12345");
  EXPECT_EQ(sight.plate.colour, "9");
  EXPECT_EQ(sight.plate.class_, "52");
  ASSERT_TRUE(sight.box);
  EXPECT_EQ(sight.box->top, 0);
  EXPECT_EQ(sight.box->right, 110);
  EXPECT_EQ(sight.cutout, "file_x");
  EXPECT_FALSE(sight.person);
  for (const char* odd : {"", "[]", "{", R"({"plate":7,"box":[1,2,3],"crop":{},"person":null,"colour":[]})", R"({"box":[1,2,3,"4"]})",
                          R"({"box":[1e300,2,3,4]})"}) {
    const Sight none = read_sight(odd, 2);
    EXPECT_EQ(none.plate.number, "") << odd;
    EXPECT_FALSE(none.box) << odd;
    EXPECT_EQ(none.plate.confidence, 1) << odd;
  }
}

TEST(CaptureRules, a_face_leaves_only_for_a_purpose_or_with_consent) {
  Library library;
  library.plates = true;
  const Asked plate{CaptureKind::plate, false, false, false};
  Asked face{CaptureKind::face, false, false, true};
  EXPECT_EQ(withheld(library, plate, kShot), "");
  EXPECT_EQ(withheld(library, face, kShot), "switched_off");
  library.faces = true;
  EXPECT_EQ(withheld(library, face, kShot), "no_consent") << "no signs";
  library.signs_posted = true;
  EXPECT_EQ(withheld(library, face, kShot), "");
  face.known_person = true;
  EXPECT_EQ(withheld(library, face, kShot), "no_consent");
  face.consents = true;
  EXPECT_EQ(withheld(library, face, kShot), "");
  face.has_picture = false;
  EXPECT_EQ(withheld(library, face, kShot), "no_picture");
  library.purpose = SharePurpose::traffic;
  EXPECT_EQ(withheld(library, {CaptureKind::face, false, true, true}, kShot), "no_consent");
  library.until = kShot;
  EXPECT_EQ(withheld(library, plate, kShot), "ended");
}

TEST(CaptureRules, waiting_grows_and_chance_stays_within_five_minutes) {
  EXPECT_EQ(again_after(1), std::chrono::seconds(10));
  EXPECT_EQ(again_after(2), std::chrono::seconds(40));
  Duration least{1'000'000}, most{0};
  for (int high = 0; high < 256; ++high)
    for (int low = 0; low < 256; low += 5) {
      const Duration d = away_for(std::string{static_cast<char>(high), static_cast<char>(low)});
      least = std::min(least, d);
      most = std::max(most, d);
    }
  EXPECT_EQ(least, std::chrono::seconds(1));
  EXPECT_EQ(most, std::chrono::seconds(300));
}

}  // namespace
}  // namespace lifang::exchange
