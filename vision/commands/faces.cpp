#include "vision/commands/faces.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <opencv2/imgcodecs.hpp>

#include "base/real_world.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "vision/detectors/face_finder.hpp"
#include "vision/serve/config.hpp"
#include "vision/serve/face_book.hpp"

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;

constexpr double one_person = 0.55;  // pictures of years apart are further from each other than two looks at a gate
constexpr float least_px = 80;

struct Stored {
  std::size_t stored = 0, damaged = 0;
  bool must_be_filed = false;
};
BOOST_DESCRIBE_STRUCT(Stored, (), (stored, damaged, must_be_filed))

struct Desk {
  explicit Desk(const fs::path& config) : folder(load_serve(config).folder), ids(clock), book({clock, ids}, folder) {
    if (sodium_init() < 0) throw Refusal{RefusalKind::unavailable, "vision.face", "libsodium cannot begin"};
    ::umask(077);
  }
  fs::path folder;
  RealClock clock;
  RealIds ids;
  FaceBook book;
};

std::vector<float> print_of(const FaceFinder& finder, const fs::path& file) {
  const auto off = [&](std::string why) { return invalid("vision.face", "/picture", file.string() + ": " + why); };
  const cv::Mat picture = cv::imread(file.string(), cv::IMREAD_COLOR);
  if (picture.empty()) throw off("is no picture that can be read");
  std::vector<FoundFace> found = finder.find(picture);
  if (found.empty()) throw off("shows no face");
  if (found.size() > 1) throw off("shows several faces: cut the one out");
  static constexpr const char* why[] = {"", "the face is smaller than 80 pixels", "the face is blurred", "the face is in the dark", "the face is turned aside or tilted"};
  if (const auto quality = FaceFinder::quality(picture, found.front(), least_px); quality != FaceQuality::good) throw off(why[static_cast<int>(quality)]);
  return finder.print(picture, found.front());
}

}  // namespace

void enrol_face(const FacesWords& words, std::FILE* out) {
  Desk desk(words.config);
  const auto until = parse_time(words.until);
  if (!until) throw invalid("vision.until", "/until", "is no time: 2027-06-30T00:00:00+08:00 or Unix milliseconds");
  const fs::path models = default_models_folder();
  const FaceFinder finder(Catalog(models / "models.toml", {desk.folder / "models", models}));
  std::vector<std::vector<float>> prints;
  for (const fs::path& picture : words.pictures) prints.push_back(print_of(finder, picture));
  for (const auto& print : prints)
    if (static_cast<double>(print_distance(prints.front(), print)) > one_person)
      throw invalid("vision.several", "/picture", "the pictures do not show one person, or not well enough");
  const std::string id = desk.book.enrol(prints, words.consent, *until, words.by);
  const auto all = desk.book.list();
  fmt::print(out, "{}\n", to_json(*std::find_if(all.begin(), all.end(), [&](const FaceEntry& one) { return one.id == id; })));
}

void list_faces(const FacesWords& words, std::FILE* out) {
  Desk desk(words.config);
  const auto all = desk.book.list();
  for (const FaceEntry& one : all) fmt::print(out, "{}\n", to_json(one));
  fmt::print(out, "{}\n", to_json(Stored{all.size(), desk.book.damaged(), all.size() >= filing_from}));
}

void forget_faces(const FacesWords& words, std::FILE* out) {
  if (words.id.empty() == words.consent.empty()) throw invalid("vision.face", "/template", "name a template or a consent");
  if (words.by.empty()) throw invalid("vision.face", "/by", "who forgets is written down");
  Desk desk(words.config);
  const std::size_t gone = words.id.empty() ? desk.book.forget_consent(words.consent, words.by) : desk.book.forget(words.id, words.by) ? 1 : 0;
  if (gone == 0) throw missing("vision.no_face", "there is no such template");
  fmt::print(out, "{{\"forgotten\":{}}}\n", gone);
}

}  // namespace lifang::vision
