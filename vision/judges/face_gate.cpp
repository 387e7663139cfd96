#include "vision/judges/face_gate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lifang::vision {
namespace {

/// A face moves by less than its own width between two looks.
bool face_is_near(const cv::Rect2f& a, const cv::Rect2f& b) {
  const cv::Point2f apart((a.x + a.width / 2) - (b.x + b.width / 2), (a.y + a.height / 2) - (b.y + b.height / 2));
  return std::hypot(apart.x, apart.y) < std::min(a.width, b.width) && a.width < 1.6F * b.width && b.width < 1.6F * a.width;
}

}  // namespace

double across(cv::Point2f right_eye, cv::Point2f left_eye, cv::Point2f nose, cv::Point2f mouth) {
  const cv::Point2f eyes = left_eye - right_eye, middle = (left_eye + right_eye) * 0.5F, down = mouth - middle, at = nose - middle;
  const double area = eyes.cross(down);
  return area == 0 ? 0 : at.cross(down) / area;
}

/// Two looks on either side, because a finder errs now and then.
bool FaceGate::has_turned() const {
  if (limits_.turn <= 0) return true;
  std::vector<double> noses = visit_->noses;
  if (noses.size() < 4) return false;
  std::sort(noses.begin(), noses.end());
  return noses[noses.size() - 2] - noses[1] >= limits_.turn;
}

std::optional<FaceEvent> FaceGate::judge(double seconds) {
  Visit& visit = *visit_;
  const auto count = static_cast<double>(visit.votes.size());
  double living = 0, distance = 0;
  for (const FaceSight& vote : visit.votes) {
    living += vote.living / count;
    distance += vote.distance / count;
  }
  FaceEvent out{FaceVerdict::known, visit.since, seconds, 0, living, false, visit.votes.back().template_id, visit.box};
  if (living < limits_.least_living) {
    visit.over = true;
    out.verdict = FaceVerdict::not_living;
    out.confidence = 1 - living;
    out.template_id.clear();
    return out;
  }
  const auto same = [&](const FaceSight& vote) { return vote.template_id == out.template_id; };
  if (!std::all_of(visit.votes.begin(), visit.votes.end(), same)) return std::nullopt;
  if (out.template_id.empty()) {
    // They may yet be known by a better look; but they are counted once.
    out.verdict = FaceVerdict::stranger;
    return std::exchange(visit.stranger, true) ? std::nullopt : std::optional(out);
  }
  if (!has_turned()) {
    if (seconds - visit.since < limits_.turn_s) return std::nullopt;
    visit.over = out.flat = true;
    out.verdict = FaceVerdict::not_living;
    out.confidence = 0.6;
    out.template_id.clear();
    return out;
  }
  visit.over = true;
  out.confidence = std::clamp(1 - distance / (2 * limits_.threshold), 0.0, 1.0);
  return out;
}

std::optional<FaceEvent> FaceGate::see(double seconds, const std::vector<FaceSight>& faces) {
  const bool gap = gaps_.before(seconds);
  if (visit_ && (gap || seconds - seen_ >= limits_.forget_s)) visit_.reset();
  if (faces.empty()) return std::nullopt;
  seen_ = seconds;
  if (faces.size() > 1) {
    // Which of them asks to come in nobody knows; nor who lends whom their face.
    if (visit_) {
      visit_->votes.clear();
      visit_->noses.clear();
    }
    return std::nullopt;
  }
  const FaceSight& face = faces.front();
  if (visit_ && !face_is_near(visit_->box, face.box)) visit_.reset();
  if (!visit_) visit_.emplace(Visit{seconds, face.box, {}, {}, false, false});
  visit_->box = face.box;
  if (!face.good || visit_->over) return std::nullopt;
  if (visit_->noses.size() < 1000) visit_->noses.push_back(face.nose);
  visit_->votes.push_back(face);
  if (visit_->votes.size() > limits_.looks) visit_->votes.pop_front();
  return visit_->votes.size() == limits_.looks ? judge(seconds) : std::nullopt;
}

}  // namespace lifang::vision
