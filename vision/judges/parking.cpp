#include "vision/judges/parking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "base/check.hpp"
#include "base/reflect.hpp"

namespace lifang::vision {
namespace {

float area_within(const std::vector<cv::Point2f>& hull, const cv::Rect2f& box) {
  const std::vector<cv::Point2f> corners{box.tl(), {box.x + box.width, box.y}, box.br(), {box.x, box.y + box.height}};
  std::vector<cv::Point2f> common;
  return cv::intersectConvexConvex(hull, corners, common);
}

/// 0–1: how well the box stands on the slot. The box holds the car's height too, so it is larger than the ground
/// that the car covers: what counts is the share of the slot within the box, and how much of the box is elsewhere.
float fit(const std::vector<cv::Point2f>& hull, float hull_area, const cv::Rect2f& box) {
  const float inside = area_within(hull, box);
  if (inside <= 0 || hull_area <= 0 || box.area() <= 0) return 0;
  return inside / (hull_area + box.area() - inside);
}

}  // namespace

std::vector<float> slot_scores(const std::vector<Slot>& slots, const std::vector<FoundObject>& found) {
  constexpr float full_fit = 0.45F;  // of a car that stands well: the box is upright, the slot is not
  std::vector<std::vector<cv::Point2f>> hulls(slots.size());
  std::vector<float> areas(slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    cv::convexHull(slots[i].polygon, hulls[i]);
    areas[i] = static_cast<float>(cv::contourArea(hulls[i]));
  }
  std::vector<float> scores(slots.size(), 0.0F);
  for (const FoundObject& object : found) {
    if (!is_vehicle(object.kind)) continue;
    std::size_t best = slots.size();
    float best_fit = 0;
    for (std::size_t i = 0; i < slots.size(); ++i)
      if (const float f = fit(hulls[i], areas[i], object.box); f > best_fit) {
        best_fit = f;
        best = i;
      }
    if (best == slots.size()) continue;
    scores[best] = std::max(scores[best], object.score * std::min(1.0F, best_fit / full_fit));
  }
  return scores;
}

std::vector<SlotState> ParkingVotes::judge(const std::vector<Slot>& slots, const std::vector<float>& scores) {
  check(slots.size() == scores.size(), "a score a slot");
  std::vector<SlotState> out;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const bool now = scores[i] >= threshold_;
    Memory& memory = memory_[slots[i].id];
    memory.equal = memory.equal > 0 && memory.last == now ? memory.equal + 1 : 1;
    memory.last = now;
    if (memory.equal >= votes_) memory.occupied = now;
    out.push_back({slots[i].id, memory.occupied.value_or(false), memory.occupied.has_value(), scores[i]});
  }
  return out;
}

std::map<std::string, SlotCount> count_slots(const std::vector<Slot>& slots, const std::vector<SlotState>& states) {
  check(slots.size() == states.size(), "a state a slot");
  std::map<std::string, SlotCount> out;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    SlotCount& count = out[slots[i].building];
    (!states[i].known ? count.unknown : states[i].occupied ? count.occupied : count.free)++;
  }
  return out;
}

std::string parking_words(const std::vector<Slot>& slots, const std::vector<SlotState>& states) {
  SlotCount all;
  std::string known, buildings;
  const auto words = [](const SlotCount& count) {
    return fmt::format(R"("free":{},"occupied":{},"unknown":{},"total":{})", count.free, count.occupied, count.unknown, count.total());
  };
  for (const auto& [building, count] : count_slots(slots, states)) {
    all = {all.free + count.free, all.occupied + count.occupied, all.unknown + count.unknown};
    if (!building.empty()) buildings += fmt::format("{}{}:{{{}}}", buildings.empty() ? "" : ",", to_json(building), words(count));
  }
  if (all.free + all.occupied == 0) return {};
  for (const SlotState& state : states)
    if (state.known) known += fmt::format("{}{}:{}", known.empty() ? "" : ",", to_json(state.id), state.occupied);
  const std::string of_buildings = buildings.empty() ? "" : fmt::format(R"("buildings":{{{}}},)", buildings);
  return fmt::format(R"({{{},{}"slots":{{{}}}}})", words(all), of_buildings, known);
}

}  // namespace lifang::vision
