// The second look taught on drawn rides, from labelled folder to model file. Drawn: it proves the way, not how it fares with real lifts.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "base/refusal.hpp"
#include "support/test_folder.hpp"
#include "vision/commands/gather.hpp"
#include "vision/commands/learn.hpp"
#include "vision/judges/second_look.hpp"
#include "vision/sim_lift.hpp"
#include "vision/sim_node.hpp"

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;

/// Where a load stands once it is in: as far as the film shows, what the detector would box.
const cv::Rect2f kStands(140, 300, 400, 245);

/// `count` pictures of a ride while it stands there.
std::vector<cv::Mat> ride(std::uint64_t seed, sim::Load load, int count) {
  sim::LiftFilm film(seed, 9, {{load, 0, 9}});
  std::vector<cv::Mat> out;
  cv::Mat picture;
  for (double seconds = 0; film.next(seconds, picture) && static_cast<int>(out.size()) < count;)
    if (seconds >= 2) out.push_back(picture.clone());
  return out;
}

void put(const fs::path& folder, const std::vector<cv::Mat>& pictures, const std::string& name, const std::string& beside) {
  fs::create_directories(folder);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const fs::path at = folder / (name + std::to_string(i));
    cv::imwrite(at.string() + ".jpg", pictures[i]);
    if (!beside.empty()) std::ofstream(at.string() + ".json") << beside;
  }
}

const std::string kBeside = R"({"box":[140,300,400,245]})";

void draw_site(const fs::path& at, int lifts, int days, int each) {
  std::uint64_t seed = 1;
  for (int lift = 0; lift < lifts; ++lift)
    for (int day = 0; day < days; ++day, ++seed) {
      const fs::path where = fs::path("lift-" + std::to_string(lift)) / ("2026-11-1" + std::to_string(day));
      put(at / "ebike" / where, ride(seed, sim::Load::bicycle, each), "b", kBeside);
      put(at / "other" / where, ride(seed + 100, sim::Load::suitcase, each - each / 2), "s", kBeside);
      put(at / "other" / where, ride(seed + 200, sim::Load::person, each / 2), "p", kBeside);
    }
}

/// What was printed, or the refusal.
std::string learned(const LearnWords& words) {
  std::FILE* out = std::tmpfile();
  std::string said;
  try {
    learn_ebike(words, out);
    std::rewind(out);
    for (int c = 0; (c = std::fgetc(out)) != EOF;) said.push_back(static_cast<char>(c));
  } catch (const Refusal& refusal) {
    said = refusal.code + " " + refusal.field + ": " + refusal.detail;
  }
  std::fclose(out);
  return said;
}

TEST(SecondLookLearning, tells_drawn_bicycles_from_other_loads_on_rides_it_never_saw) {
  const TestFolder folder;
  draw_site(folder.path() / "site", 3, 3, 7);
  const fs::path file = folder.path() / "second.json";
  // Crops would do without a detector too, but here the boxes stand beside the pictures, as they do when they are fetched.
  LearnWords words{folder.path() / "site", file, {}, false};
  if (!fs::exists(fs::path(LIFANG_BINARY_DIR) / "models/nanodet.onnx")) GTEST_SKIP() << "no models; run vision/setup";
  const std::string said = learned(words);
  EXPECT_TRUE(said.starts_with("pictures: 63 of e-bikes, 63 of others, 3 lifts, 3 days")) << said;
  EXPECT_NE(std::string::npos, said.find("decides nothing until")) << said;
  const SecondLook look = SecondLook::load(file);
  EXPECT_TRUE(look.learned().other_lifts);
  EXPECT_GE(look.learned().table.hit, 57);
  EXPECT_GE(look.learned().table.quiet, 57);
  for (std::uint64_t seed = 901; seed <= 904; ++seed) {
    EXPECT_GE(look.score(ride(seed, sim::Load::bicycle, 1)[0], kStands), look.threshold()) << seed;
    EXPECT_LT(look.score(ride(seed, sim::Load::suitcase, 1)[0], kStands), look.threshold()) << seed;
  }
}

TEST(SecondLookLearning, refuses_a_folder_that_is_off_and_too_few_pictures) {
  const TestFolder folder;
  LearnWords words{folder.path() / "site", folder.path() / "second.json", {}, true};
  EXPECT_TRUE(learned(words).starts_with("vision.path")) << learned(words);
  draw_site(folder.path() / "site", 1, 2, 2);
  EXPECT_TRUE(learned(words).starts_with("vision.too_few : needs 60 pictures of e-bikes")) << learned(words);
  EXPECT_FALSE(fs::exists(words.out)) << "nothing is written";
  put(folder.path() / "site/ebike/lift-0", ride(5, sim::Load::bicycle, 1), "x", "");
  EXPECT_NE(std::string::npos, learned(words).find("days and lifts must be held apart")) << learned(words);
  fs::remove_all(folder.path() / "site");
  put(folder.path() / "site/ebike/lift-0/2026-11-31", ride(5, sim::Load::bicycle, 1), "x", "");
  EXPECT_NE(std::string::npos, learned(words).find("with a day like")) << "no such day";
}

/// What gathering from a node says that answers its cases, a situation and a detection like this.
std::string gathered(const std::string& cases, const std::string& situation, const std::string& detection) {
  const TestFolder folder;
  sim::Node node([&](const sim::Node::Asked& asked) -> std::pair<int, std::string> {
    if (asked.path.find("/cases") != std::string::npos) return {200, cases};
    if (asked.path.find("/situations/") != std::string::npos) return {200, situation};
    if (asked.path.find("/detections/") != std::string::npos) return {200, detection};
    return {404, "{}"};
  });
  GatherWords words;
  words.node = node.url();
  words.to = folder.path() / "site";
  std::FILE* nowhere = std::fopen("/dev/null", "w");
  std::string out;
  try {
    gather(words, "a-token", nowhere);
  } catch (const Refusal& refusal) {
    out = refusal.code + ": " + refusal.detail;
  }
  std::fclose(nowhere);
  return out;
}

TEST(SecondLookLearning, a_node_that_answers_something_else_is_refused_with_its_reason) {
  const std::string one = R"({"items":[{"ending":"solved","situation":"sit_1","device":"lift-3"}]})", raised = R"({"evidence":[{"detection_id":"det_1"}]})";
  EXPECT_EQ("vision.gather: the node's answer has no list of objects \"items\"", gathered("{}", raised, "{}"));
  EXPECT_EQ("vision.gather: the node's answer has no list of objects \"items\"", gathered(R"({"items":[5]})", raised, "{}"));
  EXPECT_EQ("vision.gather: the node's answer has no list of objects \"evidence\"", gathered(one, R"({"evidence":{}})", "{}"));
  EXPECT_EQ("", gathered(one, raised, R"({"id":"det_1","file":"file_1","ts":9223372036854775807})")) << "no time of ours: a case without a picture";
  EXPECT_EQ("", gathered(one, raised, R"({"id":"det_1","file":"../../accounts","ts":1767225600000})")) << "no name of a file";
}

}  // namespace
}  // namespace lifang::vision
