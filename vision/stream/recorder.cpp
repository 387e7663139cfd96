#include "vision/stream/recorder.hpp"

#include <algorithm>

#include "base/refusal.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace lifang::vision {
namespace fs = std::filesystem;

struct Muxer::Open {
  AVFormatContext* format = nullptr;
  fs::path file;
  double first = -1;
  bool header = false, good = true;
  std::int64_t last_dts = AV_NOPTS_VALUE;

  ~Open() {
    if (format == nullptr) return;
    if (format->pb != nullptr) avio_closep(&format->pb);
    avformat_free_context(format);
  }
};

Muxer::~Muxer() {
  if (open_) finish();
}
Muxer::Muxer(Muxer&&) noexcept = default;
Muxer& Muxer::operator=(Muxer&&) noexcept = default;

Muxer::Muxer(fs::path file, const AVCodecParameters* codec) : open_(std::make_unique<Open>()) {
  open_->file = std::move(file);
  std::error_code failed;
  fs::create_directories(open_->file.parent_path(), failed);
  const std::string part = open_->file.string() + ".part";
  const bool mp4 = open_->file.extension() == ".mp4";
  avformat_alloc_output_context2(&open_->format, nullptr, mp4 ? "mp4" : "matroska", part.c_str());
  AVStream* stream = open_->format == nullptr ? nullptr : avformat_new_stream(open_->format, nullptr);
  const bool ready = stream != nullptr && avcodec_parameters_copy(stream->codecpar, codec) >= 0 &&
                     avio_open(&open_->format->pb, part.c_str(), AVIO_FLAG_WRITE) >= 0;
  if (ready) {
    stream->codecpar->codec_tag = 0;
    stream->time_base = {1, 1000};
    AVDictionary* options = nullptr;
    // MP4: the index goes to the front, so that a page plays before it has all. Matroska: a cluster a second, what a kill
    // or a power cut costs at most.
    if (mp4) av_dict_set(&options, "movflags", "faststart", 0);
    else av_dict_set(&options, "cluster_time_limit", "1000", 0);
    open_->header = avformat_write_header(open_->format, &options) >= 0;
    av_dict_free(&options);
  }
  if (!open_->header) {
    // A full disk takes names all the same: one more of them with every key frame, and nothing in any.
    fs::remove(part, failed);
    throw Refusal{RefusalKind::unavailable, "vision.record", "cannot write " + part};
  }
}

void Muxer::write(const Packet& packet) {
  if (!open_->good) return;
  const Packet mine = packet;
  AVPacket* raw = mine.get();
  if (open_->first < 0) open_->first = packet.seconds;
  const AVRational base = open_->format->streams[0]->time_base;
  const auto at = static_cast<std::int64_t>((packet.seconds - open_->first) * base.den / base.num);
  // Cameras send no B-frames for surveillance, or the reader's clock would not rise; a step back is held.
  raw->pts = raw->dts = open_->last_dts == AV_NOPTS_VALUE ? std::max<std::int64_t>(at, 0) : std::max(at, open_->last_dts + 1);
  // As long as the one before it: a last packet without a duration is one that players of MP4 leave out.
  raw->duration = open_->last_dts == AV_NOPTS_VALUE ? base.den / base.num / 25 : raw->dts - open_->last_dts;
  open_->last_dts = raw->dts;
  raw->pos = -1;
  raw->stream_index = 0;
  open_->good = av_write_frame(open_->format, raw) >= 0 && open_->format->pb->error >= 0;
}

bool Muxer::good() const { return open_->good; }

bool Muxer::finish() {
  if (open_->format == nullptr) return open_->good;
  if (open_->header) open_->good = av_write_trailer(open_->format) >= 0 && open_->good;
  if (avio_closep(&open_->format->pb) < 0) open_->good = false;
  avformat_free_context(open_->format);
  open_->format = nullptr;
  std::error_code failed;
  fs::rename(open_->file.string() + ".part", open_->file, failed);
  return open_->good && !failed;
}

void PacketRing::add(const Packet& packet) {
  if (!packets_.empty() && packet.seconds < packets_.back().seconds - 1) clear();  // the stream began anew
  packets_.push_back(packet);
  bytes_ += packet.bytes();
  const auto second_key = [this] {
    for (std::size_t i = 1; i < packets_.size(); ++i)
      if (packets_[i].is_key()) return i;
    return packets_.size();
  };
  while (!packets_.empty()) {
    const std::size_t next = second_key();
    const bool old = next < packets_.size() && packets_.back().seconds - packets_[next].seconds > seconds_;
    if (!old && bytes_ <= most_bytes_) break;
    // Whole groups leave: the rest must begin with a key frame. A group beyond the limit goes altogether.
    const std::size_t leaving = std::max<std::size_t>(next, 1);
    for (std::size_t i = 0; i < leaving && !packets_.empty(); ++i) {
      bytes_ -= packets_.front().bytes();
      packets_.pop_front();
    }
  }
}

void PacketRing::clear() {
  packets_.clear();
  bytes_ = 0;
}

std::vector<Packet> PacketRing::since(double from) const {
  std::size_t start = 0;
  for (std::size_t i = 0; i < packets_.size(); ++i)
    if (packets_[i].is_key() && (packets_[i].seconds <= from || i == 0)) start = i;
  return {packets_.begin() + static_cast<std::ptrdiff_t>(start), packets_.end()};
}

std::string file_time(Time t) {
  std::string text = to_rfc3339(t);
  // Always with milliseconds, so that names sort as times do.
  if (text.find('.') == std::string::npos) text.insert(text.size() - 1, ".000");
  std::replace(text.begin(), text.end(), ':', '-');
  return text;
}

bool Recorder::add(const Packet& packet, const AVCodecParameters* codec) {
  if (muxer_ && !muxer_->good()) finish();
  if (packet.is_key() && (!muxer_ || packet.seconds - began_ >= segment_s_ || packet.seconds < began_)) {
    finish();
    name_ = file_time(from_ms(packet.arrived)) + ".mkv";
    began_ = packet.seconds;
    try {
      muxer_.emplace(folder_ / name_, codec);
    } catch (const Refusal&) {
      name_.clear();
      return false;
    }
  }
  if (!muxer_) return true;  // waits for a key frame
  muxer_->write(packet);
  return muxer_->good();
}

void Recorder::finish() {
  if (muxer_) muxer_->finish();
  muxer_.reset();
  name_.clear();
}

}  // namespace lifang::vision
