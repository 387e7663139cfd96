#include "vision/judges/posture.hpp"

#include <algorithm>
#include <cmath>

namespace lifang::vision {
namespace {

constexpr double kForget = 10;  ///< seconds after which a person who is not seen has gone

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

PostureJudge::Person& PostureJudge::whose(const Posture& posture, double seconds) {
  Person* best = nullptr;
  for (Person& person : people_)
    if (person.seen < seconds && is_near(person.box, posture.box) &&
        (best == nullptr || std::abs(middle_of(person.box) - middle_of(posture.box)) < std::abs(middle_of(best->box) - middle_of(posture.box))))
      best = &person;
  return best != nullptr ? *best : people_.emplace_back();
}

std::optional<FallenEvent> PostureJudge::judge(Person& person, const Posture& posture, double seconds) {
  person.box = posture.box;
  person.seen = seconds;
  if (!lies(posture)) {
    person.upright = posture.box.height;
    person.upright_middle = middle_of(posture.box);
    person.upright_at = seconds;
    const double since = std::exchange(person.down_since, -1);
    person.fell = false;
    if (!std::exchange(person.told, false)) return std::nullopt;
    return FallenEvent{false, false, since, seconds, posture.tilt, posture.box};
  }
  if (person.down_since < 0) {
    person.down_since = seconds;
    person.fell = person.upright_at >= 0 && seconds - person.upright_at <= limits_.within_s &&
                  static_cast<double>(middle_of(posture.box) - person.upright_middle) >= limits_.drop * static_cast<double>(person.upright);
  }
  if (person.told || seconds - person.down_since < (person.fell ? limits_.down_s : limits_.lying_s)) return std::nullopt;
  person.told = true;
  return FallenEvent{true, person.fell, person.down_since, seconds, posture.tilt, posture.box};
}

std::vector<FallenEvent> PostureJudge::see(double seconds, const std::vector<Posture>& people) {
  std::vector<FallenEvent> events;
  for (const Posture& posture : people) {
    if (static_cast<double>(posture.score) < limits_.least_score) continue;
    if (const auto event = judge(whose(posture, seconds), posture, seconds)) events.push_back(*event);
  }
  for (const Person& person : people_)
    if (person.told && seconds - person.seen >= kForget)
      events.push_back({false, false, person.down_since, seconds, 0, person.box});
  std::erase_if(people_, [&](const Person& person) { return seconds - person.seen >= kForget; });
  return events;
}

}  // namespace lifang::vision
