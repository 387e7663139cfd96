// Recording by stream copy: packets go to disk as they came, nothing is decoded for it.
#pragma once
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "vision/stream/source.hpp"

namespace lifang::vision {

/// Writes packets of one stream to a file: Matroska, which stays readable when the writer is killed, or MP4 (".mp4"), which
/// browsers play. A failed write
/// (full disk) makes `good` false and loses nothing but this file's rest.
class Muxer {
 public:
  /// Writes to `file`.part; finish() gives it its name. Throws Refusal (unavailable, "vision.record") when it cannot be begun.
  Muxer(std::filesystem::path file, const AVCodecParameters* codec);
  ~Muxer();
  Muxer(Muxer&&) noexcept;
  Muxer& operator=(Muxer&&) noexcept;
  void write(const Packet& packet);
  bool good() const;
  bool finish();  ///< false when anything failed

 private:
  struct Open;
  std::unique_ptr<Open> open_;
};

/// The last seconds of a stream, from a key frame on.
class PacketRing {
 public:
  PacketRing(double seconds, std::size_t most_bytes) : seconds_(seconds), most_bytes_(most_bytes) {}
  void add(const Packet& packet);
  void clear();
  /// Packets from the last key frame at or before `from` (stream seconds) on.
  std::vector<Packet> since(double from) const;
  std::size_t bytes() const { return bytes_; }

 private:
  double seconds_;
  std::size_t most_bytes_;
  std::deque<Packet> packets_;
  std::size_t bytes_ = 0;
};

/// Segments of a camera, each beginning at a key frame: FOLDER/2026-11-22T00-10-03.120Z.mkv.
class Recorder {
 public:
  Recorder(std::filesystem::path folder, double segment_s) : folder_(std::move(folder)), segment_s_(segment_s) {}
  /// False when the disk refused; the next key frame tries again.
  bool add(const Packet& packet, const AVCodecParameters* codec);
  void finish();  ///< closes the segment: the stream broke or ends
  const std::string& segment() const { return name_; }  ///< being written now; empty when none is

 private:
  std::filesystem::path folder_;
  double segment_s_;
  std::optional<Muxer> muxer_;
  std::string name_;
  double began_ = 0;
};

std::string file_time(Time t);  ///< as file names spell it

}  // namespace lifang::vision
