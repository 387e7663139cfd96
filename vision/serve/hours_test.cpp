// Plans by hour: what an hour's beginning or end takes along, and what it leaves alone.
#include <gtest/gtest.h>

#include <cmath>

#include "vision/soon.hpp"
#include "vision/watch_bench.hpp"

namespace lifang::vision {
namespace {

TEST(Watch, tells_what_was_falling_when_its_hour_ended) {
  FakeClock clock;  // 08:00 local; the film goes as far as this clock
  Bench bench(clock);
  const sim::FacadeFilm film(1);
  ASSERT_FALSE(film.film().truth.empty());
  const sim::TrueFall& first = film.film().truth.front();
  const double middle = (first.released + first.left) / 2 + 0.2;
  const fs::path facade = bench.facade();
  bench.words.view.hours = {{Judgement::falling, "07:00", "08:01", {}}};
  const auto watch = bench.watch(facade);
  ASSERT_TRUE(soon([&] { return watch->state().packets > 0; }));
  clock.advance(Duration{std::llround(middle * 1000)});
  ASSERT_TRUE(soon([&] { return static_cast<double>(watch->state().packets) >= middle * 25; }));
  EXPECT_EQ(0U, watch->state().events);
  clock.advance(std::chrono::minutes(2));
  ASSERT_TRUE(soon([&] { return watch->state().state == "ended"; }));
  watch->halt();
  ASSERT_EQ(1U, watch->state().events) << "its hour was over before it was down; what fell later fell in no hour";
  EXPECT_EQ("falling_object", bench.letters()[0].kind);
}

/// What is told of a film whose clock passes 08:01 while the first thing falls.
std::vector<std::string> told_around_eight(std::vector<HoursWords> hours) {
  FakeClock clock;
  Bench bench(clock);
  const sim::FacadeFilm film(1);
  const double middle = (film.film().truth.at(0).released + film.film().truth.at(0).left) / 2 + 0.2;
  const fs::path facade = bench.facade();
  bench.words.judge = {Judgement::falling, Judgement::duty};
  bench.words.record = false;  // segments are named after the time
  bench.words.view.hours = std::move(hours);
  const auto watch = bench.watch(facade);
  EXPECT_TRUE(soon([&] { return watch->state().packets > 0; }));
  clock.advance(Duration{std::llround(middle * 1000)});
  EXPECT_TRUE(soon([&] { return static_cast<double>(watch->state().packets) >= middle * 25; }));
  clock.advance(std::chrono::minutes(2));
  EXPECT_TRUE(soon([&] { return watch->state().state == "ended"; }));
  watch->halt();
  std::vector<std::string> out;
  for (const Letter& letter : bench.letters()) out.push_back(letter.kind + letter.attributes.text);
  return out;
}

TEST(Watch, goes_on_with_what_falls_when_the_hour_of_something_else_ends) {
  const std::vector<std::string> undisturbed = told_around_eight({});
  ASSERT_FALSE(undisturbed.empty());
  EXPECT_EQ(undisturbed, told_around_eight({{Judgement::duty, "07:00", "08:01", {}}}));
  EXPECT_NE(undisturbed, told_around_eight({{Judgement::falling, "07:00", "08:01", {}}})) << "its own hour ends it";
}

TEST(Watch, weighs_as_much_as_what_is_judged_at_this_hour) {
  FakeClock clock;  // 08:00 local
  Bench bench(clock);
  bench.words.judge = {Judgement::ebike, Judgement::duty};
  bench.words.view.hours = {{Judgement::ebike, "20:00", "22:00", {}}};
  bench.looks.put("another camera with a duty, which has waited longer", 1, Look{});
  const auto watch = bench.watch(bench.small());
  ASSERT_TRUE(soon([&] { return watch->state().packets > 0; }));
  clock.advance(std::chrono::minutes(1));
  ASSERT_TRUE(soon([&] { return watch->state().state == "ended"; }));
  EXPECT_EQ(nullptr, bench.looks.take()->watch);
  EXPECT_EQ(watch, bench.looks.take()->watch);
}

}  // namespace
}  // namespace lifang::vision
