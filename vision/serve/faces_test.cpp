// Faces at a gate: what is kept of them and for how long, and what a gate camera tells.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <opencv2/imgcodecs.hpp>

#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "support/fake_world.hpp"
#include "support/test_folder.hpp"
#include "vision/commands/faces.hpp"
#include "vision/serve/watch.hpp"
#include "vision/sim_clip.hpp"
#include "vision/sim_gate.hpp"
#include "vision/soon.hpp"

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;

/// A print of nobody: apart from each other by 0.2 a step.
std::vector<float> print_at(int step) {
  std::vector<float> out(face_print_size, 0.1F);
  out[static_cast<std::size_t>(step) % face_print_size] += 0.2F * static_cast<float>(step);
  return out;
}

std::string bytes_of_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Cabinet {
  TestFolder folder;
  FakeWorld fake;
  FaceBook book{fake.world, folder.path() / "eyes"};
  Time in_days(int days) { return fake.clock.now() + std::chrono::hours(24 * days); }
  std::string enrol(int step, const std::string& consent = "consent-7", int days = 100) {
    return book.enrol({print_at(step)}, consent, in_days(days), "guard Li");
  }
  fs::path file_of(const std::string& id) { return folder.path() / "eyes/faces" / (id + ".face"); }
  std::string refusal(const std::function<void()>& doing) {
    try {
      doing();
    } catch (const Refusal& refused) {
      return refused.code + " " + refused.field;
    }
    return "";
  }
};

TEST(FaceBook, knows_whom_it_was_given_and_nobody_else) {
  Cabinet cabinet;
  EXPECT_FALSE(cabinet.book.match(print_at(5), 0.45));
  const std::string a = cabinet.enrol(5), b = cabinet.enrol(40);
  ASSERT_TRUE(cabinet.book.match(print_at(5), 0.45));
  EXPECT_EQ(a, cabinet.book.match(print_at(5), 0.45)->id);
  EXPECT_NEAR(0, cabinet.book.match(print_at(5), 0.45)->distance, 1e-6);
  EXPECT_EQ(b, cabinet.book.match(print_at(40), 0.45)->id);
  EXPECT_FALSE(cabinet.book.match(print_at(20), 0.45)) << "a stranger";
  FaceBook another(cabinet.fake.world, cabinet.folder.path() / "eyes");
  EXPECT_EQ(a, another.match(print_at(5), 0.45)->id) << "after a restart";
}

TEST(FaceBook, keeps_no_template_that_its_log_does_not_know) {
  Cabinet cabinet;
  fs::create_directories(cabinet.folder.path() / "eyes/faces.jsonl");  // the disk refuses the line
  EXPECT_EQ("vision.folder ", cabinet.refusal([&] { cabinet.enrol(5); }));
  EXPECT_TRUE(cabinet.book.list().empty());
}

TEST(FaceBook, does_not_choose_between_two_that_are_equally_near) {
  Cabinet cabinet;
  auto left = print_at(0), right = print_at(0), between = print_at(0);
  left[3] -= 0.2F;
  right[3] += 0.2F;
  cabinet.book.enrol({left}, "c", cabinet.in_days(9), "Li");
  cabinet.book.enrol({right}, "d", cabinet.in_days(9), "Li");
  EXPECT_FALSE(cabinet.book.match(between, 0.45));
  EXPECT_TRUE(cabinet.book.match(left, 0.45));
}

TEST(FaceBook, keeps_nothing_in_the_clear_and_nothing_that_others_may_read) {
  Cabinet cabinet;
  const std::string id = cabinet.enrol(5, "consent-of-wang");
  const std::string bytes = bytes_of_file(cabinet.file_of(id)), log = bytes_of_file(cabinet.folder.path() / "eyes/faces.jsonl");
  EXPECT_EQ(std::string::npos, bytes.find("wang"));
  EXPECT_EQ(std::string::npos, bytes.find("prints"));
  EXPECT_EQ(std::string::npos, log.find("wang"));
  EXPECT_NE(std::string::npos, log.find(R"("what":"enrolled","face":")" + id + R"(","by":"guard Li")")) << log;
  EXPECT_EQ(fs::perms::none, fs::status(cabinet.file_of(id)).permissions() & (fs::perms::group_all | fs::perms::others_all));
  EXPECT_EQ(fs::perms::none, fs::status(cabinet.folder.path() / "eyes/keys/faces.key").permissions() & (fs::perms::group_all | fs::perms::others_all));
}

