// Pictures to a clip that browsers play (H.264 where libav has an encoder, else MPEG-4): for what may not be copied as it came.
#pragma once
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>

namespace lifang::vision {

class Encoder {
 public:
  /// Writes to `file`.part; finish() gives it its name. The ending names the container. Pictures are cut to even edges; a key
  /// frame a second. `kilobits` a second, or 0: as many as even quality asks for.
  /// Throws Refusal (unavailable, "vision.encode") when it cannot be begun.
  Encoder(std::filesystem::path file, cv::Size size, double rate, int kilobits = 0);
  ~Encoder();
  Encoder(Encoder&&) noexcept;
  /// 8-bit brightness or BGR of the clip's size, `seconds` from the clip's beginning (rising). False when the disk refused.
  bool write(const cv::Mat& picture, double seconds);
  bool finish();  ///< false when anything failed; the file then does not get its name

 private:
  struct Open;
  void drain(bool end);
  std::unique_ptr<Open> open_;
};

}  // namespace lifang::vision
