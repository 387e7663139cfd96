// Writes pictures to a clip as a camera would send them, for tests.
#pragma once
#include "vision/stream/encoder.hpp"

namespace lifang::vision::sim {

/// At an even rate, a key frame a second.
class ClipWriter {
 public:
  ClipWriter(const std::filesystem::path& file, cv::Size size, int rate, int kilobits = 4000)
      : encoder_(file, size, rate, kilobits), rate_(rate) {}
  /// 8-bit brightness or BGR of the clip's size.
  void write(const cv::Mat& picture) { encoder_.write(picture, static_cast<double>(count_++) / rate_); }
  void finish() { encoder_.finish(); }

 private:
  Encoder encoder_;
  int rate_;
  long count_ = 0;
};

}  // namespace lifang::vision::sim