TEST(FaceBook, a_template_opens_under_its_own_name_and_key_alone) {
  Cabinet cabinet;
  const std::string a = cabinet.enrol(5), b = cabinet.enrol(40);
  fs::copy_file(cabinet.file_of(a), cabinet.file_of(b), fs::copy_options::overwrite_existing);
  std::ofstream(cabinet.file_of("tpl_torn")) << "{";
  EXPECT_EQ(2U, cabinet.book.damaged()) << "one stands in the place of another";
  EXPECT_TRUE(cabinet.book.match(print_at(5), 0.45));
  EXPECT_FALSE(cabinet.book.match(print_at(40), 0.45));
  fs::remove(cabinet.folder.path() / "eyes/keys/faces.key");
  FaceBook without_key(cabinet.fake.world, cabinet.folder.path() / "eyes");
  EXPECT_FALSE(without_key.match(print_at(5), 0.45)) << "whoever has the files alone has nothing";
}

TEST(FaceBook, a_print_of_another_length_is_near_to_nobody) {
  Cabinet cabinet;
  cabinet.enrol(5);  // makes the key
  const auto sealed_with = [&](const std::string& id, const std::string& prints) {
    const Vault vault(read_or_make_key(cabinet.folder.path() / "eyes/keys/faces.key", cabinet.fake.world.ids));
    const std::string wrapped = vault.make_wrapped_key(id, cabinet.fake.world.ids);
    const std::string inside = R"({"consent":"c","enrolled":"2026-01-01T00:00:00Z","until":"2026-06-01T00:00:00Z","prints":)" + prints + "}";
    const std::string sealed = seal(*vault.unwrap(wrapped, id), inside, place_of_field("vision_faces", id, "template"), cabinet.fake.world.ids);
    std::ofstream(cabinet.file_of(id)) << R"({"key":")" << to_hex(wrapped) << R"(","sealed":")" << to_hex(sealed) << "\"}";
  };
  sealed_with("tpl_none", "[[]]");
  sealed_with("tpl_short", "[[0.1,0.1]]");
  EXPECT_EQ(2U, cabinet.book.damaged());
  EXPECT_FALSE(cabinet.book.match(print_at(40), 0.45)) << "of an empty print nothing differs";
  EXPECT_TRUE(cabinet.book.match(print_at(5), 0.45));
}

TEST(FaceBook, forgets_when_consent_is_withdrawn_and_when_its_end_has_come) {
  Cabinet cabinet;
  const std::string a = cabinet.enrol(5, "c-1", 30), b = cabinet.enrol(40, "c-2", 300), c = cabinet.enrol(80, "c-2", 300), d = cabinet.enrol(120, "c-3", 300);
  EXPECT_EQ(2U, cabinet.book.forget_consent("c-2", "guard Li"));
  EXPECT_FALSE(fs::exists(cabinet.file_of(b)));
  EXPECT_FALSE(cabinet.book.match(print_at(80), 0.45));
  EXPECT_TRUE(cabinet.book.forget(d, "the resident"));
  EXPECT_FALSE(cabinet.book.forget(d, "the resident"));
  EXPECT_FALSE(cabinet.book.forget("../keys/faces", "somebody"));
  EXPECT_EQ(0U, cabinet.book.sweep());
  cabinet.fake.clock.advance(std::chrono::hours(24 * 30));
  EXPECT_FALSE(cabinet.book.match(print_at(5), 0.45)) << "also before it is swept";
  EXPECT_EQ(1U, cabinet.book.sweep());
  EXPECT_FALSE(fs::exists(cabinet.file_of(a)));
  EXPECT_TRUE(cabinet.book.list().empty());
  const std::string log = bytes_of_file(cabinet.folder.path() / "eyes/faces.jsonl");
  EXPECT_NE(std::string::npos, log.find("consent withdrawn"));
  EXPECT_NE(std::string::npos, log.find("past its end"));
}

TEST(FaceBook, hears_of_what_another_process_enrols_and_forgets) {
  Cabinet cabinet;
  FaceBook command(cabinet.fake.world, cabinet.folder.path() / "eyes");
  EXPECT_FALSE(cabinet.book.match(print_at(5), 0.45));
  const std::string id = command.enrol({print_at(5)}, "c", cabinet.in_days(3), "Li");
  EXPECT_TRUE(cabinet.book.match(print_at(5), 0.45));
  command.forget(id, "Li");
  EXPECT_FALSE(cabinet.book.match(print_at(5), 0.45));
}

