#include "vision/serve/evidence.hpp"

#include <fmt/format.h>

#include <opencv2/imgcodecs.hpp>
#include <string_view>

#include "vision/serve/keeper.hpp"
#include "vision/stream/recorder.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;

std::vector<std::string> segments_over(const Segments& segments, double from, double to) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < segments.size(); ++i)
    if ((i + 1 == segments.size() || segments[i + 1].first > from) && (out.empty() || segments[i].first <= to)) out.push_back(segments[i].second);
  return out;
}

std::string EventNames::next(const std::string& camera, const std::string& kind, Time at) {
  const std::string name = fmt::format("events/{}/{}-{}", camera, file_time(at), kind);
  auto& [last, times] = last_[kind];
  times = std::exchange(last, name) == name ? times + 1 : 1;
  return times == 1 ? name : fmt::format("{}-{}", name, times);
}

bool write_still(const fs::path& file, const cv::Mat& picture) {
  std::vector<unsigned char> jpeg;
  try {
    if (!cv::imencode(".jpg", picture, jpeg, {cv::IMWRITE_JPEG_QUALITY, 88})) return false;
  } catch (const cv::Exception&) {
    return false;
  }
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  return write_whole(file, std::string_view(reinterpret_cast<const char*>(jpeg.data()), jpeg.size()));
}

}  // namespace lifang::vision
