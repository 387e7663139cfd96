#include "vision/judges/posture.hpp"

#include <algorithm>
#include <cmath>

namespace lifang::vision {
namespace {

constexpr double kForget = 10;  // seconds after which a person who is not seen has gone; the fallen stay longer

float middle_of(const cv::Rect2f& box) { return box.y + box.height / 2; }

/// Near enough to be the same person: the middles are closer than the larger box is long.
bool is_near(const cv::Rect2f& a, const cv::Rect2f& b) {
  const cv::Point2f apart((a.x + a.width / 2) - (b.x + b.width / 2), middle_of(a) - middle_of(b));
  return std::hypot(apart.x, apart.y) < std::max({a.width, a.height, b.width, b.height});
}

}  // namespace

bool PostureJudge::lies(const Posture& p) const {
  return static_cast<double>(p.tilt) > limits_.tilt && p.box.width > p.box.height;
}

bool PostureJudge::stands() const {
  return std::any_of(people_.begin(), people_.end(), [](const Person& p) { return p.told; });
}

/// Who lies is first of all one who lay, and who stands one who stood: a helper beside the fallen is another person.
PostureJudge::Person& PostureJudge::whose(const Posture& posture, double seconds) {
  const auto apart = [&](const Person& person) {
    const bool changed = (person.down_since >= 0) != lies(posture);
    return std::abs(middle_of(person.box) - middle_of(posture.box)) + (changed ? 1e6F : 0.0F);
  };
  Person* best = nullptr;
  for (Person& person : people_)
    if (person.seen < seconds && is_near(person.box, posture.box) && (best == nullptr || apart(person) < apart(*best))) best = &person;
  if (best != nullptr) return *best;
  Person& fresh = people_.emplace_back();
  fresh.number = ++numbers_;
  return fresh;
}

std::optional<FallenEvent> PostureJudge::stand_up(Person& person, const Posture& posture, double seconds) {
  if (person.up_since < 0) person.up_since = seconds;
  if (person.told && seconds - person.up_since < limits_.up_s) return std::nullopt;
  person.upright = posture.box.height;
  person.upright_middle = middle_of(posture.box);
  person.upright_at = seconds;
  const double since = std::exchange(person.down_since, -1);
  person.fell = false;
  if (!std::exchange(person.told, false)) return std::nullopt;
  return FallenEvent{false, false, since, seconds, posture.tilt, posture.box, person.number};
}

std::optional<FallenEvent> PostureJudge::judge(Person& person, const Posture& posture, double seconds) {
  person.seen = seconds;
  if (!lies(posture)) {
    if (!person.told) person.box = posture.box;  // the fallen keep their place until it is sure who this is
    return stand_up(person, posture, seconds);
  }
  person.box = posture.box;
  person.up_since = -1;
  if (person.down_since < 0) {
    person.down_since = seconds;
    person.fell = person.upright_at >= 0 && seconds - person.upright_at <= limits_.within_s &&
                  static_cast<double>(middle_of(posture.box) - person.upright_middle) >= limits_.drop * static_cast<double>(person.upright);
  }
  if (person.told || seconds - person.down_since < (person.fell ? limits_.down_s : limits_.lying_s)) return std::nullopt;
  person.told = true;
  return FallenEvent{true, person.fell, person.down_since, seconds, posture.tilt, posture.box, person.number};
}

std::vector<FallenEvent> PostureJudge::see(double seconds, const std::vector<Posture>& people) {
  // Nobody looked: who lay may have got up and lain down again, and who was told has not gone because of it.
  if (gaps_.before(seconds)) {
    std::erase_if(people_, [](const Person& person) { return !person.told; });
    for (Person& person : people_) person.seen = seconds - 1e-3, person.up_since = -1;
  }
  std::vector<FallenEvent> events;
  for (const bool lying : {true, false})  // a helper takes nobody's place who is seen lying
    for (const Posture& posture : people) {
      if (static_cast<double>(posture.score) < limits_.least_score || lies(posture) != lying) continue;
      if (const auto event = judge(whose(posture, seconds), posture, seconds)) events.push_back(*event);
    }
  const auto gone = [&](const Person& person) { return seconds - person.seen >= (person.told ? limits_.unseen_s : kForget); };
  for (const Person& person : people_)
    if (person.told && gone(person)) events.push_back({false, false, person.down_since, seconds, 0, person.box, person.number});
  std::erase_if(people_, gone);
  return events;
}

}  // namespace lifang::vision
