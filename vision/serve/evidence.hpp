// What is kept of an event: how its files are called, its picture, and the segments of the recording in which it lies.
#pragma once
#include <deque>
#include <filesystem>
#include <map>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace lifang::vision {

/// Segments by the stream seconds at which they begin, in this order.
using Segments = std::deque<std::pair<double, std::string>>;
/// Those in which these seconds lie, the first first; none when nothing is recorded.
std::vector<std::string> segments_over(const Segments& segments, double from, double to);

/// events/CAMERA/TIME-KIND, and TIME-KIND-2 for a second one of that instant: two plates in one picture have two pictures.
class EventNames {
 public:
  std::string next(const std::string& camera, const std::string& kind, Time at);

 private:
  std::map<std::string, std::pair<std::string, int>> last_;  ///< by kind: a name, and how many had it
};

/// Writes a picture at once. False when the disk has no room: it takes the picture, not the alarm, and leaves no half of it.
bool write_still(const std::filesystem::path& file, const cv::Mat& picture);

}  // namespace lifang::vision
