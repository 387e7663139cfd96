// A camera's watch when things go wrong: what waits is told, and only what is off is left out.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include <boost/json.hpp>

#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "vision/sim_lift.hpp"
#include "vision/soon.hpp"
#include "vision/watch_bench.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;

/// Adds a clip to a transport stream, its clock beginning at `seconds`; without key frames until `bare_s` of the clip.
void append(const fs::path& clip, const fs::path& stream, int seconds, double bare_s = 0) {
  const fs::path part = stream.string() + ".one.ts";
  AVFormatContext *in = nullptr, *out = nullptr;
  ASSERT_EQ(0, avformat_open_input(&in, clip.c_str(), nullptr, nullptr));
  avformat_find_stream_info(in, nullptr);
  avformat_alloc_output_context2(&out, nullptr, "mpegts", part.c_str());
  AVStream* to = avformat_new_stream(out, nullptr);
  avcodec_parameters_copy(to->codecpar, in->streams[0]->codecpar);
  to->codecpar->codec_tag = 0;
  avio_open(&out->pb, part.c_str(), AVIO_FLAG_WRITE);
  ASSERT_GE(avformat_write_header(out, nullptr), 0);
  AVPacket* packet = av_packet_alloc();
  while (av_read_frame(in, packet) >= 0) {
    if ((packet->flags & AV_PKT_FLAG_KEY) != 0 && static_cast<double>(packet->pts) * av_q2d(in->streams[0]->time_base) < bare_s) {
      av_packet_unref(packet);
      continue;
    }
    av_packet_rescale_ts(packet, in->streams[0]->time_base, to->time_base);
    packet->pts += seconds * to->time_base.den / to->time_base.num;
    packet->dts += seconds * to->time_base.den / to->time_base.num;
    packet->pos = -1;
    av_interleaved_write_frame(out, packet);
  }
  av_packet_free(&packet);
  av_write_trailer(out);
  avio_closep(&out->pb);
  avformat_free_context(out);
  avformat_close_input(&in);
  std::ofstream(stream, std::ios::binary | std::ios::app) << std::ifstream(part, std::ios::binary).rdbuf();
}

/// The pictures of a clip in another coding, as a camera that knows no H.264 sends them.
void recoded(const fs::path& clip, const fs::path& to, AVCodecID coding) {
  Clip in(clip.string());
  double seconds = 0;
  ASSERT_TRUE(in.next(seconds));
  AVCodecContext* coder = avcodec_alloc_context3(avcodec_find_encoder(coding));
  coder->width = in.grey().cols;
  coder->height = in.grey().rows;
  coder->pix_fmt = AV_PIX_FMT_YUV420P;
  coder->time_base = {1, 25};
  coder->gop_size = 25;
  coder->bit_rate = 8'000'000;
  coder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  ASSERT_EQ(0, avcodec_open2(coder, nullptr, nullptr));
  AVFrame* frame = av_frame_alloc();
  frame->format = coder->pix_fmt;
  frame->width = coder->width;
  frame->height = coder->height;
  ASSERT_EQ(0, av_frame_get_buffer(frame, 0));
  std::unique_ptr<AVCodecParameters, void (*)(AVCodecParameters*)> words(avcodec_parameters_alloc(), [](AVCodecParameters* p) { avcodec_parameters_free(&p); });
  avcodec_parameters_from_context(words.get(), coder);
  Muxer muxer(to, words.get());
  Packet packet;
  const auto drain = [&] {
    while (avcodec_receive_packet(coder, packet.get()) == 0) {
      packet.seconds = static_cast<double>(packet.get()->pts) / 25;
      muxer.write(packet);
    }
  };
  frame->pts = 0;
  do {
    av_frame_make_writable(frame);
    for (int y = 0; y < frame->height; ++y) std::copy_n(in.grey().ptr(y), frame->width, frame->data[0] + static_cast<std::ptrdiff_t>(y) * frame->linesize[0]);
    for (int plane = 1; plane < 3; ++plane) std::fill_n(frame->data[plane], static_cast<std::ptrdiff_t>(frame->linesize[plane]) * frame->height / 2, std::uint8_t{128});
    avcodec_send_frame(coder, frame);
    drain();
    ++frame->pts;
  } while (in.next(seconds));
  avcodec_send_frame(coder, nullptr);
  drain();
  EXPECT_TRUE(muxer.finish());
  av_frame_free(&frame);
  avcodec_free_context(&coder);
}