TEST(FaceBook, takes_no_face_without_consent_a_name_and_an_end_within_a_year) {
  Cabinet cabinet;
  const auto refused = [&](const std::string& consent, int days, const std::string& by, std::vector<float> print = print_at(5)) {
    return cabinet.refusal([&] { cabinet.book.enrol({print}, consent, cabinet.in_days(days), by); });
  };
  EXPECT_EQ("vision.consent /consent", refused(" ", 10, "Li"));
  EXPECT_EQ("vision.consent /by", refused("c", 10, ""));
  EXPECT_EQ("vision.until /until", refused("c", 0, "Li"));
  EXPECT_EQ("vision.until /until", refused("c", 400, "Li"));
  EXPECT_EQ("vision.print /picture", refused("c", 10, "Li", {1, 2, 3}));
  EXPECT_FALSE(fs::exists(cabinet.folder.path() / "eyes/faces"));
  cabinet.enrol(5);
  EXPECT_EQ("vision.enrolled ", refused("c", 10, "Li")) << "or neither would be known";
}

/// A gate camera over real detectors and pictures of real faces that a pinned package carries.
struct GateCamera {
  static constexpr double look_s = 0.25;
  fs::path models = fs::path(LIFANG_BINARY_DIR) / "models";
  std::vector<fs::path> pictures = sim::face_pictures(LIFANG_SOURCE_DIR);
  bool ready() const { return fs::exists(models / "dlib-face.onnx") && pictures.size() == 6; }

  TestFolder folder;
  FakeWorld fake;
  Messenger messenger{fake.world, folder.path() / "eyes", "http://127.0.0.1:1", false};
  Darkroom darkroom{folder.path() / "eyes"};
  Room room;
  Looks looks;
  FaceBook book{fake.world, folder.path() / "eyes"};
  CameraWords words;
  std::shared_ptr<Watch> watch;
  std::optional<Detectors> detectors;
  cv::Mat six;
  std::vector<FoundFace> faces;
  double seconds = 0;

  ~GateCamera() {
    if (watch) watch->halt();
  }
  void open() {
    detectors.emplace(Catalog(models / "models.toml", {models}));
    six = cv::imread(pictures[4].string());
    faces = detectors->faces().find(six);
    sim::ClipWriter writer(folder.path() / "gate.mp4", {640, 480}, 25);
    for (int i = 0; i < 5; ++i) writer.write(cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(90)));
    writer.finish();
    words.id = "gate";
    words.token = "t";
    words.source = (folder.path() / "gate.mp4").string();
    words.judge = {Judgement::face};
    watch = std::make_shared<Watch>(Surroundings{fake.world, folder.path() / "eyes", 4, 2, 4, 20, 480, looks, messenger, darkroom, room, &book}, words);
    watch->start();
    ASSERT_TRUE(soon([&] { return watch->state().packets > 0; }));
  }
  /// `face`: of the sample; looks with other light, size and noise each.
  void stand_there(std::size_t face, int times, bool sheet = false, std::uint64_t seed = 1) {
    for (int i = 0; i < times; ++i, seconds += look_s) {
      const cv::Mat look = sheet ? sim::held_up(six, faces[face], seed, 15 * std::sin(0.5 * i)) : sim::at_the_gate(six, faces[face], seed);
      watch->judge({watch, seconds, look, 1}, *detectors);
    }
    for (int i = 0; i < 20; ++i, seconds += look_s) watch->judge({watch, seconds, cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(90)), 1}, *detectors);
  }
  std::string enrol(std::size_t face) {
    return book.enrol({detectors->faces().print(six, faces[face])}, "consent-7", fake.clock.now() + std::chrono::hours(24), "guard Li");
  }
  std::vector<Letter> letters() const {
    std::vector<Letter> out;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder.path() / "eyes/outbox", none))
      if (entry.path().extension() == ".json") out.push_back(from_json<Letter>(bytes_of_file(entry.path())));
    return out;
  }
};

constexpr std::size_t kHer = 3, kOther = 1;  // both stand upright and look ahead

