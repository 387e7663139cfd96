// Streams that stop in the middle of something.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "base/refusal.hpp"
#include "support/test_folder.hpp"
#include "vision/sim_clip.hpp"
#include "vision/stream/source.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;

/// The pictures of a clip, and then sound for ever, until nobody reads any more.
void send_sound(const fs::path& clip, const fs::path& pipe) {
  AVFormatContext *in = nullptr, *out = nullptr;
  ASSERT_EQ(0, avformat_open_input(&in, clip.c_str(), nullptr, nullptr));
  avformat_find_stream_info(in, nullptr);
  avformat_alloc_output_context2(&out, nullptr, "matroska", pipe.c_str());
  AVStream *video = avformat_new_stream(out, nullptr), *sound = avformat_new_stream(out, nullptr);
  avcodec_parameters_copy(video->codecpar, in->streams[0]->codecpar);
  video->codecpar->codec_tag = 0;
  sound->codecpar->codec_type = AVMEDIA_TYPE_AUDIO;
  sound->codecpar->codec_id = AV_CODEC_ID_PCM_S16LE;
  sound->codecpar->sample_rate = 8000;
  sound->codecpar->bits_per_coded_sample = 16;
  sound->codecpar->ch_layout = AV_CHANNEL_LAYOUT_MONO;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "live", "1", 0);
  av_dict_set(&options, "cluster_time_limit", "100", 0);
  if (avio_open(&out->pb, pipe.c_str(), AVIO_FLAG_WRITE) >= 0 && avformat_write_header(out, &options) >= 0) {
    out->flags |= AVFMT_FLAG_FLUSH_PACKETS;
    AVPacket* packet = av_packet_alloc();
    while (av_read_frame(in, packet) >= 0) {
      av_packet_rescale_ts(packet, in->streams[0]->time_base, video->time_base);
      packet->stream_index = 0;
      packet->pos = -1;
      av_write_frame(out, packet);
      av_packet_unref(packet);
    }
    for (std::int64_t at = 2000; out->pb->error >= 0; at += 20) {
      av_new_packet(packet, 320);
      std::fill_n(packet->data, 320, std::uint8_t{0});
      packet->stream_index = 1;
      packet->pts = packet->dts = at;
      packet->duration = 20;
      const bool went = av_write_frame(out, packet) >= 0;
      av_packet_unref(packet);
      if (!went) break;
    }
    av_packet_free(&packet);
  }
  av_dict_free(&options);
  avio_closep(&out->pb);
  avformat_free_context(out);
  avformat_close_input(&in);
}

TEST(Source, sound_that_goes_on_is_no_sign_of_pictures) {
  std::signal(SIGPIPE, SIG_IGN);
  const TestFolder folder;
  {
    sim::ClipWriter writer(folder.path() / "a.mp4", {160, 96}, 25);
    for (int i = 0; i < 50; ++i) writer.write(cv::Mat(96, 160, CV_8U, cv::Scalar(90 + i)));
    writer.finish();
  }
  const fs::path pipe = folder.path() / "live.mkv";
  ASSERT_EQ(0, ::mkfifo(pipe.c_str(), 0600));
  std::thread sender([&] { send_sound(folder.path() / "a.mp4", pipe); });
  int pictures = 0;
  {
    Source source(pipe.string(), 1);
    Packet packet;
    ReadEnd end = ReadEnd::none;
    while ((end = source.read(packet)) == ReadEnd::none) ++pictures;
    EXPECT_EQ(ReadEnd::broken, end);
  }
  sender.join();
  EXPECT_EQ(50, pictures);
}

}  // namespace
}  // namespace lifang::vision