TEST(Watch, tells_what_waits_for_its_clip_when_the_stream_breaks_by_another_size) {
  Hurrying clock;
  Bench bench(clock);
  append(bench.facade(), bench.folder.path() / "both.ts", 0);
  append(bench.small(), bench.folder.path() / "both.ts", 20);
  const auto watch = bench.watch(bench.folder.path() / "both.ts", 60);
  ASSERT_TRUE(soon([&] { return watch->state().state == "broken"; }));
  watch->halt();
  ASSERT_EQ("the pictures have another size now", watch->state().trouble);
  EXPECT_GE(watch->state().events, 1U);
  const auto letters = bench.letters();
  ASSERT_EQ(watch->state().events, letters.size()) << "an alarm whose last seconds never come is told all the same";
  ASSERT_TRUE(letters[0].clip);
  EXPECT_TRUE(fs::exists(bench.folder.path() / "eyes" / *letters[0].clip));
  EXPECT_EQ(0, bench.files("recordings/eye", ".part")) << "the recording is closed";
}

TEST(Watch, tells_what_was_still_falling_when_the_stream_ended) {
  Hurrying clock;
  Bench bench(clock);
  const sim::FacadeFilm film(1);
  ASSERT_FALSE(film.film().truth.empty());
  const sim::TrueFall& first = film.film().truth.front();
  const auto watch = bench.watch(bench.facade((first.released + first.left) / 2 + 0.2));
  ASSERT_TRUE(soon([&] { return watch->state().state == "ended"; }));
  watch->halt();
  ASSERT_EQ(1U, watch->state().events);
  ASSERT_EQ(1U, bench.letters().size());
  EXPECT_EQ("falling_object", bench.letters()[0].kind);
  ASSERT_TRUE(bench.letters()[0].still);
  EXPECT_EQ(film.film().size, cv::imread((bench.folder.path() / "eyes" / *bench.letters()[0].still).string()).size());
}

TEST(Watch, tells_what_was_still_falling_when_the_pictures_got_another_size) {
  Hurrying clock;
  Bench bench(clock);
  const sim::FacadeFilm film(1);
  const double middle = (film.film().truth.at(0).released + film.film().truth.at(0).left) / 2 + 0.3;
  append(bench.facade(middle), bench.folder.path() / "both.ts", 0);
  append(bench.small(), bench.folder.path() / "both.ts", static_cast<int>(middle) + 2);
  const auto watch = bench.watch(bench.folder.path() / "both.ts");
  ASSERT_TRUE(soon([&] { return watch->state().state == "broken"; }));
  watch->halt();
  ASSERT_EQ("the pictures have another size now", watch->state().trouble);
  const auto letters = bench.letters();
  ASSERT_EQ(1U, letters.size());
  EXPECT_EQ("falling_object", letters[0].kind);
  EXPECT_FALSE(letters[0].still) << "no mask fits a picture of another size";
}

TEST(Decoder, refuses_to_show_a_picture_before_there_is_one_and_keeps_the_last) {
  Hurrying clock;
  Bench bench(clock);
  Source source(bench.small().string(), 5);
  Decoder decoder(source.codec());
  EXPECT_THROW(decoder.bgr(), Refusal);
  EXPECT_THROW(decoder.grey(), Refusal);
  Packet packet;
  double seconds = 0;
  while (source.read(packet) == ReadEnd::none) decoder.give(&packet), decoder.take(seconds);
  decoder.give(nullptr);
  while (decoder.take(seconds)) {
  }
  EXPECT_EQ(cv::Size(160, 96), decoder.bgr().size());
}

TEST(Watch, the_orderly_end_of_a_live_stream_is_said_and_counted) {
  Hurrying clock;
  Bench bench(clock);
  const fs::path small = bench.small();
  const auto watch = bench.watch(fmt::format("subfile,,start,0,end,{},,:file://{}", fs::file_size(small), small.string()));
  ASSERT_TRUE(soon([&] { return watch->state().breaks > 0; }));
  watch->halt();
  EXPECT_EQ("the stream ended", watch->state().trouble);
  EXPECT_EQ("broken", watch->state().state) << "until it is there again";
  EXPECT_EQ(50U, watch->state().packets);
}

