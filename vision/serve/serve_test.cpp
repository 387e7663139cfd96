// The parts of `serve`: configuration, hand-over, ring and recorder, keeper, messenger.
#include <gtest/gtest.h>

#include <fstream>

#include "base/refusal.hpp"
#include "support/fake_world.hpp"
#include "support/test_folder.hpp"
#include "vision/serve/config.hpp"
#include "vision/serve/durable.hpp"
#include "vision/serve/evidence.hpp"
#include "vision/serve/keeper.hpp"
#include "vision/serve/messenger.hpp"
#include "vision/serve/newest.hpp"
#include "vision/sim_clip.hpp"
#include "vision/stream/recorder.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;

void put(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

std::string field_of(const std::string& toml) {
  const TestFolder folder;
  put(folder.path() / "c.toml", toml);
  try {
    load_serve(folder.path() / "c.toml");
  } catch (const Refusal& refusal) {
    return refusal.code + refusal.field;
  }
  return "";
}

TEST(ServeConfig, names_the_place_of_what_is_off) {
  const std::string camera = "[[cameras]]\nid='a'\ntoken='t'\nsource='rtsp://x'\n";
  EXPECT_EQ("", field_of(camera + "judge=['falling','bag']\n[cameras.view]\nmasks=[[[0,0],[9,0],[9,9]]]\n"));
  EXPECT_EQ("vision.config/cameras/1/id", field_of(camera + camera));
  EXPECT_EQ("vision.polygon/cameras/0/view/masks/0", field_of(camera + "[cameras.view]\nmasks=[[[0,0],[9,0]]]\n"));
  EXPECT_EQ("json.not_one_of/cameras/0/judge/0", field_of(camera + "judge=['ghosts']\n"));
  EXPECT_EQ("json.unknown_member/colour", field_of("colour='red'\n"));
  EXPECT_EQ("vision.config/keep_event_days", field_of("keep_event_days=7\n"));
  EXPECT_EQ("vision.config", field_of("threads=\n"));
  EXPECT_EQ("vision.config/cameras/0/token", field_of("[[cameras]]\nid='a'\ntoken=\"secret\\n\"\nsource='x'\n")) << "read from a file with its line's end";
  EXPECT_EQ("vision.config/cameras/0/token", field_of("[[cameras]]\nid='a'\ntoken='a/secret'\nsource='x'\n"));
  EXPECT_EQ("vision.config/repeat_s", field_of("repeat_s=0\n")) << "it would be told with every picture";
  EXPECT_EQ("vision.config/repeat_s", field_of("repeat_s=60\n")) << "the rule of lifts clears after a minute of silence";
  EXPECT_EQ("vision.config/cameras/0/view/bins/1/id",
            field_of(camera + "[cameras.view]\nbins=[{id='b',mouth=[[0,0],[9,0],[9,9]],empty='x'},{id='b',mouth=[[0,0],[9,0],[9,9]],empty='x'}]\n"));
}

TEST(ServeConfig, a_file_that_is_off_leaves_the_last_good_one_in_force) {
  const TestFolder folder;
  const fs::path file = folder.path() / "c.toml";
  put(file, "keep_hours=5\n");
  ServeFile serve(file);
  EXPECT_FALSE(serve.look(false)) << "nothing changed";
  EXPECT_TRUE(serve.look(true)) << "asked for";
  put(file, "keep_hours=\n");
  fs::last_write_time(file, fs::file_time_type::clock::now() + std::chrono::seconds(5));
  EXPECT_THROW(serve.look(false), Refusal);
  EXPECT_FALSE(serve.look(false)) << "said once";
  EXPECT_EQ(5, serve.words().keep_hours) << "what is drawn meanwhile is laid over this";
}

TEST(ServeConfig, says_what_a_running_program_cannot_take) {
  ServeWords running, now;
  now.node = "http://10.0.0.1";
  now.threads = 2;
  now.repeat_s = 5;
  EXPECT_EQ((std::vector<std::string>{"node", "threads"}), only_after_a_restart(running, now));
}

TEST(Source, tells_a_live_stream_from_a_file) {
  for (const char* live : {"rtsp://x", "rtsps://x/1", "http://x/live.flv", "https://x/a.m3u8"}) EXPECT_TRUE(is_live(live)) << live;
  for (const char* file : {"/a/b.mp4", "b.mp4", "file:///a.mp4"}) EXPECT_FALSE(is_live(file)) << file;
}

TEST(Newest, keeps_the_newest_of_each_and_counts_what_it_shed) {
  Newest<int> queue;
  queue.put("duty", 1, 1);
  queue.put("duty", 1, 2);
  queue.put("parking", 0, 3);
  queue.put("lift", 3, 4);
  EXPECT_EQ(4, queue.take());
  EXPECT_EQ(2, queue.take());
  EXPECT_EQ(3, queue.take());
  EXPECT_EQ(1U, queue.shed("duty"));
  EXPECT_EQ(0U, queue.shed("lift"));
  queue.close();
  EXPECT_EQ(std::nullopt, queue.take());
}

/// Six seconds of a grey square that moves, a key frame a second.
fs::path made_clip(const TestFolder& folder) {
  const fs::path file = folder.path() / "camera.mp4";
  sim::ClipWriter writer(file, {160, 96}, 25, 300);
  for (int i = 0; i < 150; ++i) {
    cv::Mat picture(96, 160, CV_8U, cv::Scalar(90));
    picture(cv::Rect(i, 20, 10, 10)) = 200;
    writer.write(picture);
  }
  return file;
}

int pictures_in(const fs::path& file, double* last = nullptr) {
  Clip clip(file.string());
  int count = 0;
  for (double seconds = 0; clip.next(seconds); ++count)
    if (last != nullptr) *last = seconds;
  return count;
}

TEST(Recorder, copies_a_stream_into_segments_that_lose_nothing) {
  const TestFolder folder;
  Source source(made_clip(folder).string(), 5);
  Recorder recorder(folder.path() / "recordings", 2);
  Packet packet;
  while (source.read(packet) == ReadEnd::none) {
    packet.arrived = 1'767'225'600'000 + static_cast<std::int64_t>(packet.seconds * 1000);
    EXPECT_TRUE(recorder.add(packet, source.codec()));
  }
  recorder.finish();
  int files = 0, pictures = 0;
  for (const auto& entry : fs::directory_iterator(folder.path() / "recordings")) {
    ++files;
    pictures += pictures_in(entry.path());
  }
  EXPECT_EQ(3, files);
  EXPECT_EQ(150, pictures);
  EXPECT_TRUE(fs::exists(folder.path() / "recordings/2026-01-01T00-00-00.000Z.mkv"));
}

TEST(Recorder, says_so_when_the_disk_refuses) {
  const TestFolder folder;
  put(folder.path() / "recordings", "a file where a folder ought to be");
  Source source(made_clip(folder).string(), 5);
  Recorder recorder(folder.path() / "recordings", 2);
  Packet packet;
  ASSERT_EQ(ReadEnd::none, source.read(packet));
  EXPECT_FALSE(recorder.add(packet, source.codec()));
}

TEST(Recorder, a_file_that_cannot_be_begun_leaves_no_name_behind) {
  const TestFolder folder;
  AVCodecParameters* unknown = avcodec_parameters_alloc();
  unknown->codec_type = AVMEDIA_TYPE_VIDEO;
  EXPECT_THROW(Muxer(folder.path() / "a.mkv", unknown), Refusal);
  avcodec_parameters_free(&unknown);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(PacketRing, holds_the_last_seconds_from_a_key_frame_on) {
  const TestFolder folder;
  Source source(made_clip(folder).string(), 5);
  PacketRing ring(2, 1 << 20);
  Packet packet;
  while (source.read(packet) == ReadEnd::none) ring.add(packet);
  const auto packets = ring.since(4.5);
  ASSERT_FALSE(packets.empty());
  EXPECT_TRUE(packets.front().is_key());
  EXPECT_NEAR(4.0, packets.front().seconds, 0.01);
  EXPECT_NEAR(3.0, ring.since(0).front().seconds, 1.01);
  PacketRing narrow(60, 10);
  Source again(made_clip(folder).string(), 5);
  while (again.read(packet) == ReadEnd::none) narrow.add(packet);
  EXPECT_LE(narrow.bytes(), 10U) << "memory is bounded whatever the camera sends";
}

TEST(Source, refuses_what_is_no_video_and_what_is_not_there) {
  const TestFolder folder;
  put(folder.path() / "x.mp4", "no video at all");
  EXPECT_THROW(Source((folder.path() / "x.mp4").string(), 2), Refusal);
  EXPECT_THROW(Source((folder.path() / "y.mp4").string(), 2), Refusal);
}

TEST(Source, survives_a_clip_with_broken_bytes) {
  const TestFolder folder;
  const fs::path file = made_clip(folder);
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  const auto size = static_cast<std::streamoff>(fs::file_size(file));
  for (std::streamoff at = 400; at < size * 2 / 3; at += 97) {
    bytes.seekp(at);
    bytes.put('\x7f');
  }
  bytes.close();
  try {
    pictures_in(file);  // however many there are: it ends, and nothing breaks
  } catch (const Refusal&) {
  }
}

std::uint64_t plenty(const fs::path&) { return 1 << 20; }
std::uint64_t nothing(const fs::path&) { return 0; }

TEST(Keeper, lets_recordings_go_and_keeps_events_as_long_as_the_law_asks) {
  const TestFolder folder;
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const auto aged = [&](const std::string& name, std::chrono::hours age) {
    put(folder.path() / name, "x");
    fs::last_write_time(folder.path() / name, fs::file_time_type::clock::now() - age);
    return folder.path() / name;
  };
  using std::chrono::hours;
  const auto old_recording = aged("recordings/a/1.mkv", hours(80)), recording = aged("recordings/a/2.mkv", hours(2)),
             writing = aged("recordings/a/3.mkv", hours(0)), event = aged("events/a/fall.mkv", hours(24 * 29)),
             old_event = aged("events/a/old.jpg", hours(24 * 31));
  const KeeperLimits limits{hours(72), hours(24 * 30), 1000};
  EXPECT_EQ(2U, keep(folder.path(), limits, now, plenty).expired);
  EXPECT_FALSE(fs::exists(old_recording));
  EXPECT_FALSE(fs::exists(old_event));
  EXPECT_TRUE(fs::exists(recording));
  const Kept kept = keep(folder.path(), limits, now, nothing);
  EXPECT_EQ(1U, kept.sacrificed);
  EXPECT_TRUE(kept.full);
  EXPECT_TRUE(fs::exists(writing));
  EXPECT_TRUE(fs::exists(event));
}

TEST(Keeper, spares_the_segments_that_an_event_references_until_the_disk_runs_full) {
  const TestFolder folder;
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  using std::chrono::hours;
  const auto aged = [&](const fs::path& file, hours age) {
    if (!fs::exists(file)) put(file, "x");
    fs::last_write_time(file, fs::file_time_type::clock::now() - age);
    return file;
  };
  const auto plain = aged(folder.path() / "recordings/a/1.mkv", hours(90)), meant = aged(folder.path() / "recordings/a/2.mkv", hours(80)),
             fresh = aged(folder.path() / "recordings/a/3.mkv", hours(1));
  aged(folder.path() / "recordings/a/4.mkv", hours(0));
  reference(folder.path(), "a", "2.mkv", "an event");
  const auto refused = aged(folder.path() / "refused/1.json", hours(24 * 31)), refused_now = aged(folder.path() / "refused/2.json", hours(1));
  const KeeperLimits limits{hours(72), hours(24 * 30), 1000};
  EXPECT_EQ(2U, keep(folder.path(), limits, now, plenty).expired);
  EXPECT_FALSE(fs::exists(plain) || fs::exists(refused));
  EXPECT_TRUE(fs::exists(meant) && fs::exists(refused_now));
  EXPECT_EQ(2U, keep(folder.path(), limits, now, nothing).sacrificed);
  EXPECT_FALSE(fs::exists(meant) || fs::exists(fresh));
  aged(folder.path() / "recordings/a/2.mkv", hours(80));
  aged(reference_of(folder.path(), "a", "2.mkv"), hours(24 * 31));
  EXPECT_EQ(2U, keep(folder.path(), limits, now, plenty).expired) << "no longer than the event itself";
}

TEST(Keeper, a_segment_that_a_kill_tore_off_is_adopted_and_stays_while_an_event_names_it) {
  const TestFolder folder;
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  using std::chrono::hours;
  put(folder.path() / "recordings/a/1.mkv.part", "x");
  reference(folder.path(), "a", "1.mkv", "an event");
  EXPECT_EQ(reference_of(folder.path(), "a", "1.mkv"), reference_of(folder.path(), "a", "1.mkv.part"));
  put(folder.path() / "recordings/a/3.mkv", "x");
  put(folder.path() / "recordings/a/3.mkv.part", "x");
  EXPECT_EQ(1U, adopt_torn(folder.path()));
  EXPECT_TRUE(fs::exists(folder.path() / "recordings/a/1.mkv"));
  EXPECT_FALSE(fs::exists(folder.path() / "recordings/a/1.mkv.part"));
  EXPECT_TRUE(fs::exists(folder.path() / "recordings/a/3.mkv.part")) << "never over another";
  fs::last_write_time(folder.path() / "recordings/a/1.mkv", fs::file_time_type::clock::now() - hours(80));
  keep(folder.path(), {hours(72), hours(24 * 30), 1000}, now, plenty);
  EXPECT_TRUE(fs::exists(folder.path() / "recordings/a/1.mkv"));
}

TEST(Keeper, what_was_written_before_the_clock_was_right_is_not_old) {
  const TestFolder folder;
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const auto in_1970 = [&](const std::string& name) {
    put(folder.path() / name, "x");
    fs::last_write_time(folder.path() / name, fs::file_time_type::clock::from_sys(std::chrono::sys_seconds(std::chrono::seconds(40))));
    return folder.path() / name;
  };
  const auto event = in_1970("events/a/fall.jpg"), recording = in_1970("recordings/a/1.mkv");
  in_1970("recordings/a/2.mkv");
  const KeeperLimits limits{std::chrono::hours(72), std::chrono::hours(24 * 30), 1000};
  EXPECT_EQ(0U, keep(folder.path(), limits, now, plenty).expired);
  EXPECT_TRUE(fs::exists(event) && fs::exists(recording));
  EXPECT_EQ(2U, keep(folder.path(), limits, now + std::chrono::hours(24 * 29), plenty).expired) << "its days begin now; recordings have had theirs";
  EXPECT_TRUE(fs::exists(event));
  EXPECT_EQ(1U, keep(folder.path(), limits, now + std::chrono::hours(24 * 31), plenty).expired);
}

TEST(Keeper, the_last_recording_of_a_camera_that_left_goes_in_its_time) {
  const TestFolder folder;
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  using std::chrono::hours;
  put(folder.path() / "recordings/left/1.mkv", "x");
  put(folder.path() / "recordings/stays/1.mkv", "x");
  fs::last_write_time(folder.path() / "recordings/left/1.mkv", fs::file_time_type::clock::now() - hours(80));
  EXPECT_EQ(1U, keep(folder.path(), {hours(72), hours(24 * 30), 1000}, now, plenty).expired);
  EXPECT_FALSE(fs::exists(folder.path() / "recordings/left/1.mkv"));
  EXPECT_EQ(0U, keep(folder.path(), {hours(72), hours(24 * 30), 1000}, now, nothing).sacrificed) << "one that is being written";
  EXPECT_EQ(1U, keep(folder.path(), {hours(72), hours(24 * 30), 1000}, now + std::chrono::minutes(3), nothing).sacrificed);
}

TEST(Keeper, gives_up_films_first_and_stills_when_half_of_the_floor_is_gone) {
  Room room;
  room.set({0, 0, false}, 100, 80);
  EXPECT_TRUE(room.for_films && room.for_stills);
  room.set({0, 5, true}, 60, 80);
  EXPECT_FALSE(room.for_films);
  EXPECT_TRUE(room.for_stills);
  room.set({0, 0, true}, 39, 80);
  EXPECT_FALSE(room.for_stills);
  room.set({0, 0, false}, 100, 80);
  EXPECT_TRUE(room.for_films && room.for_stills) << "room again";
}

TEST(Keeper, a_file_is_replaced_whole_or_stays_what_it_was) {
  const TestFolder folder;
  const fs::path file = folder.path() / "status.json";
  const auto text = [&] {
    std::ifstream in(file);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  EXPECT_TRUE(write_whole(file, "first"));
  // Writes to /dev/full find no room, as on a disk without any.
  fs::create_symlink("/dev/full", file.string() + ".part");
  EXPECT_FALSE(write_whole(file, "second"));
  EXPECT_EQ(text(), "first");
  EXPECT_TRUE(write_whole(file, "third")) << "nothing of the failure is left in the way";
  EXPECT_EQ(text(), "third");
}

TEST(Evidence, two_of_one_instant_have_two_names_and_two_pictures) {
  const TestFolder folder;
  EventNames names;
  const Time at = from_ms(1'767'225'600'000);
  const std::string first = names.next("gate", "plate", at), second = names.next("gate", "plate", at);
  EXPECT_EQ("events/gate/2026-01-01T00-00-00.000Z-plate", first);
  EXPECT_EQ(first + "-2", second);
  EXPECT_EQ(first + "-3", names.next("gate", "plate", at));
  EXPECT_EQ("events/gate/2026-01-01T00-00-00.000Z-fall", names.next("gate", "fall", at));
  EXPECT_EQ("events/gate/2026-01-01T00-00-00.001Z-plate", names.next("gate", "plate", at + Duration{1}));
  EXPECT_TRUE(write_still(folder.path() / (first + ".jpg"), cv::Mat(9, 9, CV_8UC3, cv::Scalar::all(9))));
  // Writes to /dev/full find no room: there is then no half of a picture.
  fs::create_symlink("/dev/full", folder.path() / (second + ".jpg.part"));
  EXPECT_FALSE(write_still(folder.path() / (second + ".jpg"), cv::Mat(9, 9, CV_8UC3, cv::Scalar::all(9))));
  EXPECT_FALSE(fs::exists(folder.path() / (second + ".jpg")));
}

TEST(Evidence, names_every_segment_in_which_something_lies) {
  const Segments segments{{0, "a"}, {60, "b"}, {120, "c"}, {180, "d"}, {240, "e"}, {300, "f"}};
  EXPECT_EQ((std::vector<std::string>{"b", "c", "d", "e", "f"}), segments_over(segments, 61, 305)) << "a blocked lane of four minutes";
  EXPECT_EQ((std::vector<std::string>{"c"}), segments_over(segments, 125, 126));
  EXPECT_EQ((std::vector<std::string>{"f"}), segments_over(segments, 400, 401));
  EXPECT_EQ((std::vector<std::string>{"a"}), segments_over(segments, -90, -80)) << "before all that is left: the oldest";
  EXPECT_TRUE(segments_over({}, 1, 2).empty());
}

TEST(FolderLock, refuses_a_second_program_on_one_folder) {
  const TestFolder folder;
  {
    const FolderLock alone(folder.path());
    EXPECT_THROW(FolderLock(folder.path()), Refusal);
  }
  EXPECT_NO_THROW(FolderLock(folder.path()));
}

TEST(Messenger, spells_a_detection_as_the_porch_reads_it) {
  Letter letter;
  letter.ts = 1'767'225'600'000;
  letter.kind = "falling_object";
  letter.confidence = 0.93;
  letter.attributes.text = R"({"floor":12})";
  EXPECT_EQ(R"({"ts":1767225600000,"kind":"falling_object","confidence":0.93,"attributes":{"floor":12}})", detection_of(letter));
  letter.clip_file = "file_1";
  letter.still_file = "file_2";
  EXPECT_TRUE(detection_of(letter).ends_with(R"("file":"file_2"})"));
}

TEST(Messenger, keeps_letters_on_disk_while_the_node_is_away) {
  const TestFolder folder;
  FakeWorld fake;
  Letter letter;
  letter.kind = "dropped_bag";
  {
    Messenger messenger(fake.world, folder.path(), "http://127.0.0.1:1", false);
    EXPECT_TRUE(messenger.post(letter));
    EXPECT_EQ(1U, messenger.waiting());
  }
  const Messenger again(fake.world, folder.path(), "http://127.0.0.1:1", false);
  EXPECT_EQ(1U, again.waiting()) << "a restart forgets nothing";
  EXPECT_EQ(0U, again.sent());
}

TEST(Messenger, keeps_letters_in_memory_while_the_disk_has_no_room) {
  const TestFolder folder;
  FakeWorld fake;
  Letter letter;
  letter.kind = "dropped_bag";
  Messenger messenger(fake.world, folder.path(), "http://127.0.0.1:1", false);
  fs::remove_all(folder.path() / "outbox");
  put(folder.path() / "outbox", "a file where the folder ought to be");
  EXPECT_FALSE(messenger.post(letter));
  EXPECT_EQ(1U, messenger.waiting());
  EXPECT_EQ(0U, messenger.lost());
  for (int i = 0; i < 1000; ++i) messenger.post(letter);
  EXPECT_EQ(1U, messenger.lost()) << "memory is bounded, and what goes is counted";
}

}  // namespace
}  // namespace lifang::vision
