#include "vision/sim_clip.hpp"

#include <opencv2/imgproc.hpp>

#include "base/check.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
}

namespace lifang::vision::sim {

struct ClipWriter::Open {
  AVFormatContext* format = nullptr;
  AVCodecContext* codec = nullptr;
  AVFrame* frame = av_frame_alloc();
  AVPacket* packet = av_packet_alloc();
  std::int64_t count = 0;
  bool finished = false;
  ~Open() {
    avcodec_free_context(&codec);
    if (format->pb != nullptr) avio_closep(&format->pb);
    avformat_free_context(format);
    av_frame_free(&frame);
    av_packet_free(&packet);
  }
};

ClipWriter::ClipWriter(const std::filesystem::path& file, cv::Size size, int rate, int kilobits) : open_(std::make_unique<Open>()) {
  Open& o = *open_;
  av_log_set_level(AV_LOG_QUIET);
  check(avformat_alloc_output_context2(&o.format, nullptr, nullptr, file.c_str()) >= 0, "the ending names a container");
  const AVCodec* encoder = avcodec_find_encoder_by_name("libx264");
  if (encoder == nullptr) encoder = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
  o.codec = avcodec_alloc_context3(encoder);
  o.codec->width = size.width;
  o.codec->height = size.height;
  o.codec->pix_fmt = AV_PIX_FMT_YUV420P;
  o.codec->time_base = {1, rate};
  o.codec->framerate = {rate, 1};
  o.codec->gop_size = rate;
  o.codec->max_b_frames = 0;
  o.codec->thread_count = 1;
  o.codec->bit_rate = kilobits * 1000LL;
  if (o.format->oformat->flags & AVFMT_GLOBALHEADER) o.codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_opt_set(o.codec->priv_data, "preset", "superfast", 0);
  av_opt_set(o.codec->priv_data, "tune", "zerolatency", 0);
  check(avcodec_open2(o.codec, encoder, nullptr) >= 0, "the encoder opens");
  AVStream* stream = avformat_new_stream(o.format, nullptr);
  stream->time_base = o.codec->time_base;
  stream->avg_frame_rate = o.codec->framerate;
  avcodec_parameters_from_context(stream->codecpar, o.codec);
  check(avio_open(&o.format->pb, file.c_str(), AVIO_FLAG_WRITE) >= 0 && avformat_write_header(o.format, nullptr) >= 0,
        "the clip can be written");
  o.frame->format = AV_PIX_FMT_YUV420P;
  o.frame->width = size.width;
  o.frame->height = size.height;
  check(av_frame_get_buffer(o.frame, 0) >= 0, "a picture has memory");
}

ClipWriter::~ClipWriter() { finish(); }

void ClipWriter::write(const cv::Mat& picture) {
  Open& o = *open_;
  check(picture.cols == o.codec->width && picture.rows == o.codec->height, "pictures have the clip's size");
  cv::Mat bgr, yuv;
  if (picture.channels() == 1) cv::cvtColor(picture, bgr, cv::COLOR_GRAY2BGR);
  else bgr = picture;
  cv::cvtColor(bgr, yuv, cv::COLOR_BGR2YUV_I420);
  av_frame_make_writable(o.frame);
  const unsigned char* from = yuv.data;
  for (int plane = 0; plane < 3; ++plane) {
    const int width = plane == 0 ? o.codec->width : o.codec->width / 2, height = plane == 0 ? o.codec->height : o.codec->height / 2;
    for (int y = 0; y < height; ++y, from += width)
      std::copy(from, from + width, o.frame->data[plane] + static_cast<std::ptrdiff_t>(y) * o.frame->linesize[plane]);
  }
  o.frame->pts = o.count++;
  avcodec_send_frame(o.codec, o.frame);
  drain(false);
}

void ClipWriter::drain(bool end) {
  Open& o = *open_;
  if (end) avcodec_send_frame(o.codec, nullptr);
  while (avcodec_receive_packet(o.codec, o.packet) >= 0) {
    av_packet_rescale_ts(o.packet, o.codec->time_base, o.format->streams[0]->time_base);
    av_interleaved_write_frame(o.format, o.packet);
  }
}

void ClipWriter::finish() {
  if (open_->finished) return;
  open_->finished = true;
  drain(true);
  av_write_trailer(open_->format);
}

}  // namespace lifang::vision::sim
