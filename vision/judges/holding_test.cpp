// What stands is told, told again and over, by kind and by subject; looks with gaps between them; votes over plates.
#include <gtest/gtest.h>

#include <algorithm>

#include "vision/commands/view.hpp"
#include "vision/judges/holding.hpp"
#include "vision/judges/parking.hpp"
#include "vision/judges/plate_tracks.hpp"
#include "vision/judges/posture.hpp"
#include "vision/judges/standing.hpp"

namespace lifang::vision {
namespace {

Telling said(double began, double seconds, double confidence) { return {"", began, seconds, confidence, R"({"box":[1,2,3,4]})", true}; }

TEST(Holding, what_rules_count_is_told_again_in_its_own_time) {
  Holding holding(20);
  holding.begin("attendant_off_duty", "", said(0, 300, 0.9), 600);
  holding.begin("fire_lane_blocked", "", said(0, 300, 0.9));
  const auto soon = holding.again(325);
  ASSERT_EQ(soon.size(), 1U);
  EXPECT_EQ(soon[0].kind, "fire_lane_blocked");
  EXPECT_EQ(holding.again(899.0).size(), 1U) << "one absence is not two within half an hour";
  const auto later = holding.again(900);
  ASSERT_EQ(later.size(), 1U);
  EXPECT_EQ(later[0].kind, "attendant_off_duty") << "one that does not end is told again";
}

TEST(Holding, two_of_a_kind_are_over_when_the_last_of_them_is) {
  Holding holding(20);
  EXPECT_EQ(holding.begin("fire_lane_blocked", "0", said(1, 61, 0.8)).attributes, R"({"box":[1,2,3,4]})");
  const Telling second = holding.begin("fire_lane_blocked", "1", said(5, 65, 0.7));
  EXPECT_EQ(second.attributes, R"({"box":[1,2,3,4],"standing":2})");
  EXPECT_EQ(second.began, 5);
  holding.begin("crowd", "2", said(5, 65, 0.7));
  const auto rest = holding.end("fire_lane_blocked", "0", 70);
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].kind, "fire_lane_blocked") << "the other lane is blocked still";
  EXPECT_EQ(rest[0].confidence, 0.7);
  const auto over = holding.end("fire_lane_blocked", "1", 80);
  ASSERT_EQ(over.size(), 1U);
  EXPECT_EQ(over[0].kind, "fire_lane_blocked_over");
  EXPECT_TRUE(holding.end("fire_lane_blocked", "1", 90).empty()) << "once";
}

TEST(Holding, each_that_stands_is_told_again_in_its_own_time) {
  Holding holding(20);
  holding.begin("fall", "1", said(0, 5, 0.9));
  holding.begin("fall", "2", said(0, 15, 0.7));
  EXPECT_TRUE(holding.again(24).empty());
  const auto first = holding.again(26);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].confidence, 0.9);
  EXPECT_EQ(first[0].began, 26) << "the node asks for fresh evidence";
  EXPECT_FALSE(first[0].shown);
  EXPECT_EQ(holding.again(36).size(), 1U);
}

TEST(Holding, who_looks_no_more_says_over_and_why) {
  Holding holding(20);
  holding.begin("overflow", "a", said(0, 5, 0.9));
  holding.begin("overflow", "b", said(0, 5, 0.9));
  const auto over = holding.end_all(30, "not watched any more");
  ASSERT_EQ(over.size(), 1U);
  EXPECT_EQ(over[0].kind, "overflow_over");
  EXPECT_EQ(over[0].attributes, R"({"because":"not watched any more"})");
  EXPECT_EQ(over[0].confidence, 0) << "nobody saw that it is gone";
  EXPECT_TRUE(holding.again(90).empty());
}

