// What lies under a privacy mask is in no still, no clip and no export.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "base/secret.hpp"
#include "support/fake_world.hpp"
#include "support/test_folder.hpp"
#include "vision/commands/hand_out.hpp"
#include "vision/serve/darkroom.hpp"
#include "vision/serve/exporter.hpp"
#include "vision/serve/mask_log.hpp"
#include "vision/serve/watch.hpp"
#include "vision/sim_clip.hpp"
#include "vision/sim_facade.hpp"
#include "vision/watch_bench.hpp"

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;

constexpr double black = 28;    // what coding leaves of black; a window is above 100
constexpr int edge_pixels = 9;  // blocks of the coding that lie across the edge carry what stands beside the mask

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The brightest pixel that lies under the mask. The film is grey: its green says it all, and the red track is not in it.
double brightest(const cv::Mat& picture, const Polygon& mask) {
  cv::Mat grey, where = cv::Mat::zeros(picture.size(), CV_8U);
  cv::extractChannel(picture, grey, 1);
  cv::fillPoly(where, std::vector<std::vector<cv::Point>>{pixels_of(mask)}, cv::Scalar(255));
  cv::erode(where, where, cv::getStructuringElement(cv::MORPH_RECT, {2 * edge_pixels + 1, 2 * edge_pixels + 1}));
  double most = 0;
  cv::minMaxLoc(grey, nullptr, &most, nullptr, nullptr, where);
  return most;
}

double brightest(const fs::path& clip, const Polygon& mask, int* pictures = nullptr) {
  Clip film(clip.string());
  double most = 0;
  for (double seconds = 0; film.next(seconds);) {
    most = std::max(most, brightest(film.bgr(), mask));
    if (pictures != nullptr) ++*pictures;
  }
  return most;
}

const Polygon left_part{{40, 60}, {400, 40}, {430, 400}, {60, 420}};

/// A camera before a façade of 10 s, watched once; what it wrote stays in the folder.
ServeWords watched(const TestFolder& folder, const View& extra) {
  sim::FacadeFilm film(1);
  sim::ClipWriter writer(folder.path() / "facade.mp4", film.film().size, 25);
  cv::Mat grey;
  for (double seconds = 0; film.next(seconds, grey);) writer.write(grey);
  writer.finish();
  ServeWords words;
  words.folder = (folder.path() / "eyes").string();
  words.segment_s = 4;
  CameraWords camera;
  camera.id = "facade";
  camera.token = "t";
  camera.source = (folder.path() / "facade.mp4").string();
  camera.judge = {Judgement::falling};
  camera.view = extra;
  const Facade& f = film.film().facade;
  camera.view.facade = FacadeWords{{}, f.floors, f.columns, f.floor_height_m, f.column_width_m};
  for (const cv::Point2f& c : f.corners) camera.view.facade->corners.push_back({static_cast<double>(c.x), static_cast<double>(c.y)});
  words.cameras = {camera};

  Hurrying clock;
  FakeWorld fake;
  const World world{clock, fake.world.ids};
  Looks looks;
  Messenger messenger(world, words.folder, "http://127.0.0.1:1", false);
  Darkroom darkroom(words.folder);
  const Room room;
  const auto watch = std::make_shared<Watch>(Surroundings{world, words.folder, 4, 2, 4, 20, 480, looks, messenger, darkroom, room}, camera);
  watch->start();
  const auto told = [&] {
    std::size_t out = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(words.folder) / "outbox")) out += entry.path().extension() == ".json";
    return out;
  };
  while (watch->state().state != "ended" || told() < watch->state().events) std::this_thread::yield();
  return words;
}

Letter letter_of(const ServeWords& words) {
  for (const auto& entry : fs::directory_iterator(fs::path(words.folder) / "outbox"))
    if (entry.path().extension() == ".json") return from_json<Letter>(text_of(entry.path()));
  return {};
}

ExportWords all_of(const TestFolder& folder, const std::string& out) {
  return {"facade", from_ms(1'767'225'600'000), from_ms(1'767'225'600'000 + 3'600'000), "guard Li", "case 12", folder.path() / out};
}

