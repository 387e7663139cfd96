#include "vision/stream/encoder.hpp"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/check.hpp"
#include "base/refusal.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
}

namespace lifang::vision {
namespace fs = std::filesystem;

struct Encoder::Open {
  fs::path file;
  AVFormatContext* format = nullptr;
  AVCodecContext* codec = nullptr;
  AVFrame* frame = av_frame_alloc();
  AVPacket* packet = av_packet_alloc();
  std::int64_t last = -1;
  bool header = false, good = true, finished = false;

  void close() {
    avcodec_free_context(&codec);
    if (format != nullptr && format->pb != nullptr && avio_closep(&format->pb) < 0) good = false;
    avformat_free_context(format);
    format = nullptr;
  }
  ~Open() {
    close();
    av_frame_free(&frame);
    av_packet_free(&packet);
  }
};

namespace {

constexpr int ticks = 1000;  // a second

/// Opens the encoder for pictures of this size; null when libav has none that will.
AVCodecContext* open_codec(cv::Size size, double rate, int kilobits, bool global_header) {
  const AVCodec* encoder = avcodec_find_encoder_by_name("libx264");
  if (encoder == nullptr) encoder = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
  AVCodecContext* codec = encoder == nullptr ? nullptr : avcodec_alloc_context3(encoder);
  if (codec == nullptr) return nullptr;
  codec->width = size.width;
  codec->height = size.height;
  codec->pix_fmt = AV_PIX_FMT_YUV420P;
  codec->time_base = {1, ticks};
  codec->framerate = av_d2q(rate, 1000);
  codec->gop_size = std::max(1, static_cast<int>(std::lround(rate)));
  codec->max_b_frames = 0;
  codec->thread_count = 1;  // the judges need the other cores
  if (kilobits > 0) codec->bit_rate = kilobits * 1000LL;
  else av_opt_set(codec->priv_data, "crf", "24", 0);
  if (global_header) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_opt_set(codec->priv_data, "preset", "superfast", 0);
  av_opt_set(codec->priv_data, "tune", "zerolatency", 0);
  if (avcodec_open2(codec, encoder, nullptr) < 0) avcodec_free_context(&codec);
  return codec;
}

}  // namespace

Encoder::~Encoder() {
  if (open_) finish();
}
Encoder::Encoder(Encoder&&) noexcept = default;

Encoder::Encoder(fs::path file, cv::Size size, double rate, int kilobits) : open_(std::make_unique<Open>()) {
  Open& o = *open_;
  av_log_set_level(AV_LOG_QUIET);
  o.file = std::move(file);
  std::error_code failed;
  if (o.file.has_parent_path()) fs::create_directories(o.file.parent_path(), failed);
  const std::string part = o.file.string() + ".part";
  const bool mp4 = o.file.extension() == ".mp4";
  size = {size.width & ~1, size.height & ~1};
  avformat_alloc_output_context2(&o.format, nullptr, mp4 ? "mp4" : "matroska", part.c_str());
  if (o.format != nullptr && size.area() > 0)
    o.codec = open_codec(size, rate > 0 && rate < 1000 ? rate : 25, kilobits, (o.format->oformat->flags & AVFMT_GLOBALHEADER) != 0);
  AVStream* stream = o.codec == nullptr ? nullptr : avformat_new_stream(o.format, nullptr);
  if (stream != nullptr && avio_open(&o.format->pb, part.c_str(), AVIO_FLAG_WRITE) >= 0) {
    stream->time_base = o.codec->time_base;
    stream->avg_frame_rate = o.codec->framerate;
    avcodec_parameters_from_context(stream->codecpar, o.codec);
    AVDictionary* options = nullptr;
    if (mp4) av_dict_set(&options, "movflags", "faststart", 0);
    o.header = avformat_write_header(o.format, &options) >= 0;
    av_dict_free(&options);
    o.frame->format = AV_PIX_FMT_YUV420P;
    o.frame->width = size.width;
    o.frame->height = size.height;
  }
  if (!o.header || av_frame_get_buffer(o.frame, 0) < 0)
    throw Refusal{RefusalKind::unavailable, "vision.encode", "cannot write " + part};
}

bool Encoder::write(const cv::Mat& picture, double seconds) {
  Open& o = *open_;
  if (!o.good || o.finished) return false;
  const cv::Rect even(0, 0, o.frame->width, o.frame->height);
  check(picture.cols >= even.width && picture.rows >= even.height, "pictures have the clip's size");
  cv::Mat bgr, yuv;
  if (picture.channels() == 1) cv::cvtColor(picture(even), bgr, cv::COLOR_GRAY2BGR);
  else bgr = picture(even);
  cv::cvtColor(bgr, yuv, cv::COLOR_BGR2YUV_I420);
  av_frame_make_writable(o.frame);
  const unsigned char* from = yuv.data;
  for (int plane = 0; plane < 3; ++plane) {
    const int width = plane == 0 ? even.width : even.width / 2, height = plane == 0 ? even.height : even.height / 2;
    for (int y = 0; y < height; ++y, from += width)
      std::copy(from, from + width, o.frame->data[plane] + static_cast<std::ptrdiff_t>(y) * o.frame->linesize[plane]);
  }
  o.last = o.frame->pts = std::max(o.last + 1, static_cast<std::int64_t>(std::llround(seconds * ticks)));
  o.good = avcodec_send_frame(o.codec, o.frame) >= 0 && o.good;
  drain(false);
  return o.good;
}

void Encoder::drain(bool end) {
  Open& o = *open_;
  if (end) avcodec_send_frame(o.codec, nullptr);
  while (avcodec_receive_packet(o.codec, o.packet) >= 0) {
    av_packet_rescale_ts(o.packet, o.codec->time_base, o.format->streams[0]->time_base);
    o.good = av_interleaved_write_frame(o.format, o.packet) >= 0 && o.format->pb->error >= 0 && o.good;
  }
}

bool Encoder::finish() {
  Open& o = *open_;
  if (o.finished) return o.good;
  o.finished = true;
  if (!o.header) return false;
  drain(true);
  o.good = av_write_trailer(o.format) >= 0 && o.good;
  o.close();
  std::error_code failed;
  const std::string part = o.file.string() + ".part";
  if (o.good) fs::rename(part, o.file, failed);
  else fs::remove(part, failed);
  return o.good = o.good && !failed;
}

}  // namespace lifang::vision
