// Faces before a gate, on made-up looks.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "vision/judges/face_gate.hpp"

namespace lifang::vision {
namespace {

FaceSight sight(std::string template_id, double living = 0.95, float x = 100, double distance = 0.18) {
  return {{x, 80, 120, 120}, true, living, 0, std::move(template_id), distance};
}

/// Looks at four a second; the events of all.
struct Visits {
  FaceGate judge{FaceLimits{}};
  double seconds = 0;
  std::vector<FaceEvent> events;
  bool turns = true;
  void look(std::vector<FaceSight> faces, int times = 1) {
    for (int i = 0; i < times; ++i, seconds += 0.25) {
      for (FaceSight& face : faces) face.nose = turns ? (looked / 2 % 2 == 0 ? -0.1 : 0.1) : 0.01 * (looked % 5);
      ++looked;
      look_at(faces);
    }
  }
  int looked = 0;
  void look_at(const std::vector<FaceSight>& faces) {
    if (auto event = judge.see(seconds, faces)) events.push_back(std::move(*event));
  }
  int count(FaceVerdict verdict) const {
    return static_cast<int>(std::count_if(events.begin(), events.end(), [&](const FaceEvent& e) { return e.verdict == verdict; }));
  }
};

TEST(FaceGate, the_nose_of_a_sheet_stays_however_it_is_held_and_that_of_a_head_does_not) {
  const cv::Point2f right(0, 0), left(60, 0), nose(31, 30), mouth(30, 60);
  const double flat = across(right, left, nose, mouth);
  for (const auto& [a, b, c, d] : {std::array{0.6F, 0.2F, -0.1F, 1.1F}, {1.0F, -0.4F, 0.3F, 0.8F}, {0.9F, 0.0F, 0.0F, 0.5F}}) {
    const auto held = [&, a = a, b = b, c = c, d = d](cv::Point2f p) { return cv::Point2f(a * p.x + b * p.y + 17, c * p.x + d * p.y - 5); };
    EXPECT_NEAR(flat, across(held(right), held(left), held(nose), held(mouth)), 1e-5);
  }
  EXPECT_GT(across(right, left, nose + cv::Point2f(6, 0), mouth), flat + 0.09);
}

TEST(FaceGate, a_picture_of_somebody_known_that_never_turns_is_refused) {
  Visits gate;
  gate.turns = false;
  gate.look({sight("tpl_a", 0.99)}, 40);
  ASSERT_EQ(1U, gate.events.size());
  EXPECT_EQ(FaceVerdict::not_living, gate.events[0].verdict);
  EXPECT_TRUE(gate.events[0].flat);
  EXPECT_EQ("", gate.events[0].template_id);
  EXPECT_GE(gate.events[0].seconds, 8);
  gate.look({}, 20);
  gate.look({sight("", 0.99)}, 40);
  EXPECT_EQ(1, gate.count(FaceVerdict::not_living)) << "a stranger who stands still is no picture";
}

TEST(FaceGate, knows_somebody_after_looks_that_agree_once_a_visit) {
  Visits gate;
  gate.look({sight("tpl_a")}, 3);
  EXPECT_TRUE(gate.events.empty());
  gate.look({sight("tpl_a")}, 10);
  ASSERT_EQ(1U, gate.events.size());
  EXPECT_EQ(FaceVerdict::known, gate.events[0].verdict);
  EXPECT_EQ("tpl_a", gate.events[0].template_id);
  EXPECT_NEAR(0.8, gate.events[0].confidence, 1e-9);
  gate.look({}, 20);
  gate.look({sight("tpl_a")}, 5);
  EXPECT_EQ(2U, gate.events.size()) << "another visit";
}

TEST(FaceGate, refuses_a_picture_that_is_held_up_even_when_it_shows_somebody_known) {
  Visits gate;
  gate.look({sight("tpl_a", 0.6)}, 3);
  ASSERT_EQ(1U, gate.events.size());
  EXPECT_EQ(FaceVerdict::not_living, gate.events[0].verdict);
  EXPECT_EQ("", gate.events[0].template_id) << "whose picture it is, is nobody's business";
  gate.look({sight("tpl_a", 0.99)}, 10);
  EXPECT_EQ(0, gate.count(FaceVerdict::known)) << "the visit is spent";
}

TEST(FaceGate, a_living_stranger_lends_nothing_to_a_picture_that_comes_after) {
  Visits gate;
  gate.look({sight("", 0.99, 100)}, 2);
  gate.look({sight("tpl_a", 0.5, 320)}, 3);
  EXPECT_EQ(0, gate.count(FaceVerdict::known));
  EXPECT_EQ(1, gate.count(FaceVerdict::not_living));
}

TEST(FaceGate, looks_that_name_two_people_know_nobody) {
  Visits gate;
  for (int i = 0; i < 10; ++i) gate.look({sight(i % 2 == 0 ? "tpl_a" : "tpl_b")});
  EXPECT_TRUE(gate.events.empty());
}

TEST(FaceGate, two_faces_at_once_are_not_judged) {
  Visits gate;
  gate.look({sight("tpl_a"), sight("", 0.99, 400)}, 20);
  gate.look({sight("tpl_a")}, 2);
  EXPECT_TRUE(gate.events.empty());
  gate.look({sight("tpl_a")}, 3);
  EXPECT_EQ(1, gate.count(FaceVerdict::known));
}

TEST(FaceGate, counts_a_stranger_once_and_still_knows_them_by_better_looks) {
  Visits gate;
  gate.look({sight("")}, 8);
  EXPECT_EQ(1, gate.count(FaceVerdict::stranger));
  gate.look({sight("tpl_a")}, 3);
  EXPECT_EQ(1, gate.count(FaceVerdict::known));
}

TEST(FaceGate, poor_looks_and_holes_in_the_looks_are_no_votes) {
  Visits gate;
  FaceSight blurred = sight("tpl_a");
  blurred.good = false;
  gate.look({blurred}, 20);
  gate.look({sight("tpl_a")}, 2);
  gate.seconds += 30;
  gate.look({sight("tpl_a")}, 2);
  EXPECT_TRUE(gate.events.empty());
  gate.look({sight("tpl_a")}, 3);
  EXPECT_EQ(1, gate.count(FaceVerdict::known));
}

}  // namespace
}  // namespace lifang::vision