TEST(Holding, an_hour_that_ends_takes_its_own_kinds_alone) {
  Holding holding(20);
  holding.begin("ebike_in_lift", "", {"ebike_in_lift", 0, 0, 0.9, "{}", true});
  holding.begin("attendant_off_duty", "", {"attendant_off_duty", 0, 0, 0.9, "{}", true});
  const auto over = holding.end_all(5, "its hours are over", [](const std::string& kind) { return kind == "attendant_off_duty"; });
  ASSERT_EQ(over.size(), 1U);
  EXPECT_EQ(over[0].kind, "attendant_off_duty_over");
  const auto again = holding.again(25);
  ASSERT_EQ(again.size(), 1U) << "what still stands is told again";
  EXPECT_EQ(again[0].kind, "ebike_in_lift");
}

TEST(Holding, a_weak_first_alarm_becomes_sure_and_is_shown_again) {
  // As the lift's defaults have it: 0.2 in every picture, three votes, a rule that asks for 0.6.
  EbikeJudge judge(3, 3, 4);
  Holding holding(20);
  std::vector<Telling> told;
  for (double t = 0; t < 10; t += 0.25) {
    if (const auto e = judge.see(t, 0.2)) told.push_back(holding.begin("ebike_in_lift", "", {"", e->since, e->seconds, e->score, "{}", true}));
    else if (const auto surer = holding.raise("ebike_in_lift", "", t, judge.sure())) told.push_back(*surer);
  }
  ASSERT_GT(told.size(), 1U);
  EXPECT_NEAR(told[0].confidence, 0.488, 0.001) << "below what the rule asks for";
  const auto sure = std::find_if(told.begin(), told.end(), [](const Telling& telling) { return telling.confidence >= 0.6; });
  ASSERT_NE(sure, told.end());
  EXPECT_LT(sure->seconds, 2) << "at once, not with the next repeat";
  EXPECT_TRUE(sure->shown) << "what raises the situation has a picture";
  EXPECT_LE(told.size(), 6U) << "not every look is told";
  EXPECT_GT(told.back().confidence, 0.85);
}

TEST(Holding, less_than_a_tenth_surer_waits_for_the_repeat_and_nothing_gets_less_sure) {
  Holding holding(20);
  holding.begin("ebike_in_lift", "", said(0, 0, 0.55));
  EXPECT_FALSE(holding.raise("ebike_in_lift", "", 1, 0.62));
  EXPECT_FALSE(holding.raise("ebike_in_lift", "", 2, 0.3));
  const auto again = holding.again(20);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].confidence, 0.62);
  EXPECT_TRUE(again[0].shown);
  EXPECT_FALSE(holding.again(40)[0].shown);
  EXPECT_FALSE(holding.raise("fall", "7", 50, 0.9)) << "nothing of it stands";
}

TEST(Gaps, two_looks_minutes_apart_are_no_evidence) {
  DutyJudge duty(300);
  EXPECT_FALSE(duty.see(0, true, true));
  EXPECT_FALSE(duty.see(400, false, true)) << "nobody looked for 400 s";
  Standing loitering(60, 20);
  EXPECT_FALSE(loitering.see(0, 0.8));
  EXPECT_FALSE(loitering.see(120, 0.8));
  const std::vector<cv::Point> mouth{{100, 60}, {220, 60}, {220, 180}, {100, 180}};
  const cv::Mat empty(240, 320, CV_8U, cv::Scalar(120));
  cv::Mat full = empty.clone();
  full(cv::Rect(100, 60, 120, 120)) = 230;
  BinJudge bin({}, mouth, empty);
  EXPECT_FALSE(bin.see(0, full, false));
  EXPECT_FALSE(bin.see(120, full, false));
}

TEST(Gaps, what_stands_goes_on_standing_over_a_gap) {
  Standing lane(10, 20);
  bool told = false;
  for (double t = 0; t <= 12; ++t) told = told || lane.see(t, 0.8);
  ASSERT_TRUE(told);
  EXPECT_FALSE(lane.see(100, 0)) << "one look after a gap ends nothing";
  std::optional<PresenceEvent> over;
  double t = 101;
  for (; t < 140 && !over; ++t) over = lane.see(t, 0);
  ASSERT_TRUE(over);
  EXPECT_NEAR(over->seconds, 120, 1.5);
  EbikeJudge lift(3, 3, 4);
  for (double s = 0; s < 3; s += 0.25) lift.see(s, 0.6);
  EXPECT_FALSE(lift.see(60, 0)) << "the detector blinked in the first look after the gap";
}