TEST(FacesAtTheGate, tell_an_opaque_template_and_never_a_picture_or_a_print) {
  GateCamera gate;
  if (!gate.ready()) GTEST_SKIP() << "no models or pictures; run vision/setup";
  gate.words.view.face.turn = 0;
  gate.open();
  ASSERT_GT(gate.faces.size(), kHer);
  const std::string id = gate.enrol(kHer);
  gate.stand_there(kHer, 8);
  gate.stand_there(kOther, 8);
  ASSERT_EQ(1U, gate.letters().size()) << "a stranger is told to nobody";
  const Letter letter = gate.letters()[0];
  EXPECT_EQ("face", letter.kind);
  EXPECT_GT(letter.confidence, 0.5);
  EXPECT_FALSE(letter.still);
  EXPECT_FALSE(letter.clip);
  EXPECT_NE(std::string::npos, letter.attributes.text.find(R"("template":")" + id + '"')) << letter.attributes.text;
  EXPECT_NE(std::string::npos, letter.attributes.text.find("one of two"));
  EXPECT_LT(letter.attributes.text.size(), 200U) << "there is no room for a print";
  EXPECT_EQ(1U, gate.watch->state().faces_known);
  EXPECT_EQ(1U, gate.watch->state().faces_strange);
  std::error_code none;
  EXPECT_TRUE(fs::is_empty(gate.folder.path() / "eyes/events", none) || none) << "no picture was kept";
}

TEST(FacesAtTheGate, a_printed_picture_of_somebody_known_is_refused_and_told_as_such) {
  GateCamera gate;
  if (!gate.ready()) GTEST_SKIP() << "no models or pictures; run vision/setup";
  gate.open();
  gate.enrol(kHer);
  gate.stand_there(kHer, 40, true);
  ASSERT_EQ(1U, gate.letters().size());
  EXPECT_EQ("face_not_living", gate.letters()[0].kind);
  EXPECT_FALSE(gate.letters()[0].still);
  EXPECT_EQ(std::string::npos, gate.letters()[0].attributes.text.find("tpl_"));
  EXPECT_EQ(0U, gate.watch->state().faces_known);
}

TEST(FacesAtTheGate, withdrawn_consent_that_is_written_at_the_node_deletes_the_template) {
  GateCamera gate;
  if (!gate.ready()) GTEST_SKIP() << "no models or pictures; run vision/setup";
  const std::string id = gate.book.enrol({print_at(5)}, "consent-7", gate.fake.clock.now() + std::chrono::hours(24), "guard Li");
  gate.words.view.face.forget = {id};
  gate.open();
  EXPECT_TRUE(gate.book.list().empty());
}

TEST(FacesAtTheGate, a_zone_leaves_out_who_stands_beside_it) {
  GateCamera gate;
  if (!gate.ready()) GTEST_SKIP() << "no models or pictures; run vision/setup";
  gate.words.view.face.turn = 0;
  gate.words.view.zones = {{{0, 0}, {150, 0}, {150, 480}, {0, 480}}};
  gate.open();
  gate.enrol(kHer);
  gate.stand_there(kHer, 8);
  EXPECT_TRUE(gate.letters().empty());
}

TEST(FaceCommands, enrol_list_and_forget_without_keeping_the_picture) {
  GateCamera gate;
  if (!gate.ready()) GTEST_SKIP() << "no models or pictures; run vision/setup";
  gate.open();
  const fs::path config = gate.folder.path() / "eyes.toml", one = gate.folder.path() / "one.png";
  std::ofstream(config) << "folder = \"" << (gate.folder.path() / "kept").string() << "\"\n";
  cv::imwrite(one.string(), sim::at_the_gate(gate.six, gate.faces[kHer], 2));
  FacesWords words{config, {one}, "consent-7", std::to_string(to_ms(RealClock().now()) + 86'400'000), "guard Li", ""};
  std::FILE* out = std::tmpfile();
  const auto said = [&] {
    std::string text(4096, '\0');
    std::rewind(out);
    text.resize(std::fread(text.data(), 1, text.size(), out));
    return text;
  };
  enrol_face(words, out);
  EXPECT_NE(std::string::npos, said().find(R"("id":"tpl_)"));
  list_faces(words, out);
  EXPECT_NE(std::string::npos, said().find(R"("stored":1,"damaged":0,"must_be_filed":false)"));
  words.consent = "consent-7";
  forget_faces(words, out);
  EXPECT_NE(std::string::npos, said().find(R"("forgotten":1)"));
  EXPECT_THROW(forget_faces(words, out), Refusal);
  words.pictures = {gate.pictures[5]};
  EXPECT_THROW(enrol_face(words, out), Refusal) << "several faces";
  std::fclose(out);
  for (const auto& file : fs::recursive_directory_iterator(gate.folder.path() / "kept")) EXPECT_NE(".png", file.path().extension());
}

}  // namespace
}  // namespace lifang::vision
