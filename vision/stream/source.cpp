#include "vision/stream/source.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "base/refusal.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

namespace lifang::vision {
namespace {

std::string words_of(int error) {
  char text[AV_ERROR_MAX_STRING_SIZE];
  return av_make_error_string(text, sizeof text, error);
}

using SteadyClock = std::chrono::steady_clock;

constexpr std::int64_t most_pixels = 64'000'000;  // a few damaged bytes can announce a picture of many gigabytes

}  // namespace

Packet::Packet() : packet_(av_packet_alloc()) {}
Packet::Packet(const Packet& other) : seconds(other.seconds), arrived(other.arrived), packet_(av_packet_clone(other.packet_)) {
  if (packet_ == nullptr) packet_ = av_packet_alloc();
}
Packet::Packet(Packet&& other) noexcept
    : seconds(other.seconds), arrived(other.arrived), packet_(std::exchange(other.packet_, nullptr)) {}
Packet& Packet::operator=(Packet other) noexcept {
  std::swap(packet_, other.packet_);
  seconds = other.seconds;
  arrived = other.arrived;
  return *this;
}
Packet::~Packet() { av_packet_free(&packet_); }
bool Packet::is_key() const { return (packet_->flags & AV_PKT_FLAG_KEY) != 0; }
std::size_t Packet::bytes() const { return static_cast<std::size_t>(packet_->size); }

bool is_live(const std::string& source) { return source.find("://") != std::string::npos && !source.starts_with("file://"); }

struct Source::Open {
  AVFormatContext* format = nullptr;
  int stream = -1;
  std::int64_t first = AV_NOPTS_VALUE;
  double timeout = 10;
  double last = 0;
  SteadyClock::time_point deadline;
  const std::atomic<bool>* stop = nullptr;

  ~Open() { avformat_close_input(&format); }
  void arm() {
    deadline = SteadyClock::now() + std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(timeout));
  }
  static int interrupted(void* self) {
    const auto* open = static_cast<const Open*>(self);
    return SteadyClock::now() > open->deadline || (open->stop != nullptr && open->stop->load());
  }
};

Source::~Source() = default;
Source::Source(Source&&) noexcept = default;

