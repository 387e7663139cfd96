// A camera's stream or a clip: packets as they come, and pictures decoded from them (libav).
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

extern "C" {
struct AVPacket;
struct AVCodecParameters;
}

namespace lifang::vision {

/// Counted packet of the video stream. Cheap to copy: the bytes are shared.
class Packet {
 public:
  Packet();
  Packet(const Packet& other);
  Packet(Packet&& other) noexcept;
  Packet& operator=(Packet other) noexcept;
  ~Packet();
  AVPacket* get() const { return packet_; }
  bool is_key() const;
  std::size_t bytes() const;
  double seconds = 0;       ///< of the stream's own clock, from its first packet
  std::int64_t arrived = 0; ///< Unix milliseconds, set by whoever read it from a live camera

 private:
  AVPacket* packet_;
};

enum class ReadEnd { none, end, broken };  ///< end: the clip is over; broken: the network or the file is

/// A stream that has no end of its own (rtsp://, rtsps://, http(s)://, …); else a file.
bool is_live(const std::string& source);

/// Reads packets of the first video stream. One thread at a time; `stop` may be set from any.
class Source {
 public:
  /// `url`: a file, or a live stream, RTSP over TCP. Throws Refusal (unavailable, "vision.source") when it cannot be opened
  /// within `timeout_seconds`, (invalid, "vision.source") when it holds no video.
  Source(const std::string& url, double timeout_seconds, const std::atomic<bool>* stop = nullptr);
  ~Source();
  Source(Source&&) noexcept;

  /// Waits at most the time-out for a packet.
  ReadEnd read(Packet& packet);
  /// The clock of the stream begins anew with the packet that was read last; its seconds become 0.
  void begin_anew(Packet& packet);
  const AVCodecParameters* codec() const;
  int time_base_num() const, time_base_den() const;
  double rate() const;  ///< frames a second as announced; 25 when nothing is
  cv::Size size() const;  ///< of its pictures as announced; empty when nothing is

 private:
  struct Open;
  std::unique_ptr<Open> open_;
};

/// Decodes packets to pictures. A corrupt packet costs its picture and nothing else.
class Decoder {
 public:
  /// One thread: a camera's load must not spread over the cores of others. Throws Refusal (invalid, "vision.codec").
  explicit Decoder(const AVCodecParameters* codec);
  ~Decoder();
  Decoder(Decoder&&) noexcept;

  /// Hands a packet over; an empty one (nullptr) drains. False when the decoder refused it.
  bool give(const Packet* packet);
  /// The next picture, if one is complete. `seconds` is its packet's. Brightness is copied, BGR is made only when asked for.
  bool take(double& seconds);
  /// Of the last taken picture, which stays when there is no next one. Throw Refusal (unavailable, "vision.codec") before the first.
  cv::Mat grey() const;  ///< a view that lives until the next take
  cv::Mat bgr() const;
  bool has_picture() const;
  cv::Size size() const;  ///< of the last taken picture
  std::uint64_t corrupt() const;  ///< packets and pictures that could not be decoded

 private:
  struct Open;
  std::unique_ptr<Open> open_;
};

/// Every picture of a clip: seconds and BGR (or brightness alone). Throws as Source does.
class Clip {
 public:
  explicit Clip(const std::string& path);
  bool next(double& seconds);
  cv::Mat grey() const { return decoder_.grey(); }
  cv::Mat bgr() const { return decoder_.bgr(); }
  double rate() const { return source_.rate(); }

 private:
  Source source_;
  Decoder decoder_;
  bool drained_ = false;
};

}  // namespace lifang::vision