TEST(Watch, takes_the_size_of_the_first_picture_where_the_stream_says_none) {
  Hurrying clock;
  Bench bench(clock);
  append(bench.small(600), bench.folder.path() / "bare.ts", 0, 18);
  ASSERT_EQ(0, Source((bench.folder.path() / "bare.ts").string(), 5).size().area()) << "else this shows nothing";
  bench.words.judge = {Judgement::falling};
  const auto watch = bench.watch(bench.folder.path() / "bare.ts");
  ASSERT_TRUE(soon([&] { return watch->state().state == "ended" || watch->state().state == "broken"; }));
  EXPECT_EQ("ended", watch->state().state) << watch->state().trouble;
  EXPECT_GT(watch->state().pictures, 100U);
}

TEST(Watch, goes_dark_where_a_mask_lies_beside_the_picture) {
  Hurrying clock;
  Bench bench(clock);
  bench.words.view.masks = {{{610, 140}, {690, 140}, {690, 310}, {610, 310}}};  // drawn on a picture of 704 by 576
  const auto watch = bench.watch(bench.small());
  ASSERT_TRUE(soon([&] { return watch->state().state == "dark"; }));
  watch->halt();
  EXPECT_TRUE(watch->state().trouble.starts_with("mask 1 lies beside the picture of 160×96")) << watch->state().trouble;
  EXPECT_EQ(0U, watch->state().packets);
  EXPECT_FALSE(fs::exists(bench.folder.path() / "eyes/recordings"));
}

TEST(Watch, begins_anew_when_the_clock_of_the_stream_steps_back) {
  Hurrying clock;
  Bench bench(clock);
  const fs::path facade = bench.facade();
  const auto once = bench.watch(facade);
  ASSERT_TRUE(soon([&] { return once->state().state == "ended"; }));
  ASSERT_GE(once->state().events, 1U);
  EXPECT_EQ(0U, once->state().breaks);
  append(facade, bench.folder.path() / "twice.ts", 0);
  append(facade, bench.folder.path() / "twice.ts", 0);
  const auto twice = bench.watch(bench.folder.path() / "twice.ts");
  ASSERT_TRUE(soon([&] { return twice->state().state == "ended"; }));
  EXPECT_EQ(2 * once->state().events, twice->state().events) << "what falls after the step is seen like what fell before";
  EXPECT_EQ(1U, twice->state().breaks);
  EXPECT_TRUE(twice->state().trouble.starts_with("the stream's clock stepped back")) << twice->state().trouble;
}

