// Writes clips anew, without what is masked and in a coding that pages show, on a thread of its own: encoding must not hold a camera up.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "vision/stream/recorder.hpp"

namespace lifang::vision {

using Masks = std::vector<std::vector<cv::Point>>;

/// Decodes packets, blackens, encodes: what lies under a mask is in none of its bytes. Pictures before `from` (stream seconds)
/// only serve to decode the later ones. False when nothing could be written; there is then no file.
bool write_masked(const std::vector<Packet>& packets, const AVCodecParameters* codec, double from, double rate, const Masks& masks,
                  const std::filesystem::path& file);

/// Whether pages can show a copy of this stream: H.264. Many cameras send H.265 as they come out of their box.
bool browsers_play(const AVCodecParameters* codec);

struct Film {
  std::string clip;  ///< file below the folder
  std::vector<Packet> packets;
  std::shared_ptr<const AVCodecParameters> codec;
  double from = 0, rate = 25;
  Masks masks;
  std::function<void(bool there)> done;  ///< on the darkroom's thread; false: there is no clip
};
std::shared_ptr<const AVCodecParameters> copy_of(const AVCodecParameters* codec);

class Darkroom {
 public:
  explicit Darkroom(std::filesystem::path folder);
  ~Darkroom();  ///< what still waits is done without its clip
  /// Beyond 8 that wait, a film is done at once without its clip: the alarm is worth more than the picture.
  void develop(Film film);
  std::uint64_t given_up() const { return given_up_; }

 private:
  void run(const std::stop_token& stop);

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::condition_variable_any filled_;
  std::deque<Film> films_;
  std::atomic<std::uint64_t> given_up_{0};
  std::jthread thread_;
};

}  // namespace lifang::vision