TEST(Masks, leave_nothing_in_still_clip_and_export) {
  const TestFolder folder;
  View view;
  view.masks = {left_part};
  ServeWords words = watched(folder, view);
  const fs::path eyes = words.folder;
  ASSERT_GT(brightest(folder.path() / "facade.mp4", left_part), 100) << "there was something to hide";

  const Letter letter = letter_of(words);
  ASSERT_TRUE(letter.still && letter.clip) << "a masked camera gives a clip too";
  EXPECT_LT(brightest(cv::imread((eyes / *letter.still).string()), left_part), black);
  int pictures = 0;
  EXPECT_LT(brightest(eyes / *letter.clip, left_part, &pictures), black);
  EXPECT_GT(pictures, 50);
  EXPECT_GT(brightest(eyes / *letter.clip, {{500, 40}, {900, 40}, {900, 500}, {500, 500}}), 100) << "the rest is there";

  // The mask goes away afterwards: what was private on that day stays private.
  words.cameras[0].view.masks.clear();
  FakeWorld fake;
  const Manifest manifest = export_recordings(fake.world, words, all_of(folder, "handed"));
  ASSERT_FALSE(manifest.files.empty());
  EXPECT_TRUE(manifest.masked);
  pictures = 0;
  for (const ExportedFile& file : manifest.files) EXPECT_LT(brightest(folder.path() / "handed" / file.name, left_part, &pictures), black);
  EXPECT_EQ(250, pictures) << "every picture is handed out";
  for (const auto& entry : fs::directory_iterator(folder.path() / "handed")) EXPECT_NE(".mkv", entry.path().extension()) << "never the recorder's own";
}

TEST(Hours, outside_of_them_a_camera_records_and_tells_nothing) {
  const TestFolder folder;
  View view;
  view.hours = {{Judgement::falling, "20:00", "22:00", {}}};  // the film, in which something falls, is shown at eight in the morning
  const ServeWords words = watched(folder, view);
  const fs::path eyes = words.folder;
  EXPECT_TRUE(!fs::exists(eyes / "outbox") || fs::is_empty(eyes / "outbox"));
  EXPECT_FALSE(fs::is_empty(eyes / "recordings/facade"));
}

TEST(Masks, do_not_even_show_in_the_bytes) {
  // Two films that differ under the mask alone become one and the same clip.
  const TestFolder folder;
  const std::vector<std::vector<cv::Point>> masks{{{20, 10}, {90, 20}, {80, 70}, {10, 60}}};
  for (const int secret : {0, 1}) {
    Encoder encoder(folder.path() / fmt::format("{}.mp4", secret), {160, 96}, 25);
    cv::RNG chance(7);
    for (int i = 0; i < 50; ++i) {
      cv::Mat picture(96, 160, CV_8UC3);
      chance.fill(picture, cv::RNG::UNIFORM, 0, 255);
      if (secret == 1) cv::fillPoly(picture, masks, cv::Scalar(i * 5, 200, 10));
      hide(picture, masks);
      ASSERT_TRUE(encoder.write(picture, i / 25.0));
    }
    ASSERT_TRUE(encoder.finish());
  }
  EXPECT_EQ(text_of(folder.path() / "0.mp4"), text_of(folder.path() / "1.mp4"));
}

TEST(Masks, fit_a_stream_of_another_size) {
  View view;
  view.size = {1920, 1080};
  view.masks = {{{960, 540}, {1920, 540}, {1920, 1080}}};
  const View small = fitted(view, {640, 360});
  EXPECT_EQ((Polygon{{320, 180}, {640, 180}, {640, 360}}), small.masks[0]);
  EXPECT_EQ((std::vector<std::int64_t>{640, 360}), small.size);
  view.size.clear();
  EXPECT_EQ(view.masks, fitted(view, {640, 360}).masks) << "without a size they lie as they are";
}

TEST(Masks, without_a_size_lie_on_the_size_that_the_stream_had_first) {
  const TestFolder folder;
  View view;
  view.masks = {{{100, 100}, {200, 100}, {200, 200}}};
  EXPECT_EQ((std::vector<std::int64_t>{704, 576}), with_first_size(folder.path(), "a", view, {704, 576}).size);
  const View later = fitted(with_first_size(folder.path(), "a", view, {352, 288}), {352, 288});
  EXPECT_EQ((Polygon{{50, 50}, {100, 50}, {100, 100}}), later.masks.at(0)) << "the camera was set to another size";
  EXPECT_EQ(view.masks, fitted(with_drawn_size(folder.path(), "a", view), {704, 576}).masks) << "an export of the first days";
  note_masks(folder.path(), "a", from_ms(0), later);
  EXPECT_EQ((Polygon{{100, 100}, {200, 100}, {200, 200}}), masks_between(folder.path(), "a", from_ms(0), from_ms(1), {704, 576}).at(0));
  view.masks[0][0] = {90, 90};
  EXPECT_EQ((std::vector<std::int64_t>{352, 288}), with_first_size(folder.path(), "a", view, {352, 288}).size) << "drawn anew";
}

TEST(Masks, a_first_size_that_is_none_counts_as_none) {
  const TestFolder folder;
  View view;
  view.masks = {{{100, 100}, {200, 100}, {200, 200}}};
  fs::create_directories(folder.path() / "masks");
  std::ofstream(folder.path() / "masks/a.size") << R"({"size":[0,0],"masks":[[[100,100],[200,100],[200,200]]]})";
  EXPECT_EQ((std::vector<std::int64_t>{704, 576}), with_first_size(folder.path(), "a", view, {704, 576}).size);
}