TEST(Watch, begins_anew_when_the_clock_of_a_live_stream_leaps_ahead) {
  Hurrying clock;
  Bench bench(clock);
  const fs::path facade = bench.facade(), leaps = bench.folder.path() / "leaps.ts";
  append(facade, leaps, 0);
  const auto half = fs::file_size(leaps);
  append(facade, leaps, 10'000);
  ASSERT_GT(fs::file_size(leaps), half);
  const auto watch = bench.watch(fmt::format("subfile,,start,0,end,{},,:file://{}", fs::file_size(leaps), leaps.string()), 60);
  ASSERT_TRUE(soon([&] { return watch->state().breaks >= 2; })) << "the leap, and the end";
  watch->halt();
  const auto letters = bench.letters();
  ASSERT_GE(letters.size(), 2U);
  ASSERT_TRUE(letters[0].clip);
  Clip clip((bench.folder.path() / "eyes" / *letters[0].clip).string());
  int pictures = 0;
  for (double seconds = 0; clip.next(seconds);) ++pictures;
  EXPECT_GT(pictures, 100) << "what waited for its clip has what was there of it";
  EXPECT_LT(letters[1].ts - letters[0].ts, 1'000'000) << "nothing is told as if it were hours ago";
}

TEST(Watch, writes_an_alarm_down_before_its_clip_and_names_its_segment) {
  Hurrying clock;
  Bench bench(clock);
  const fs::path facade = bench.facade();
  bench.words.view.masks = {{{40, 60}, {400, 40}, {430, 400}, {60, 420}}};
  const auto watch = bench.watch(facade, 60);
  ASSERT_TRUE(soon([&] { return bench.files("outbox", ".film") > 0 || watch->state().state == "ended"; }));
  EXPECT_NE("ended", watch->state().state) << "on disk while the film still runs";
  EXPECT_TRUE(bench.letters().empty());
  watch->halt();
  ASSERT_TRUE(soon([&] { return bench.letters().size() == watch->state().events; })) << "told by who lets the watch go";
  const auto attributes = parse_json(bench.letters()[0].attributes.text).as_object();
  const std::string segment(attributes.at("segment").as_string());
  EXPECT_TRUE(fs::exists(bench.folder.path() / "eyes/recordings/eye" / segment));
  EXPECT_TRUE(fs::exists(reference_of(bench.folder.path() / "eyes", "eye", segment)));
  EXPECT_TRUE(attributes.contains("floor"));
}

TEST(Watch, of_a_stream_that_no_browser_plays_the_clip_is_one_that_they_do) {
  Hurrying clock;
  Bench bench(clock);
  recoded(bench.facade(), bench.folder.path() / "old.mkv", AV_CODEC_ID_MPEG4);
  ASSERT_EQ(AV_CODEC_ID_MPEG4, Source((bench.folder.path() / "old.mkv").string(), 5).codec()->codec_id);
  const auto watch = bench.watch(bench.folder.path() / "old.mkv");
  ASSERT_TRUE(soon([&] { return watch->state().state == "ended"; }));
  watch->halt();
  ASSERT_GE(watch->state().events, 1U);
  ASSERT_TRUE(soon([&] { return bench.letters().size() == watch->state().events; }));
  for (const Letter& letter : bench.letters()) {
    ASSERT_TRUE(letter.clip);
    EXPECT_EQ(AV_CODEC_ID_H264, Source((bench.folder.path() / "eyes" / *letter.clip).string(), 5).codec()->codec_id);
  }
  for (const auto& one : fs::directory_iterator(bench.folder.path() / "eyes/recordings/eye"))
    EXPECT_EQ(AV_CODEC_ID_MPEG4, Source(one.path().string(), 5).codec()->codec_id) << "what is recorded is as it came";
}

TEST(Watch, an_urgent_alarm_of_a_masked_camera_goes_ahead_of_its_clip) {
  const fs::path models = fs::path(LIFANG_BINARY_DIR) / "models";
  if (!fs::exists(models / "nanodet.onnx")) GTEST_SKIP() << "no models; run vision/setup";
  FakeClock clock;  // stands still: of the stream there is its first picture, and it goes on
  Bench bench(clock);
  sim::LiftFilm film(1, 10, {{sim::Load::bicycle, 0, 9}});
  cv::Mat picture;
  double seconds = 0;
  {
    sim::LiftFilm same(1, 10, {{sim::Load::bicycle, 0, 9}});
    same.next(seconds, picture);
    sim::ClipWriter writer(bench.folder.path() / "lift.mp4", picture.size(), 25);
    for (int i = 0; i < 50; ++i) writer.write(picture);
    writer.finish();
  }
  bench.words.judge = {Judgement::ebike};
  bench.words.view.masks = {{{1, 1}, {20, 1}, {20, 20}}};
  const auto watch = bench.watch(bench.folder.path() / "lift.mp4", 5, 1);
  ASSERT_TRUE(soon([&] { return watch->state().packets > 0; }));
  const Detectors detectors(Catalog(models / "models.toml", {models}));
  const auto judge_next = [&] {
    for (const double from = seconds; seconds < from + 0.25 && film.next(seconds, picture);) {
    }
    watch->judge({watch, seconds, picture, 1}, detectors);
  };
  while (bench.letters().empty() && seconds < 8) judge_next();
  ASSERT_EQ(1U, bench.letters().size()) << "told while its film is still to be developed, or could not be";
  EXPECT_EQ("ebike_in_lift", bench.letters()[0].kind);
  EXPECT_TRUE(bench.letters()[0].still);
  EXPECT_FALSE(bench.letters()[0].clip);
  ASSERT_TRUE(soon([&] { return bench.files("events/eye", ".mp4") > 0; }));
  // Told again while it stands: the clip goes along.
  const cv::Mat there = picture.clone();
  const auto clips = [&] {
    const auto all = bench.letters();
    return std::count_if(all.begin(), all.end(), [](const Letter& l) { return l.clip && l.kind == "ebike_in_lift"; });
  };
  for (int i = 0; clips() == 0 && i < 100; ++i) watch->judge({watch, seconds += 0.5, there, 1}, detectors);
  EXPECT_EQ(1, clips());
  // A picture of a stretch that is over says nothing about this one.
  const auto before = bench.letters().size();
  watch->judge({watch, seconds + 1000, there, 99}, detectors);
  watch->judge({watch, seconds + 1.5, there, 1}, detectors);
  EXPECT_EQ(before + 1, bench.letters().size());
}

TEST(Watch, a_bin_without_its_picture_is_left_out_and_the_camera_goes_on) {
  for (const Judgement judge : {Judgement::bins, Judgement::duty}) {
    Hurrying clock;
    Bench bench(clock);
    bench.words.judge = {judge};
    cv::imwrite((bench.folder.path() / "empty.png").string(), cv::Mat(192, 320, CV_8U, cv::Scalar(90)));
    const Polygon mouth{{10, 10}, {60, 10}, {60, 60}};
    bench.words.view.bins = {{"gone", mouth, (bench.folder.path() / "gone.png").string()}, {"there", mouth, (bench.folder.path() / "empty.png").string()}};
    const auto watch = bench.watch(bench.small());
    ASSERT_TRUE(soon([&] { return watch->state().state == "ended" || watch->state().state == "broken"; }));
    EXPECT_EQ("ended", watch->state().state);
    EXPECT_EQ(1, bench.files("recordings/eye", ".mkv"));
    EXPECT_EQ(judge == Judgement::bins, watch->state().bins_refused.starts_with("gone: ")) << watch->state().bins_refused;
    EXPECT_EQ(std::string::npos, watch->state().bins_refused.find("there: "));
  }
}

TEST(Watch, brings_the_picture_of_an_empty_bin_to_the_size_of_the_stream) {
  const TestFolder folder;
  cv::imwrite((folder.path() / "empty.png").string(), cv::Mat(192, 320, CV_8U, cv::Scalar(90)));
  const BinWords words{"a", {{10, 10}, {60, 10}, {60, 60}}, (folder.path() / "empty.png").string()};
  BinJudge judge = judge_of(words, {160, 96});
  EXPECT_FALSE(judge.see(0, cv::Mat(96, 160, CV_8U, cv::Scalar(90)), false));
  EXPECT_EQ(0, judge.level());
}

TEST(Watch, stays_dark_when_its_drawn_masks_cannot_be_read) {
  Hurrying clock;
  Bench bench(clock);
  const auto watch = bench.watch(bench.small(), 2, 20, {"torn", true});
  ASSERT_TRUE(soon([&] { return watch->state().state != "waiting"; }));
  watch->halt();
  EXPECT_EQ("dark", watch->state().state);
  EXPECT_EQ("torn", watch->state().trouble);
  EXPECT_EQ(0U, watch->state().packets);
  EXPECT_FALSE(fs::exists(bench.folder.path() / "eyes/recordings"));
}

TEST(Watch, counts_pictures_of_parking_that_were_passed_over) {
  Hurrying clock;
  Bench bench(clock);
  const auto watch = bench.watch(bench.small());
  for (int i = 0; i < 3; ++i) bench.looks.put("eye/parking", 0, {watch, -1, {}, 1});
  EXPECT_EQ(2U, watch->state().shed);
}

TEST(Backlog, passes_pictures_over_until_it_has_caught_up) {
  Backlog backlog;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(backlog.see(i * 0.04, 1000 + i * 0.04 + (i % 5) * 0.02)) << "a network that jitters";
  EXPECT_FALSE(backlog.see(5, 1006.5));
  EXPECT_TRUE(backlog.see(5.04, 1007.2));
  EXPECT_NEAR(2.2, backlog.delay(), 0.1);
  EXPECT_TRUE(backlog.see(6, 1007.3)) << "not yet";
  EXPECT_FALSE(backlog.see(7.2, 1007.4));
}

TEST(Backlog, does_not_wait_for_a_camera_that_paused_itself) {
  Backlog backlog;
  backlog.see(0, 1000);
  double at = 1005;  // five seconds in which the camera's clock stood
  EXPECT_TRUE(backlog.see(0.04, at));
  for (; backlog.behind() && at < 1100; at += 0.04) backlog.see(at - 1005, at);
  EXPECT_NEAR(1015, at, 0.2);
  // Two clocks that run unlike each other by a ten-thousandth: a day is no backlog.
  bool ever = false;
  for (int second = 0; second < 86'400; ++second) ever = backlog.see(100 + second * 0.9999, 1100 + second) || ever;
  EXPECT_FALSE(ever);
}

}  // namespace
}  // namespace lifang::vision