TEST(Gaps, a_full_machine_that_looks_rarely_is_got_used_to) {
  Standing lane(60, 20);
  std::optional<PresenceEvent> event;
  for (double t = 0; t < 200 && !event; t += 8) event = lane.see(t, 0.8);
  EXPECT_TRUE(event);
}

Posture stands_at(float x) { return {{x, 100, 60, 180}, 8, 0.8F}; }
Posture lies_at(float x) { return {{x - 50, 230, 170, 60}, 80, 0.7F}; }

struct FallenScene {
  PostureJudge judge{{}};
  double t = 0;
  std::vector<FallenEvent> events;
  void show(double seconds, const std::vector<Posture>& people) {
    for (const double until = t + seconds; t < until; t += 0.25)
      for (const FallenEvent& e : judge.see(t, people)) events.push_back(e);
  }
};

TEST(Fallen, missed_by_the_detector_for_a_while_is_not_over) {
  FallenScene scene;
  scene.show(3, {stands_at(100)});
  scene.show(10, {lies_at(110)});
  ASSERT_EQ(scene.events.size(), 1U);
  scene.show(40, {});
  scene.show(5, {lies_at(112)});
  EXPECT_EQ(scene.events.size(), 1U) << "still the same fall";
  scene.show(62, {});
  ASSERT_EQ(scene.events.size(), 2U);
  EXPECT_FALSE(scene.events[1].began) << "a minute of looks without anybody";
  EXPECT_EQ(scene.events[0].person, scene.events[1].person);
}

TEST(Fallen, a_helper_beside_is_not_the_fallen_getting_up) {
  FallenScene scene;
  scene.show(3, {stands_at(100)});
  scene.show(10, {lies_at(110)});
  scene.show(20, {stands_at(160), lies_at(110)});
  scene.show(1, {stands_at(150)});
  EXPECT_EQ(scene.events.size(), 1U);
}

TEST(Fallen, two_are_told_apart) {
  FallenScene scene;
  scene.show(3, {stands_at(100), stands_at(900)});
  scene.show(10, {lies_at(110), lies_at(910)});
  ASSERT_EQ(scene.events.size(), 2U);
  EXPECT_NE(scene.events[0].person, scene.events[1].person);
}

TEST(Fallen, while_nobody_looks_nobody_gets_up) {
  FallenScene scene;
  scene.show(3, {stands_at(100)});
  scene.show(10, {lies_at(110)});
  scene.t += 300;
  scene.show(5, {lies_at(110)});
  EXPECT_EQ(scene.events.size(), 1U);
}

PlateLook seen_as(const std::string& text, float score, float x = 100) { return {{text, score}, {x, 200, 90, 30}, {}}; }

TEST(PlateTracks, one_frame_decides_nothing_and_several_outvote_it) {
  PlateTracks tracks({0.8, 3, 8, {}});
  EXPECT_TRUE(tracks.see(0, {seen_as("浙A6MX97", 0.95F)}).empty());
  EXPECT_TRUE(tracks.see(0.25, {seen_as("浙A6MX91", 0.85F, 108)}).empty());
  const auto told = tracks.see(0.5, {seen_as("浙A6MX97", 0.9F, 116)});
  EXPECT_TRUE(told.empty()) << "two of three: not sure enough yet";
  std::vector<PlateEvent> all;
  for (double t = 0.75; t < 3; t += 0.25)
    for (const auto& e : tracks.see(t, {seen_as("浙A6MX97", 0.93F, 120)})) all.push_back(e);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].plate, "浙A6MX97");
  EXPECT_FALSE(all[0].listed);
}