Source::Source(const std::string& url, double timeout_seconds, const std::atomic<bool>* stop)
    : open_(std::make_unique<Open>()) {
  av_log_set_level(AV_LOG_QUIET);
  open_->timeout = timeout_seconds;
  open_->stop = stop;
  open_->arm();
  open_->format = avformat_alloc_context();
  open_->format->interrupt_callback = {&Open::interrupted, open_.get()};
  AVDictionary* options = nullptr;
  if (url.starts_with("rtsp://") || url.starts_with("rtsps://")) {
    av_dict_set(&options, "rtsp_transport", "tcp", 0);
    av_dict_set(&options, "fflags", "nobuffer", 0);
  }
  const int opened = avformat_open_input(&open_->format, url.c_str(), nullptr, &options);
  av_dict_free(&options);
  if (opened < 0) {
    open_->format = nullptr;  // libav has freed it
    throw Refusal{RefusalKind::unavailable, "vision.source", fmt::format("cannot open the stream: {}", words_of(opened))};
  }
  open_->arm();
  if (avformat_find_stream_info(open_->format, nullptr) >= 0)
    open_->stream = av_find_best_stream(open_->format, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (open_->stream < 0) throw Refusal{RefusalKind::invalid, "vision.source", "the stream holds no video"};
}

ReadEnd Source::read(Packet& packet) {
  // Once: sound that goes on is no sign of pictures.
  open_->arm();
  for (;;) {
    av_packet_unref(packet.get());
    if (Open::interrupted(open_.get()) != 0) return ReadEnd::broken;
    const int got = av_read_frame(open_->format, packet.get());
    if (got == AVERROR_EOF) return ReadEnd::end;
    if (got < 0) return ReadEnd::broken;
    if (packet.get()->stream_index != open_->stream) continue;
    const AVStream* stream = open_->format->streams[open_->stream];
    const std::int64_t at = packet.get()->pts != AV_NOPTS_VALUE ? packet.get()->pts : packet.get()->dts;
    if (at != AV_NOPTS_VALUE) {
      if (open_->first == AV_NOPTS_VALUE) open_->first = at;
      open_->last = static_cast<double>(at - open_->first) * av_q2d(stream->time_base);
    }
    packet.seconds = open_->last;
    return ReadEnd::none;
  }
}

void Source::begin_anew(Packet& packet) {
  open_->first = packet.get()->pts != AV_NOPTS_VALUE ? packet.get()->pts : packet.get()->dts;
  open_->last = packet.seconds = 0;
}

const AVCodecParameters* Source::codec() const { return open_->format->streams[open_->stream]->codecpar; }
int Source::time_base_num() const { return open_->format->streams[open_->stream]->time_base.num; }
int Source::time_base_den() const { return open_->format->streams[open_->stream]->time_base.den; }
double Source::rate() const {
  const AVRational rate = open_->format->streams[open_->stream]->avg_frame_rate;
  return rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 25.0;
}

cv::Size Source::size() const { return {codec()->width, codec()->height}; }

struct Decoder::Open {
  AVCodecContext* context = nullptr;
  AVFrame* frame = av_frame_alloc();  ///< the last good one; stays when the decoder has no more
  AVFrame* next = av_frame_alloc();
  SwsContext* scaler = nullptr;
  std::uint64_t corrupt = 0;
  ~Open() {
    avcodec_free_context(&context);
    av_frame_free(&frame);
    av_frame_free(&next);
    sws_freeContext(scaler);
  }
};

Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;

Decoder::Decoder(const AVCodecParameters* codec) : open_(std::make_unique<Open>()) {
  const AVCodec* found = avcodec_find_decoder(codec->codec_id);
  if (found == nullptr) throw Refusal{RefusalKind::invalid, "vision.codec", "the stream's coding is not known"};
  open_->context = avcodec_alloc_context3(found);
  avcodec_parameters_to_context(open_->context, codec);
  open_->context->thread_count = 1;
  open_->context->max_pixels = most_pixels;
  if (const int opened = avcodec_open2(open_->context, found, nullptr); opened < 0)
    throw Refusal{RefusalKind::invalid, "vision.codec", words_of(opened)};
}

bool Decoder::give(const Packet* packet) {
  // The packet's place in time goes through the decoder, which gives pictures back in their order of showing.
  if (packet != nullptr) {
    const Packet mine = *packet;
    mine.get()->pts = static_cast<std::int64_t>(packet->seconds * 1e6);
    const int given = avcodec_send_packet(open_->context, mine.get());
    if (given < 0 && given != AVERROR(EAGAIN)) ++open_->corrupt;
    return given >= 0;
  }
  return avcodec_send_packet(open_->context, nullptr) >= 0;
}

bool Decoder::take(double& seconds) {
  for (;;) {
    const int got = avcodec_receive_frame(open_->context, open_->next);
    if (got < 0) {
      if (got != AVERROR(EAGAIN) && got != AVERROR_EOF) ++open_->corrupt;
      return false;
    }
    if ((open_->next->flags & AV_FRAME_FLAG_CORRUPT) != 0 || open_->next->decode_error_flags != 0) {
      ++open_->corrupt;
      continue;
    }
    av_frame_unref(open_->frame);
    av_frame_move_ref(open_->frame, open_->next);
    seconds = static_cast<double>(open_->frame->best_effort_timestamp) / 1e6;
    return true;
  }
}

bool Decoder::has_picture() const { return open_->frame->data[0] != nullptr; }

cv::Mat Decoder::grey() const {
  const AVFrame* f = open_->frame;
  if (!has_picture()) throw Refusal{RefusalKind::unavailable, "vision.codec", "there is no picture yet"};
  switch (f->format) {
    case AV_PIX_FMT_YUV420P: case AV_PIX_FMT_YUVJ420P: case AV_PIX_FMT_YUV422P: case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUV444P: case AV_PIX_FMT_NV12: case AV_PIX_FMT_GRAY8:
      return {f->height, f->width, CV_8UC1, f->data[0], static_cast<std::size_t>(f->linesize[0])};
    default: break;
  }
  cv::Mat out;
  cv::Mat colour = bgr();
  cv::extractChannel(colour, out, 1);
  return out;
}

cv::Mat Decoder::bgr() const {
  const AVFrame* f = open_->frame;
  // libav's scaler ends the whole program when it is given nothing.
  if (!has_picture()) throw Refusal{RefusalKind::unavailable, "vision.codec", "there is no picture yet"};
  cv::Mat out(f->height, f->width, CV_8UC3);
  open_->scaler = sws_getCachedContext(open_->scaler, f->width, f->height, static_cast<AVPixelFormat>(f->format), f->width,
                                       f->height, AV_PIX_FMT_BGR24, SWS_BILINEAR, nullptr, nullptr, nullptr);
  if (open_->scaler == nullptr) throw Refusal{RefusalKind::unavailable, "vision.codec", "the pictures have colours that are not known"};
  std::uint8_t* planes[] = {out.data};
  const int strides[] = {static_cast<int>(out.step)};
  sws_scale(open_->scaler, f->data, f->linesize, 0, f->height, planes, strides);
  return out;
}

cv::Size Decoder::size() const { return {open_->frame->width, open_->frame->height}; }

std::uint64_t Decoder::corrupt() const { return open_->corrupt; }

Clip::Clip(const std::string& path) : source_(path, 10), decoder_(source_.codec()) {}

bool Clip::next(double& seconds) {
  for (;;) {
    if (decoder_.take(seconds)) return true;
    if (drained_) return false;
    Packet packet;
    if (source_.read(packet) == ReadEnd::none) {
      decoder_.give(&packet);
    } else {
      decoder_.give(nullptr);
      drained_ = true;
    }
  }
}

}  // namespace lifang::vision