TEST(Masks, hide_all_that_they_enclose_also_where_their_sides_cross) {
  // A five-pointed star: by even and odd its middle would be bare.
  const Polygon star{{50, 5}, {79, 95}, {4, 39}, {96, 39}, {21, 95}};
  cv::Mat picture(100, 100, CV_8UC3, cv::Scalar::all(200));
  hide(picture, mask_pixels({star}));
  EXPECT_EQ(0, picture.at<cv::Vec3b>(50, 50)[0]);
  const Polygon plain{{10, 10}, {60, 10}, {60, 60}, {35, 20}, {10, 60}};
  EXPECT_EQ(pixels_of(std::vector<Polygon>{plain}), mask_pixels({plain})) << "one that only bends inwards is as it was drawn";
}

TEST(Masks, are_remembered_by_day) {
  const TestFolder folder;
  View view;
  const Polygon first{{0, 0}, {9, 0}, {9, 9}}, second{{0, 0}, {5, 0}, {5, 5}};
  EXPECT_TRUE(note_masks(folder.path(), "a", from_ms(1000), view)) << "nothing to remember";
  EXPECT_FALSE(fs::exists(folder.path() / "masks/a.jsonl"));
  view.masks = {first};
  note_masks(folder.path(), "a", from_ms(2000), view);
  note_masks(folder.path(), "a", from_ms(3000), view);
  view.masks = {second};
  note_masks(folder.path(), "a", from_ms(4000), view);
  view.masks.clear();
  note_masks(folder.path(), "a", from_ms(5000), view);
  const auto between = [&](int from, int to) { return masks_between(folder.path(), "a", from_ms(from), from_ms(to), {100, 100}).size(); };
  EXPECT_EQ(0U, between(0, 1999));
  EXPECT_EQ(1U, between(2500, 2600));
  EXPECT_EQ(2U, between(3500, 4500));
  EXPECT_EQ(0U, between(5001, 9000));
  std::ofstream(folder.path() / "masks/a.jsonl", std::ios::app) << "{torn";
  EXPECT_THROW(between(2500, 2600), Refusal) << "better no export than a bare one";
  for (const char* masks : {"[[[1],[2],[3]]]", "[[[0,0],[9,0]]]", "[[[0,0],[9,0],[9,1e12]]]"}) {
    std::ofstream(folder.path() / "masks/b.jsonl") << R"({"from":"2026-01-01T00:00:00Z","size":[100,100],"masks":)" << masks << "}\n";
    EXPECT_THROW(masks_between(folder.path(), "b", from_ms(0), from_ms(4'000'000'000'000), {100, 100}), Refusal) << masks;
  }
  view.masks = {first};
  EXPECT_TRUE(note_masks(folder.path(), "a", from_ms(9000), view));
  EXPECT_NE(std::string::npos, text_of(folder.path() / "masks/a.jsonl").find("{torn\n{")) << "a torn line tears no other";
}

/// Segments of four seconds, as a clock that does not hurry would have named them.
void rename_segments(const fs::path& recordings) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(recordings)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (std::size_t i = 0; i < files.size(); ++i)
    fs::rename(files[i], recordings / (file_time(from_ms(1'767'225'600'000 + static_cast<std::int64_t>(i) * 4000)) + ".mkv"));
}

/// A clip and the manifest that vouches for it, both altered by the same hand; then the log too.
void check_what_is_altered_together(const fs::path& folder, const fs::path& log) {
  Manifest manifest = from_json<Manifest>(text_of(folder / "manifest.json"));
  std::ofstream(folder / manifest.files[0].name, std::ios::app) << "x";
  manifest.files[0].sha256 = sha256_hex(text_of(folder / manifest.files[0].name));
  std::ofstream(folder / "manifest.json") << to_json(manifest) << "\n";
  EXPECT_EQ((std::vector<std::string>{"manifest.json is not as exports.jsonl has it"}), check_export(folder, log));
  Manifest longer = manifest;
  longer.files[0].name = std::string(5000, 'x');
  std::ofstream(folder / "manifest.json") << to_json(longer) << "\n";
  EXPECT_EQ(3U, check_export(folder, log).size()) << "a name that no disk takes is a file that is missing, and the clip is in no manifest";
  std::ofstream(folder / "manifest.json") << to_json(manifest) << "\n";
  std::string lines = text_of(log);
  lines.replace(lines.find("guard Li"), 8, "guard Hu");
  std::ofstream(log) << lines;
  EXPECT_EQ(2U, check_export(folder, log).size()) << "a line that was altered breaks the chain";
}