TEST(PlateTracks, two_plates_in_view_are_told_once_each_and_a_return_is_told_again) {
  PlateTracks tracks({0.8, 3, 8, {}});
  std::vector<std::string> told;
  const auto show = [&](double from, double to, const std::vector<PlateLook>& looks) {
    for (double t = from; t < to; t += 0.25)
      for (const auto& e : tracks.see(t, looks)) told.push_back(e.plate);
  };
  // Which of them is the surer changes from look to look.
  for (double t = 0; t < 10; t += 0.5) {
    show(t, t + 0.25, {seen_as("浙A6MX97", 0.95F), seen_as("皖B12345", 0.9F, 700)});
    show(t + 0.25, t + 0.5, {seen_as("皖B12345", 0.95F, 700), seen_as("浙A6MX97", 0.9F)});
  }
  EXPECT_EQ(told.size(), 2U);
  show(20, 22, {seen_as("浙A6MX97", 0.95F)});
  ASSERT_EQ(told.size(), 3U) << "it left and came back";
  EXPECT_EQ(told[2], "浙A6MX97");
}

TEST(PlateTracks, a_car_behind_another_in_the_same_place_is_another) {
  PlateTracks tracks({0.8, 3, 8, {}});
  std::vector<std::string> told;
  for (double t = 0; t < 4; t += 0.25)
    for (const auto& e : tracks.see(t, {seen_as(t < 2 ? "浙A6MX97" : "皖B12345", 0.95F)})) told.push_back(e.plate);
  EXPECT_EQ(told, (std::vector<std::string>{"浙A6MX97", "皖B12345"}));
}

TEST(PlateTracks, a_reading_within_one_edit_of_one_known_plate_is_that_plate) {
  PlateTracks tracks({0.8, 3, 8, {"浙A6MX97", "皖B12345"}});
  std::vector<PlateEvent> told;
  for (double t = 0; t < 2; t += 0.25)
    for (const auto& e : tracks.see(t, {seen_as("浙A6MX91", 0.9F), seen_as("京C00001", 0.9F, 800)})) told.push_back(e);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].plate, "浙A6MX97");
  EXPECT_EQ(told[0].read, "浙A6MX91");
  EXPECT_EQ(told[0].listed, true);
  EXPECT_EQ(told[1].plate, "京C00001");
  EXPECT_EQ(told[1].listed, false);
}

TEST(ParkingWords, count_by_building_and_say_nothing_before_three_equal_votes) {
  const auto slot = [](const std::string& id, float x, const std::string& building) {
    return Slot{id, {{x, 0}, {x + 100, 0}, {x + 100, 60}, {x, 60}}, building};
  };
  const std::vector<Slot> slots{slot("1", 0, "b1"), slot("2", 100, "b1"), slot("3", 200, "b2"), slot("4", 300, "")};
  ParkingVotes votes(0.24F);
  const std::vector<float> scores{0.9F, 0.0F, 0.9F, 0.0F};
  EXPECT_EQ(parking_words(slots, votes.judge(slots, scores)), "");
  EXPECT_EQ(parking_words(slots, votes.judge(slots, {0.9F, 0.9F, 0.9F, 0.0F})), "") << "a car drove past";
  EXPECT_EQ(parking_words(slots, votes.judge(slots, scores)),
            R"({"free":1,"occupied":2,"unknown":1,"total":4,"buildings":{"b1":{"free":0,"occupied":1,"unknown":1,"total":2},)"
            R"("b2":{"free":0,"occupied":1,"unknown":0,"total":1}},"slots":{"1":true,"3":true,"4":false}})");
}

TEST(EbikeZone, what_stands_in_the_lobby_behind_the_open_door_is_no_ebike_in_the_lift) {
  const std::vector<std::vector<cv::Point>> cabin{{{50, 200}, {650, 200}, {650, 570}, {50, 570}}};
  const std::vector<FoundObject> lobby{{Kind::bicycle, {300, 20, 120, 110}, 0.9F}};
  const std::vector<FoundObject> both{lobby[0], {Kind::bicycle, {200, 250, 300, 250}, 0.4F}};
  EXPECT_EQ(two_wheeler_of({}, lobby, cabin), nullptr);
  EXPECT_EQ(two_wheeler_of({}, lobby, {}), lobby.data()) << "no zone is drawn";
  EXPECT_EQ(two_wheeler_of({}, both, cabin), &both[1]);
}

}  // namespace
}  // namespace lifang::vision
