#include "vision/judges/face_trial.hpp"

#include <algorithm>
#include <cmath>

namespace lifang::vision {

FaceRate at_threshold(const std::vector<double>& own, const std::vector<double>& strangers, double threshold) {
  const auto share = [](const std::vector<double>& of, const auto& which) {
    return of.empty() ? 0 : static_cast<double>(std::count_if(of.begin(), of.end(), which)) / static_cast<double>(of.size());
  };
  return {threshold, share(own, [&](double d) { return d > threshold; }), share(strangers, [&](double d) { return d <= threshold; })};
}

FaceRate equal_error(std::vector<double> own, std::vector<double> strangers) {
  std::vector<double> all = own;
  all.insert(all.end(), strangers.begin(), strangers.end());
  std::sort(all.begin(), all.end());
  std::sort(own.begin(), own.end());
  std::sort(strangers.begin(), strangers.end());
  // Rejections fall and acceptances rise with the threshold: the first at which they meet.
  const auto at = std::partition_point(all.begin(), all.end(), [&](double t) {
    const auto near_own = static_cast<double>(std::upper_bound(own.begin(), own.end(), t) - own.begin()) / static_cast<double>(own.size());
    const auto near_other = static_cast<double>(std::upper_bound(strangers.begin(), strangers.end(), t) - strangers.begin()) / static_cast<double>(strangers.size());
    return 1 - near_own > near_other;
  });
  return at_threshold(own, strangers, at == all.end() ? all.back() : *at);
}

std::optional<FaceRate> at_rate(const std::vector<double>& own, std::vector<double> strangers, double far) {
  if (static_cast<double>(strangers.size()) * far < 1) return std::nullopt;
  std::sort(strangers.begin(), strangers.end());
  const auto most = static_cast<std::size_t>(std::floor(static_cast<double>(strangers.size()) * far));
  // Just below the first that would be one too many.
  const double threshold = most >= strangers.size() ? strangers.back() : std::nextafter(strangers[most], 0.0);
  return at_threshold(own, strangers, threshold);
}

}  // namespace lifang::vision
