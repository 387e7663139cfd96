// Writes pictures to a clip as a camera would send them (H.264 where libav has an encoder, else MPEG-4), for tests.
#pragma once
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>

namespace lifang::vision::sim {

class ClipWriter {
 public:
  /// A key frame a second. The file's ending names its container.
  ClipWriter(const std::filesystem::path& file, cv::Size size, int rate, int kilobits = 4000);
  ~ClipWriter();
  /// 8-bit brightness or BGR of the clip's size.
  void write(const cv::Mat& picture);
  void finish();

 private:
  struct Open;
  void drain(bool end);
  std::unique_ptr<Open> open_;
};

}  // namespace lifang::vision::sim
