// The pure judges on made-up tracks and columns.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "vision/commands/view.hpp"
#include "vision/judges/bag.hpp"
#include "vision/judges/falling.hpp"
#include "vision/judges/parking.hpp"
#include "vision/judges/plate_decode.hpp"
#include "vision/judges/presence.hpp"

namespace lifang::vision {
namespace {

TEST(PlateGrammar, knows_usual_energy_and_special_plates) {
  for (const char* plate : {"皖A05279", "京O12345", "浙A6MX97", "粤B12345D", "浙AD12345", "浙AF12345", "沪A1234学", "粤Z12F4港"})
    EXPECT_TRUE(is_plate(plate)) << plate;
  for (const char* text : {"", "A05279", "皖A0527", "皖I05279", "皖A0527I", "皖AO5279", "皖A052799", "浙AD1234D", "皖皖05279", "皖A05学79", "皖A05279\xff"})
    EXPECT_FALSE(is_plate(text)) << text;
}

TEST(PlateGrammar, matches_within_one_edit_and_never_between_two) {
  const std::vector<std::string> list{"浙A6MX97", "浙A6MX91", "皖B12345"};
  EXPECT_EQ(0U, match_plate("浙A6MX97", list));
  EXPECT_EQ(npos, match_plate("浙A6MX99", list)) << "one edit from two cars";
  EXPECT_EQ(2U, match_plate("皖812345", list));
  EXPECT_EQ(2U, match_plate("皖B1234", list));
  EXPECT_EQ(npos, match_plate("皖B12354", list)) << "two edits";
  EXPECT_EQ(1U, plate_distance("浙A", "皖A"));
}

PlateColumns columns_of(const std::string& text, float sure) {
  const auto symbols = symbols_of(text);
  const std::size_t width = plate_symbols().size() + 1;
  PlateColumns out;
  for (const std::size_t s : symbols) {
    std::vector<float> blank(width, 0.0F), column(width, (1 - sure) / static_cast<float>(width - 1));
    blank[0] = 1;
    column[1 + s] = sure;
    out.push_back(column);
    out.push_back(blank);
  }
  return out;
}

TEST(PlateDecode, reads_doubled_characters_and_asks_the_grammar) {
  const auto found = decode_plate(columns_of("皖ACC998", 0.9F));
  ASSERT_FALSE(found.empty());
  EXPECT_EQ("皖ACC998", found.front().text);
  PlateColumns unsure = columns_of("皖A00279", 0.9F);
  const auto letter_o = symbols_of("O")[0];
  unsure[6][1 + letter_o] = 0.95F;  // the letter O may not stand there, whatever the recogniser says
  EXPECT_EQ("皖A00279", decode_plate(unsure).front().text);
  EXPECT_TRUE(decode_plate({}).empty());
}

TEST(PlateDecode, views_outvote_a_bad_one) {
  EXPECT_EQ("浙D335DZ", vote_plate({columns_of("浙D335DZ", 0.9F), columns_of("浙D3350Z", 0.6F), columns_of("浙D335DZ", 0.8F)}).text);
}

TEST(PlateDecode, aligns_each_character_with_its_column) {
  const auto places = align_plate(columns_of("皖ACC998", 0.9F), symbols_of("皖ACC998"));
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(i, places[2 * i]);
}

Slot square(const std::string& id, float x) { return {id, {{x, 0}, {x + 100, 0}, {x + 100, 60}, {x, 60}}}; }

TEST(Parking, gives_a_car_to_the_slot_that_it_covers_best) {
  const std::vector<Slot> slots{square("a", 0), square("b", 100)};
  const auto scores = slot_scores(slots, {{Kind::car, {110, -20, 90, 75}, 0.8F}, {Kind::person, {10, 0, 90, 60}, 0.9F}});
  EXPECT_EQ(0, scores[0]);
  EXPECT_GT(scores[1], 0.7F);
}

TEST(Parking, changes_after_three_equal_votes) {
  const std::vector<Slot> slots{square("a", 0)};
  ParkingVotes votes(0.24F);
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(votes.judge(slots, {0.0F})[0].known) << "the first state asks for three votes too";
  EXPECT_TRUE(votes.judge(slots, {0.0F})[0].known);
  EXPECT_FALSE(votes.judge(slots, {0.9F})[0].occupied);
  EXPECT_FALSE(votes.judge(slots, {0.9F})[0].occupied);
  EXPECT_FALSE(votes.judge(slots, {0.0F})[0].occupied) << "a car drove past";
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(votes.judge(slots, {0.9F})[0].occupied);
  EXPECT_TRUE(votes.judge(slots, {0.9F})[0].occupied);
}

/// 20 floors of 3 m over 600 pixels: 10 pixels a metre.
Facade tower() { return {{{100, 0}, {500, 0}, {500, 600}, {100, 600}}, 20, 10, 3.0, 4.0}; }

std::vector<Fall> watch(double height_m, double acceleration, double speed, double sideways, double noise_px) {
  FallingJudge judge(tower());
  std::mt19937 chance(3);
  std::normal_distribution<double> noise(0, noise_px);
  std::vector<Fall> out;
  for (int i = 0; i < 150; ++i) {
    const double t = i / 25.0, since = t - 1;
    std::vector<Spot> spots;
    const double y = height_m - speed * since - acceleration * since * since / 2;
    if (since >= 0 && y > 0)
      spots.push_back({{static_cast<float>(290 + sideways * since * 10 + noise(chance)), static_cast<float>(600 - y * 10 + noise(chance))}, 6});
    for (Fall& fall : judge.see(t, spots)) out.push_back(fall);
  }
  for (Fall& fall : judge.finish()) out.push_back(fall);
  return out;
}

TEST(Falling, finds_a_dropped_thing_its_floor_and_its_column) {
  const auto falls = watch(46.2, 9.2, 0, 0.5, 0.4);
  ASSERT_EQ(1U, falls.size());
  EXPECT_EQ(16, falls[0].floor);
  EXPECT_EQ(5, falls[0].column);
  EXPECT_NEAR(9.2, falls[0].acceleration, 0.4);
  EXPECT_LT(falls[0].floor_error, 1);
  EXPECT_GT(falls[0].column_error, 0);
  EXPECT_LT(falls[0].column_error, 0.5) << "of columns of four metres";
  EXPECT_EQ(0, falls[0].floors_beyond);
}

TEST(Falling, says_when_a_thing_came_from_above_the_highest_floor) {
  // Over the upper edge at 24 m/s: it began about 29 m above the roof.
  const auto falls = watch(60, 9.6, 24, 0, 0.4);
  ASSERT_EQ(1U, falls.size());
  EXPECT_EQ(20, falls[0].floor);
  EXPECT_GT(falls[0].floors_beyond, 5);
}

TEST(Falling, leads_a_thing_seen_late_back_to_its_floor) {
  // Seen from 30 m on, already at 17 m/s: it came from 30 + 17²/19.6 ≈ 44.7 m.
  const auto falls = watch(30, 9.6, 17, 0, 0.4);
  ASSERT_EQ(1U, falls.size());
  EXPECT_NEAR(15, falls[0].floor, 1);
}

TEST(Falling, passes_over_birds_leaves_rain_and_what_rises) {
  EXPECT_TRUE(watch(50, 0, 6, 8, 0.5).empty()) << "a bird";
  EXPECT_TRUE(watch(40, 0, 1.5, 0.5, 0.5).empty()) << "a leaf";
  EXPECT_TRUE(watch(50, 0, 9, 0, 0.5).empty()) << "a drop at its terminal speed";
  EXPECT_TRUE(watch(10, 0, -6, 0, 0.5).empty()) << "a balloon";
}

TEST(Falling, refuses_a_facade_without_four_corners) {
  EXPECT_ANY_THROW(FallingJudge({{{0, 0}, {1, 0}}, 3, 3, 3, 3}));
}

TEST(Bag, tells_what_lies_alone_and_when_it_is_taken) {
  BagJudge judge({20, 5, 0.0008, 0.08}, {});
  cv::Mat floor(180, 320, CV_8U, cv::Scalar(120)), bag = floor.clone();
  bag(cv::Rect(150, 100, 24, 20)) = 40;
  std::vector<BagEvent> events;
  const auto show = [&](double from, double to, const cv::Mat& picture, const std::vector<cv::Rect2f>& people) {
    for (double t = from; t < to; t += 0.2)
      for (const BagEvent& e : judge.see(t, picture, people)) events.push_back(e);
  };
  const std::vector<cv::Rect2f> owner{{155, 60, 20, 60}};
  show(0, 10, floor, {});
  show(10, 40, bag, owner);
  EXPECT_TRUE(events.empty()) << "its owner stands beside it";
  show(40, 50, bag, {});
  ASSERT_EQ(1U, events.size());
  EXPECT_TRUE(events[0].left);
  EXPECT_NEAR(10, events[0].since, 6);
  EXPECT_GT((events[0].box & cv::Rect2f(150, 100, 24, 20)).area(), 300);
  show(50, 60, floor, {});
  ASSERT_EQ(2U, events.size());
  EXPECT_FALSE(events[1].left);
}

TEST(Bag, somebody_who_stands_before_it_has_not_taken_it) {
  BagJudge judge({20, 5, 0.0008, 0.08}, {});
  cv::Mat floor(180, 320, CV_8U, cv::Scalar(120)), bag = floor.clone();
  bag(cv::Rect(150, 100, 24, 20)) = 40;
  cv::Mat covered = bag.clone(), alone = floor.clone();
  for (cv::Mat* with : {&covered, &alone}) (*with)(cv::Rect(145, 60, 34, 66)) = 200;
  std::vector<BagEvent> events;
  const auto show = [&](double from, double to, const cv::Mat& picture, const std::vector<cv::Rect2f>& people) {
    for (double t = from; t < to; t += 0.2)
      for (const BagEvent& e : judge.see(t, picture, people)) events.push_back(e);
  };
  const std::vector<cv::Rect2f> somebody{{145, 60, 34, 66}};
  show(0, 10, floor, {});
  show(10, 45, bag, {});
  ASSERT_EQ(1U, events.size());
  show(45, 55, covered, somebody);
  show(55, 90, bag, {});
  EXPECT_EQ(1U, events.size()) << "neither over nor a second bag";
  show(90, 100, alone, somebody);
  show(100, 110, floor, {});
  ASSERT_EQ(2U, events.size()) << "it is over when it is gone";
  EXPECT_FALSE(events[1].left);
}

/// A hall with a chequered floor and a little noise; `things` lie on it.
cv::Mat hall(const std::vector<std::pair<cv::Rect, int>>& things, cv::RNG& chance) {
  cv::Mat out(180, 320, CV_8U, cv::Scalar(110)), noise(180, 320, CV_16S), sum;
  for (int y = 0; y < 180; y += 40)
    for (int x = y % 80; x < 320; x += 80) out(cv::Rect(x, y, 40, 40) & cv::Rect(0, 0, 320, 180)) = 122;
  for (const auto& [box, dark] : things) out(box) = dark;
  chance.fill(noise, cv::RNG::NORMAL, 0, 2);
  cv::add(out, noise, sum, cv::noArray(), CV_8U);
  return sum;
}

TEST(Bag, the_hole_where_something_stood_is_no_bag) {
  for (unsigned seed = 1; seed <= 2; ++seed) {  // a light crate and a dark one
    cv::RNG chance(seed);
    const std::pair<cv::Rect, int> crate{{60, 90, 26, 22}, seed % 2 == 0 ? 40 : 200}, bag{{200, 110, 24, 20}, 45};
    BagJudge judge({20, 5, 0.0008, 0.08}, {});
    std::vector<BagEvent> events;
    double t = 0;
    const auto show = [&](double for_s, const std::vector<std::pair<cv::Rect, int>>& things) {
      for (const double until = t + for_s; t < until; t += 0.25)
        for (const BagEvent& e : judge.see(t, hall(things, chance), {})) events.push_back(e);
    };
    show(60, {crate});  // it stood there before anybody looked
    show(120, {});      // and is carried away
    EXPECT_TRUE(events.empty()) << "seed " << seed;
    show(60, {bag});
    ASSERT_EQ(1U, events.size()) << "a bag on another place is one, seed " << seed;
    EXPECT_GT((events[0].box & cv::Rect2f(bag.first)).area(), 0.8F * events[0].box.area());
    show(120, {});
    ASSERT_EQ(2U, events.size()) << "once over, and no ghost of it, seed " << seed;
    EXPECT_FALSE(events[1].left);
    show(60, {{{60, 90, 24, 20}, 45}});
    EXPECT_EQ(3U, events.size()) << "where the crate stood a bag is one too, seed " << seed;
  }
}

TEST(Bag, what_was_told_is_over_when_it_is_taken_though_the_floor_below_was_learnt_wrongly) {
  cv::RNG chance(9);
  BagJudge judge({20, 5, 0.0008, 0.08}, {});
  std::vector<BagEvent> events;
  double t = 0;
  const auto show = [&](double for_s, const std::vector<std::pair<cv::Rect, int>>& things, const std::vector<cv::Rect2f>& people) {
    for (const double until = t + for_s; t < until; t += 0.25)
      for (const BagEvent& e : judge.see(t, hall(things, chance), people)) events.push_back(e);
  };
  const std::pair<cv::Rect, int> mat{{190, 100, 50, 36}, 170}, bag{{200, 108, 24, 20}, 45};
  show(30, {mat}, {});
  show(40, {mat, bag}, {});
  ASSERT_EQ(1U, events.size());
  show(120, {}, {});  // the bag goes, and the mat on which it lay
  ASSERT_EQ(2U, events.size());
  EXPECT_FALSE(events[1].left);
}

TEST(Duty, tells_an_empty_post_after_its_time_and_once) {
  DutyJudge judge(60);
  int absent = 0, back = 0;
  for (int t = 0; t < 400; ++t) {
    const bool there = t < 20 || t == 150 || t > 300;
    if (const auto event = judge.see(t, there, true)) (event->began ? absent : back)++;
    if (t == 85) {
      EXPECT_EQ(1, absent);
    }
  }
  EXPECT_EQ(1, absent) << "one look of a passer-by does not end it";
  EXPECT_EQ(1, back);
  DutyJudge off(60);
  for (int t = 0; t < 400; ++t) EXPECT_FALSE(off.see(t, false, false)) << "nobody ought to be there";
}

TEST(DoorSide, counts_what_came_in_and_nothing_that_hangs_on_the_wall) {
  const std::vector<cv::Point> door{{0, 0}, {120, 0}, {120, 400}, {0, 400}};
  DoorSide side(door);
  const cv::Rect2f poster(420, 60, 100, 80);
  double t = 0;
  // A poster hangs there; an e-bike is pushed in past it and stands in the far corner.
  for (float x = 20; x < 380; x += 40, t += 0.25) {
    const auto came_in = side.see(t, {poster, {x, 200, 140, 120}});
    EXPECT_FALSE(came_in[0]);
    EXPECT_TRUE(came_in[1]);
  }
  for (; t < 30; t += 0.25) EXPECT_EQ((std::vector{false, true}), side.see(t, {poster, {380, 200, 140, 120}}));
  for (; t < 70; t += 0.25) side.see(t, {poster});  // somebody stands before it
  EXPECT_EQ((std::vector{true, false}), side.see(t, {{370, 205, 140, 120}, poster}));
  for (const double back = t + 61; t < back; t += 0.25) side.see(t, {poster});
  EXPECT_FALSE(side.see(t, {{370, 205, 140, 120}})[0]) << "after so long it is another one, and came through no door";
  EXPECT_TRUE(DoorSide({}).see(0, {poster})[0]) << "where no door is drawn everything counts";
}

TEST(DoorSide, an_ebike_of_a_view_with_a_door_is_one_that_came_through_it) {
  EbikeWords words;
  words.door = {{0, 0}, {120, 0}, {120, 400}, {0, 400}};
  DoorSide door(pixels_of(words.door));
  const std::vector<FoundObject> poster{{Kind::bicycle, {420, 60, 100, 80}, 0.9F}}, entering{{Kind::motorcycle, {10, 200, 140, 120}, 0.5F}, poster[0]};
  EXPECT_EQ(nullptr, two_wheeler_of(words, poster, {}, door, 0));
  EXPECT_EQ(&entering[0], two_wheeler_of(words, entering, {}, door, 0.25)) << "the surer one never came in";
  const std::vector<std::vector<cv::Point>> cabin{{{200, 0}, {640, 0}, {640, 400}, {200, 400}}};
  EXPECT_EQ(nullptr, two_wheeler_of(words, entering, cabin, door, 0.5)) << "it is still at the door, and may turn round";
  const std::vector<FoundObject> inside{{Kind::motorcycle, {90, 200, 140, 120}, 0.5F}, poster[0]}, further{{Kind::motorcycle, {180, 200, 140, 120}, 0.5F}};
  two_wheeler_of(words, inside, cabin, door, 0.75);
  EXPECT_EQ(&further[0], two_wheeler_of(words, further, cabin, door, 1));
}

TEST(Ebike, asks_for_several_votes_and_tells_when_it_has_gone) {
  EbikeJudge judge(3, 3, 4);
  std::vector<bool> events;
  for (int i = 0; i < 120; ++i) {
    const double t = i * 0.25;
    const bool pram = i == 5;                // one wrong picture
    const bool bike = i >= 40 && i < 80 && i % 2 == 0;
    if (const auto e = judge.see(t, pram || bike ? 0.6 : 0)) events.push_back(e->began);
  }
  EXPECT_EQ((std::vector<bool>{true, false}), events);
}

/// Looks every quarter of a second; from the third second on a thing that the detector takes for an e-bike, gone after ten.
std::vector<EbikeEvent> ridden(SecondWord word, const std::function<std::optional<double>(double)>& second) {
  EbikeJudge judge(3, 3, 4, word);
  std::vector<EbikeEvent> out;
  for (double t = 0; t < 20; t += 0.25) {
    const bool there = t >= 3 && t < 10;
    if (const auto e = judge.see(t, there ? 0.6 : 0, there ? second(t) : std::nullopt)) out.push_back(*e);
  }
  return out;
}

TEST(Ebike, a_second_look_in_its_shadow_time_is_written_down_and_withholds_nothing) {
  const auto events = ridden({0.5, false}, [](double) { return 0.1; });
  ASSERT_EQ(2U, events.size());
  EXPECT_TRUE(events[0].began && events[0].told && !events[0].agrees);
  EXPECT_NEAR(0.1, events[0].second.value(), 1e-9);
  EXPECT_TRUE(!events[1].began && events[1].told);
}

TEST(Ebike, a_second_look_that_decides_withholds_and_may_come_round) {
  const auto never = ridden({0.5, true}, [](double) { return 0.1; });
  ASSERT_EQ(2U, never.size());
  EXPECT_TRUE(never[0].began && !never[0].told) << "what is withheld is an event too";
  EXPECT_TRUE(!never[1].began && !never[1].told) << "and its end is not told either";
  const auto late = ridden({0.5, true}, [](double t) { return t < 6 ? 0.1 : 0.95; });
  ASSERT_EQ(3U, late.size());
  EXPECT_FALSE(late[0].told);
  EXPECT_TRUE(late[1].began && late[1].told) << "turned round, it is seen to be one";
  EXPECT_GT(late[1].seconds, 6);
  EXPECT_EQ(late[0].since, late[1].since);
  EXPECT_TRUE(!late[2].began && late[2].told);
}

TEST(Ebike, without_a_second_look_at_a_picture_the_detector_is_believed) {
  const auto events = ridden({0.5, true}, [](double) { return std::nullopt; });
  ASSERT_EQ(2U, events.size());
  EXPECT_TRUE(events[0].told && !events[0].second);
}

}  // namespace
}  // namespace lifang::vision
