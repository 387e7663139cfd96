// Judgements over time on made-up looks and painted pictures: how they bear a detector that blinks, passers-by, changing light. They say
// nothing of how well a detector finds people or cars in real pictures.
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "vision/accept_table.hpp"
#include "vision/judges/bag.hpp"
#include "vision/judges/posture.hpp"
#include "vision/judges/presence.hpp"
#include "vision/judges/standing.hpp"
#include "vision/sim_facade.hpp"

namespace lifang::vision::accept {
namespace {

constexpr std::uint64_t kScenes = 100;
std::uint64_t odd(std::uint64_t i) { return 2 * i + 1; }
std::uint64_t even(std::uint64_t i) { return 2 * i + 2; }

/// A post of which the attendant is away for 200 or 450 s; the detector misses a third of their looks, and takes a passer-by for them now and then.
bool left_post(std::uint64_t seed, double most_absent) {
  sim::Chance chance(seed);
  DutyJudge judge(300);
  const double away = chance.uniform(60, 200), back = away + most_absent;
  bool told = false;
  for (double t = 0; t < 900; t += chance.uniform(0.25, 1.5)) {
    const bool there = t < away || t > back;
    const bool seen = there ? chance.happens(0.65) : chance.happens(0.0002);
    if (const auto e = judge.see(t, seen, true)) told = told || e->began;
  }
  return told;
}

/// The mouth of a bin with bags up to `level`, under lamps and clouds, now and then with somebody before it.
cv::Mat painted(double level, double light, sim::Chance& chance) {
  cv::Mat picture(240, 320, CV_8U, cv::Scalar(140));
  cv::rectangle(picture, {100, 60, 120, 120}, cv::Scalar(35), cv::FILLED);
  for (int x = 104; x < 216; x += 14) cv::line(picture, {x, 62}, {x + 6, 176}, cv::Scalar(60), 2);
  const double top = 180 - 120 * level;
  if (level > 0)
    for (int i = 0; i < 400; ++i)
      cv::circle(picture, {cvRound(chance.uniform(104, 216)), cvRound(chance.uniform(top, 180))}, 9, cv::Scalar(chance.uniform(70, 230)), cv::FILLED);
  cv::RNG dice(chance.bits());
  cv::Mat noise(picture.size(), CV_8U);
  dice.fill(noise, cv::RNG::NORMAL, 4, 4);
  picture += noise;
  picture.convertTo(picture, -1, light);
  return picture;
}

bool told_full(std::uint64_t seed, double level, double full) {
  sim::Chance chance(seed);
  const std::vector<cv::Point> mouth{{102, 62}, {218, 62}, {218, 178}, {102, 178}};
  BinJudge judge({full, 0.3, 20}, mouth, painted(0, 1, chance));
  for (double t = 0; t < 90; t += 1) {
    const bool somebody = chance.happens(0.1);
    // Somebody before the bin covers it; the detector misses one in ten of them.
    const cv::Mat look = painted(somebody ? 1 : level, chance.uniform(0.5, 1.4), chance);
    if (const auto e = judge.see(t, look, somebody && chance.happens(0.9))) return e->began;
  }
  return false;
}

Table bins_of(std::uint64_t (*seeds)(std::uint64_t), double full) {
  Table table;
  for (std::uint64_t i = 0; i < 30; ++i) {
    const double level = i % 2 == 0 ? 0.8 + 0.01 * static_cast<double>(i % 20) : 0.02 * static_cast<double>(i % 20);
    table.count(level >= 0.8, told_full(seeds(i), level, full));
  }
  return table;
}

enum class Body { falls, stumbles, bends, sits, faints_slowly };
constexpr std::array kBodies{Body::falls, Body::stumbles, Body::bends, Body::sits, Body::faints_slowly};

/// What pose and box of one person look like at `t` seconds; the body changes at 10 s.
Posture posture_at(Body body, double t, sim::Chance& chance) {
  const double since = t - 10;
  const auto within = [&](double until) { return since >= 0 && since < until; };
  const bool lies = (body == Body::falls && since >= 0.5) || (body == Body::faints_slowly && since >= 6) || (body == Body::stumbles && within(3));
  const auto jitter = [&](double size) { return static_cast<float>(chance.normal() * size); };
  if (lies) return {{200 + jitter(4), 300 + jitter(4), 170 + jitter(8), 60 + jitter(5)}, 78 + jitter(9), 0.7F};
  if (body == Body::bends && since >= 0 && std::fmod(since, 8) < 4) return {{220 + jitter(4), 220 + jitter(4), 90 + jitter(5), 130 + jitter(6)}, 60 + jitter(9), 0.7F};
  if (body == Body::sits && since >= 0) return {{220 + jitter(4), 230 + jitter(4), 80 + jitter(5), 120 + jitter(6)}, 12 + jitter(6), 0.7F};
  return {{230 + jitter(4), 170 + jitter(4), 60 + jitter(4), 180 + jitter(6)}, 8 + jitter(5), 0.8F};
}

bool told_fall(std::uint64_t seed, Body body) {
  sim::Chance chance(seed);
  PostureJudge judge{{}};
  for (double t = 0; t < 100; t += 0.25) {
    std::vector<Posture> people;
    const Posture posture = posture_at(body, t, chance);
    // Who lies is missed more often than who stands.
    if (chance.happens(posture.box.width > posture.box.height ? 0.6 : 0.9)) people.push_back(posture);
    for (const FallenEvent& e : judge.see(t, people))
      if (e.began) return true;
  }
  return false;
}

/// A lane in which something stays for `stays` seconds, found in 7 looks of 10, while others pass.
bool told_area(std::uint64_t seed, std::size_t least, double stays) {
  sim::Chance chance(seed);
  const std::vector<cv::Point> zone{{100, 100}, {300, 100}, {300, 200}, {100, 200}};
  AreaJudge judge({least, 60, 20, {}}, zone);
  const double from = chance.uniform(20, 60);
  for (double t = 0; t < 300; t += 0.5) {
    std::vector<std::pair<cv::Rect2f, float>> things;
    for (std::size_t i = 0; i < least; ++i) {
      const bool there = t > from && t < from + stays;
      if (there && chance.happens(least > 1 ? 0.9 : 0.7)) things.push_back({{110 + 50 * static_cast<float>(i), 100, 40, 60}, 0.6F});
    }
    if (std::fmod(t, 50) < 6) things.push_back({{200, 110, 60, 60}, 0.7F});  // drives through
    things.push_back({{500, 100, 60, 60}, 0.9F});                             // beside the zone
    if (const auto e = judge.see(t, things, {}); e && e->began) return true;
  }
  return false;
}

/// A path on which somebody always walks through at 40 to 90 pixels a second, and where one person may stay, shifting about: found in 8 looks of 10, and not
/// while somebody nearer stands before them.
bool told_among_passers(std::uint64_t seed, bool stays) {
  struct Walker {
    double born, from, speed, feet, height;
  };
  sim::Chance chance(seed);
  AreaJudge judge({1, 60, 20, {}, true}, {{100, 100}, {500, 100}, {500, 300}, {100, 300}});
  std::vector<Walker> walkers;
  const double home = chance.uniform(200, 400), feet = chance.uniform(180, 260), from = chance.uniform(10, 40);
  double next = 0, at = home;
  for (double t = 0; t < 150; t += 0.25) {
    if (t >= next) {
      const bool right = chance.happens(0.5);
      const double speed = chance.uniform(40, 90), nearer = chance.uniform(150, 290);
      walkers.push_back({t, right ? 90.0 : 510.0, right ? speed : -speed, nearer, chance.uniform(70, 100)});
      next = t + chance.uniform(1.5, 5);
    }
    std::vector<std::array<double, 3>> people;  // middle, feet, height
    for (const Walker& w : walkers)
      if (const double x = w.from + w.speed * (t - w.born); x > 80 && x < 520) people.push_back({x, w.feet, w.height});
    if (stays && t > from) {
      at += (home - at) * 0.05 + 6 * chance.normal();
      people.push_back({at, feet, 85});
    }
    std::vector<std::pair<cv::Rect2f, float>> things;
    for (const auto& [x, y, h] : people) {
      const bool covered = std::any_of(people.begin(), people.end(), [x = x, y = y](const auto& other) { return other[1] > y && std::abs(other[0] - x) < 12; });
      const double aside = 2 * chance.normal(), up = 2 * chance.normal();
      if (!covered && chance.happens(0.8))
        things.push_back({cv::Rect2f(static_cast<float>(x - h / 6 + aside), static_cast<float>(y - h + up), static_cast<float>(h / 3), static_cast<float>(h)), 0.7F});
    }
    if (const auto e = judge.see(t, things, {}); e && e->began) return true;
  }
  return false;
}

bool told_bag(std::uint64_t seed, bool leaves) {
  sim::Chance chance(seed);
  cv::Mat hall(360, 640, CV_8U);
  cv::RNG noise(seed);
  noise.fill(hall, cv::RNG::UNIFORM, 90, 150);
  cv::GaussianBlur(hall, hall, {}, 9);
  const cv::Point bag(static_cast<int>(chance.uniform(100, 540)), static_cast<int>(chance.uniform(180, 320)));
  BagJudge judge({20, 5, 0.0008, 0.08}, {});
  bool told = false;
  for (double t = 0; t < 70; t += 0.2) {
    cv::Mat now = hall.clone(), grain(hall.size(), CV_8U);
    const double x = (t - 8) * 60;  // the person walks through, and stands beside the bag for a while
    const double person = x < bag.x ? x : t < 20 ? bag.x : bag.x + (t - 20) * 60;
    std::vector<cv::Rect2f> people;
    if (t > 8 && person < 700) {
      const cv::Rect body(static_cast<int>(person) + 14, bag.y - 110, 36, 120);
      cv::rectangle(now, body, 40, cv::FILLED);
      people.emplace_back(body);
    }
    if (leaves && t > 18) cv::rectangle(now, cv::Rect(bag, cv::Size(26, 22)), 45, cv::FILLED);
    noise.fill(grain, cv::RNG::UNIFORM, 0, 8);
    now += grain;
    for (const BagEvent& e : judge.see(t, now, people)) told = told || e.left;
  }
  return told;
}

}  // namespace

void duty() {
  Table table;
  for (std::uint64_t i = 0; i < kScenes; ++i) table.count(i % 2 == 0, left_post(odd(i), i % 2 == 0 ? 450 : 200));
  verdict(table.right() >= 95, "off duty (made-up looks)", fmt::format("{:.0f} % of {} watches; the detector misses a third of the looks", table.right(), table.all()));
  table.print("left", "there");
}

void bins() {
  double low = 0, high = 0;
  int best = -1;
  for (double full = 0.35; full < 0.96; full += 0.1) {
    const Table table = bins_of(even, full);
    const int right = table.hit + table.quiet;
    if (right > best) low = full, best = right;
    if (right == best) high = full;
  }
  const double chosen = (low + high) / 2;
  const Table table = bins_of(odd, chosen), shipped = bins_of(odd, BinLimits{}.full);
  verdict(table.right() >= 95, "full bin (painted)", fmt::format("{:.0f} % of {} bins; threshold {:.2f} chosen on even seeds; with the default of {:.2f} {:.0f} %",
                                                                 table.right(), table.all(), chosen, BinLimits{}.full, shipped.right()));
  table.print("full", "not full");
}

void falls() {
  Table table;
  for (std::uint64_t i = 0; i < kScenes; ++i)
    for (const Body body : kBodies) table.count(body == Body::falls || body == Body::faints_slowly, told_fall(odd(i), body));
  verdict(table.right() >= 95, "fall of a person (made-up postures)",
          fmt::format("{:.1f} % of {} scenes: falls, slow faints; stumbling, bending, sitting", table.right(), table.all()));
  table.print("fell", "did not");
}

void areas() {
  for (const auto& [what, least] : {std::pair{"blocked lane, loitering (made-up)", std::size_t{1}}, {"crowd of three (made-up)", std::size_t{3}}}) {
    Table table;
    for (std::uint64_t i = 0; i < kScenes; ++i) table.count(i % 2 == 0, told_area(odd(i), least, i % 2 == 0 ? 120 : 30));
    verdict(table.right() >= 95, what, fmt::format("{:.0f} % of {} scenes; 120 s against 30 s where 60 are asked", table.right(), table.all()));
    table.print("stands", "passes");
  }
  Table among;
  for (std::uint64_t i = 0; i < kScenes; ++i) among.count(i % 2 == 0, told_among_passers(odd(i), i % 2 == 0));
  verdict(among.right() >= 90, "loitering among passers-by (made-up)", fmt::format("{:.0f} % of {} scenes; somebody always walks through", among.right(), among.all()));
  among.print("stays", "pass");
  Table lit;
  const std::vector<cv::Point> zone{{100, 100}, {300, 100}, {300, 200}, {100, 200}};
  for (std::uint64_t i = 0; i < kScenes; ++i) {
    sim::Chance chance(odd(i));
    AreaJudge judge({1, 600, 60, 90.0}, zone);
    const bool on = i % 2 == 0, somebody = i % 4 == 3;
    bool told = false;
    for (double t = 0; t < 900 && !told; t += 2) {
      const cv::Mat picture(240, 400, CV_8U, cv::Scalar((on || somebody ? 130 : 40) + 15 * chance.normal()));
      std::vector<std::pair<cv::Rect2f, float>> people;
      if (somebody && chance.happens(0.7)) people.push_back({{150, 100, 30, 80}, 0.7F});
      if (const auto e = judge.see(t, people, picture)) told = e->began;
    }
    lit.count(on, told);
  }
  verdict(lit.right() >= 95, "lights left on (made-up)", fmt::format("{:.0f} % of {} rooms", lit.right(), lit.all()));
  lit.print("left on", "off or used");
}

void bags() {
  // Seeds 1 to 20 were looked at while the judge was made.
  Table table;
  for (std::uint64_t i = 0; i < 40; ++i) table.count(i % 2 == 0, told_bag(101 + 2 * i, i % 2 == 0));
  verdict(table.right() >= 95, "dropped bag (simulated)", fmt::format("{:.0f} % of {} scenes on seeds that were never looked at", table.right(), table.all()));
  table.print("left", "nothing");
}

}  // namespace lifang::vision::accept