TEST(Export, covers_what_was_drawn_in_the_console_and_is_its_owners_alone) {
  const TestFolder folder;
  ServeWords words = watched(folder, {});
  const fs::path config = folder.path() / "eyes.toml";
  std::ofstream(config) << fmt::format("folder = '{}'\n[[cameras]]\nid = 'facade'\ntoken = 't'\nsource = 'x'\n", words.folder);
  fs::create_directories(fs::path(words.folder) / "views");
  const fs::path drawn = fs::path(words.folder) / "views/facade.json";
  std::ofstream(drawn) << fmt::format(R"({{"masks":[[[40,60],[400,40],[430,400],[60,420]]]}})");
  HandOutWords asked{config, "facade", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "guard Li", "case 12", folder.path() / "handed"};
  hand_out(asked);
  int files = 0;
  for (const auto& entry : fs::directory_iterator(asked.out)) {
    EXPECT_EQ(fs::perms::none, fs::status(entry).permissions() & (fs::perms::group_all | fs::perms::others_all)) << entry.path();
    if (entry.path().extension() != ".mp4") continue;
    ++files;
    EXPECT_LT(brightest(entry.path(), left_part), black);
  }
  EXPECT_GT(files, 0);
  EXPECT_EQ(0, check_handed_out(asked.out, config));
  std::ofstream(drawn) << R"({"masks":[[[40,)";
  asked.out = folder.path() / "again";
  EXPECT_THROW(hand_out(asked), Refusal) << "better no export than a bare one";
  EXPECT_FALSE(fs::exists(asked.out));
}

TEST(Export, copies_a_camera_without_masks_and_names_who_asked) {
  const TestFolder folder;
  const ServeWords words = watched(folder, {});
  rename_segments(fs::path(words.folder) / "recordings/facade");
  FakeWorld fake;
  const Manifest manifest = export_recordings(fake.world, words, all_of(folder, "one"));
  EXPECT_FALSE(manifest.masked);
  EXPECT_EQ("guard Li", manifest.asked_by);
  std::ifstream log(fs::path(words.folder) / "exports.jsonl");
  std::string asked_line, done_line;
  std::getline(log, asked_line);
  std::getline(log, done_line);
  EXPECT_EQ("", from_json<Manifest>(asked_line).previous);
  EXPECT_TRUE(from_json<Manifest>(asked_line).files.empty()) << "who asks is written down before anything is made";
  EXPECT_EQ(to_json(manifest), done_line);
  ASSERT_EQ(1U, manifest.files.size()) << "segments without a hole are one file";
  EXPECT_EQ(3U, manifest.files[0].segments.size());
  int pictures = 0;
  brightest(folder.path() / "one" / manifest.files[0].name, left_part, &pictures);
  EXPECT_EQ(250, pictures);
  const fs::path log_file = fs::path(words.folder) / "exports.jsonl";
  EXPECT_TRUE(check_export(folder.path() / "one", log_file).empty());
  EXPECT_FALSE(export_recordings(fake.world, words, all_of(folder, "two")).previous.empty()) << "the log is a chain";

  std::ofstream(log_file, std::ios::app) << R"({"camera":"fac)";  // a power cut
  std::ofstream(fs::path(words.folder) / "recordings/facade/2026-01-01T00-00-20.000Z.mkv") << "nothing that can be read";
  const Manifest after = export_recordings(fake.world, words, all_of(folder, "after a cut"));
  EXPECT_EQ((std::vector<std::string>{"2026-01-01T00-00-20.000Z.mkv"}), after.left_out) << "whoever gets it must know that there is a hole";
  EXPECT_TRUE(check_export(folder.path() / "after a cut", log_file).empty()) << "the torn line stays in the chain";

  std::ofstream(folder.path() / "one" / manifest.files[0].name, std::ios::app) << "x";
  std::ofstream(folder.path() / "one/more.mp4") << "x";
  EXPECT_EQ(2U, check_export(folder.path() / "one", log_file).size()) << "an altered file and one that nobody exported";
  check_what_is_altered_together(folder.path() / "two", log_file);

  const auto refusal_of = [&](const ExportWords& asked) {
    try {
      export_recordings(fake.world, words, asked);
    } catch (const Refusal& refusal) {
      return refusal.code + refusal.field;
    }
    return std::string();
  };
  ExportWords asked = all_of(folder, "three");
  asked.reason = "";
  EXPECT_EQ("vision.export/reason", refusal_of(asked));
  asked = all_of(folder, "one");
  EXPECT_EQ("vision.export/out", refusal_of(asked));
  asked = all_of(folder, "three");
  asked.camera = "../facade";
  EXPECT_EQ("vision.export/camera", refusal_of(asked));
  asked = all_of(folder, "three");
  asked.from = from_ms(0);
  asked.to = from_ms(1000);
  EXPECT_EQ("vision.nothing_recorded", refusal_of(asked));
}

}  // namespace
}  // namespace lifang::vision
