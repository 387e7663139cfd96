#include "vision/commands/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "vision/commands/files.hpp"
#include "vision/commands/view.hpp"
#include "vision/detectors/face_finder.hpp"
#include "vision/detectors/plate_reader.hpp"
#include "vision/detectors/pose_finder.hpp"
#include "vision/judges/bag.hpp"
#include "vision/judges/presence.hpp"
#include "vision/motion/facade_motion.hpp"
#include "vision/stream/source.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

struct EventWords {
  std::string kind;
  double began = 0;               ///< seconds from the clip's start
  std::optional<double> ended{};
  double confidence = 0;
  std::optional<std::int64_t> floor{}, floors_beyond{}, column{};
  std::optional<double> floor_error{}, column_error{}, acceleration{};
  std::optional<std::vector<double>> box{};               ///< x, y, width, height
  std::optional<std::vector<std::vector<double>>> track{};  ///< seconds, x, y
  std::optional<std::string> quality{};
  std::optional<double> second_look{};
};
BOOST_DESCRIBE_STRUCT(EventWords, (), (kind, began, ended, confidence, floor, floors_beyond, column, floor_error, column_error, acceleration, box, track, quality, second_look))

struct SlotLine {
  std::string id;
  bool occupied = false;
  double score = 0;
};
BOOST_DESCRIBE_STRUCT(SlotLine, (), (id, occupied, score))

struct PlateLine {
  std::string file, text;
  double score = 0;
};
BOOST_DESCRIBE_STRUCT(PlateLine, (), (file, text, score))
struct ParkingLine {
  std::string file;
  std::vector<SlotLine> slots;
};
BOOST_DESCRIBE_STRUCT(ParkingLine, (), (file, slots))
struct EventsLine {
  std::string file;
  std::vector<EventWords> events;
};
BOOST_DESCRIBE_STRUCT(EventsLine, (), (file, events))
struct ErrorLine {
  std::string file, error;
};
BOOST_DESCRIBE_STRUCT(ErrorLine, (), (file, error))

double rounded(double value, double steps = 1000) { return std::round(value * steps) / steps; }

std::vector<double> words_of(const cv::Rect2f& box) {
  return {rounded(static_cast<double>(box.x), 10), rounded(static_cast<double>(box.y), 10),
          rounded(static_cast<double>(box.width), 10), rounded(static_cast<double>(box.height), 10)};
}

template <class Line>
void print_line(std::FILE* out, const Line& line) {
  fmt::print(out, "{}\n", to_json(line));
  std::fflush(out);
}

/// Masks that lie on a picture of another size would hide the wrong part of this one.
void must_fit(const View& view, cv::Size picture) {
  if (view.size.size() == 2 && (view.size[0] != picture.width || view.size[1] != picture.height))
    throw invalid("vision.config", "/size", fmt::format("the view is drawn on another size than {}×{}", picture.width, picture.height));
}

cv::Mat picture_at(const fs::path& file, const View& view) {
  cv::Mat picture = cv::imread(file.string(), cv::IMREAD_COLOR);
  if (picture.empty()) throw Refusal{RefusalKind::unreadable, "vision.picture", "is no picture that can be read"};
  must_fit(view, picture.size());
  hide(picture, mask_pixels(view.masks));
  return picture;
}

/// Runs over the files; one that cannot be judged says so and does not stop the others.
void each_file(const fs::path& path, const std::vector<std::string_view>& endings, std::FILE* out,
               const std::function<void(const fs::path&)>& doing) {
  for (const fs::path& file : files_of(path, endings)) {
    try {
      doing(file);
    } catch (const Refusal& refusal) {
      print_line(out, ErrorLine{file.string(), refusal.code + ": " + refusal.detail});
    }
  }
}

struct Bench {
  const View& view;
  const Catalog& catalog;
  std::FILE* out;
};

void judge_plates(const Bench& bench, const fs::path& path) {
  const PlateReader reader(bench.catalog);
  each_file(path, picture_endings, bench.out, [&](const fs::path& file) {
    const cv::Mat picture = picture_at(file, bench.view);
    // A crop is a plate from edge to edge; anything larger is searched.
    const bool crop = picture.cols <= 400 && picture.cols > 2 * picture.rows;
    PlateText best;
    if (crop) best = reader.read(picture);
    else if (const auto found = reader.find(picture); !found.empty()) best = found.front().plate;
    print_line(bench.out, PlateLine{file.string(), best.text, rounded(static_cast<double>(best.score))});
  });
}

void judge_parking(const Bench& bench, const fs::path& path) {
  const ObjectFinder finder(bench.catalog);
  each_file(path, picture_endings, bench.out, [&](const fs::path& file) {
    std::vector<Slot> slots = slots_of(bench.view);
    if (slots.empty()) {
      // Without a configuration: the slots that an annotation of the PKLot set marks for this picture.
      const fs::path name = file.stem().string() + ".xml";
      for (const fs::path& at : {file.parent_path() / name, file.parent_path().parent_path() / "bounding_boxes" / name})
        if (slots.empty() && fs::exists(at)) slots = pklot_slots(at);
    }
    if (slots.empty()) throw invalid("vision.no_slots", "/slots", "the configuration marks no slots");
    const cv::Mat picture = picture_at(file, bench.view);
    std::vector<FoundObject> found;
    for (const std::int64_t edge : bench.view.parking.tiles)
      for (const FoundObject& object : finder.find_in_tiles(picture, static_cast<int>(edge), 0.1F)) found.push_back(object);
    const std::vector<float> scores = slot_scores(slots, found);
    ParkingVotes votes(static_cast<float>(bench.view.parking.threshold), 1);
    ParkingLine line{file.string(), {}};
    for (const SlotState& state : votes.judge(slots, scores))
      line.slots.push_back({state.id, state.occupied, rounded(static_cast<double>(state.score))});
    print_line(bench.out, line);
  });
}

EventWords words_of(const Fall& fall) {
  EventWords words{.kind = "falling_object", .began = rounded(fall.began), .ended = rounded(fall.ended),
                   .confidence = rounded(fall.confidence)};
  words.floor = fall.floor;
  words.column = fall.column;
  words.floor_error = rounded(fall.floor_error, 100);
  words.column_error = rounded(fall.column_error, 100);
  if (fall.floors_beyond != 0) words.floors_beyond = fall.floors_beyond;
  words.acceleration = rounded(fall.acceleration, 100);
  words.track.emplace();
  for (const TrackPoint& p : fall.track)
    words.track->push_back({rounded(p.seconds), rounded(static_cast<double>(p.at.x), 10), rounded(static_cast<double>(p.at.y), 10)});
  return words;
}

void judge_falling(const Bench& bench, const fs::path& path) {
  each_file(path, clip_endings, bench.out, [&](const fs::path& file) {
    Clip clip(file.string());
    FacadeMotion motion(pixels_of(bench.view.shields));
    std::optional<FallingJudge> judge;
    EventsLine line{file.string(), {}};
    const auto masks = mask_pixels(bench.view.masks);
    for (double seconds = 0; clip.next(seconds);) {
      cv::Mat grey = clip.grey();
      must_fit(bench.view, grey.size());
      if (!masks.empty()) {
        grey = grey.clone();
        hide(grey, masks);
      }
      if (!judge) judge.emplace(facade_of(bench.view, grey.size()));
      for (const Fall& fall : judge->see(seconds, motion.see(grey))) line.events.push_back(words_of(fall));
    }
    if (judge)
      for (const Fall& fall : judge->finish()) line.events.push_back(words_of(fall));
    print_line(bench.out, line);
  });
}

/// Walks a clip at a few pictures a second and hands each over in colour, masked.
void walk(const fs::path& file, const View& view, double every_s, const std::function<void(double, const cv::Mat&)>& doing) {
  Clip clip(file.string());
  const auto masks = mask_pixels(view.masks);
  double due = 0;
  for (double seconds = 0; clip.next(seconds);) {
    if (seconds + 1e-6 < due) continue;
    due = seconds + every_s;
    cv::Mat picture = clip.bgr();
    must_fit(view, picture.size());
    hide(picture, masks);
    doing(seconds, picture);
  }
}

void judge_bag(const Bench& bench, const fs::path& path) {
  const ObjectFinder finder(bench.catalog);
  const BagWords& w = bench.view.bag;
  each_file(path, clip_endings, bench.out, [&](const fs::path& file) {
    BagJudge judge({w.still_s, w.alone_s, w.least_area, w.most_area}, pixels_of(bench.view.zones));
    EventsLine line{file.string(), {}};
    walk(file, bench.view, 0.2, [&](double seconds, const cv::Mat& picture) {
      std::vector<cv::Rect2f> people;
      for (const FoundObject& object : finder.find(picture, 0.35F))
        if (object.kind == Kind::person) people.push_back(object.box);
      cv::Mat grey;
      cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
      for (const BagEvent& event : judge.see(seconds, grey, people)) {
        EventWords words{.kind = event.left ? "dropped_bag" : "dropped_bag_over", .began = rounded(event.since),
                         .ended = rounded(event.seconds), .confidence = 0.8};
        words.box = words_of(event.box);
        line.events.push_back(words);
      }
    });
    print_line(bench.out, line);
  });
}

void judge_duty(const Bench& bench, const fs::path& path) {
  const ObjectFinder finder(bench.catalog);
  const auto zones = pixels_of(bench.view.zones);
  each_file(path, clip_endings, bench.out, [&](const fs::path& file) {
    DutyJudge judge(bench.view.duty.absent_s);
    EventsLine line{file.string(), {}};
    walk(file, bench.view, 0.5, [&](double seconds, const cv::Mat& picture) {
      bool present = false;
      for (const FoundObject& object : finder.find(picture, static_cast<float>(bench.view.duty.least_score)))
        present = present || (object.kind == Kind::person && stands_in(object.box, zones));
      if (const auto event = judge.see(seconds, present, true))
        line.events.push_back({.kind = event->began ? "attendant_off_duty" : "attendant_off_duty_over", .began = rounded(event->since),
                               .ended = rounded(event->seconds), .confidence = 0.9});
    });
    print_line(bench.out, line);
  });
}

void judge_ebike(const Bench& bench, const fs::path& path) {
  const ObjectFinder finder(bench.catalog);
  const EbikeWords& w = bench.view.ebike;
  const std::optional<SecondLook> second = second_look_of(w);
  const auto zones = pixels_of(bench.view.zones);
  each_file(path, clip_endings, bench.out, [&](const fs::path& file) {
    EbikeJudge judge = judge_of(w, second);
    DoorSide door(pixels_of(w.door));
    EventsLine line{file.string(), {}};
    walk(file, bench.view, 0.25, [&](double seconds, const cv::Mat& picture) {
      const auto found = finder.find(picture, static_cast<float>(w.least_score));
      const FoundObject* best = two_wheeler_of(w, found, zones, door, seconds);
      std::optional<double> look;
      if (best != nullptr && second) look = second->score(picture, best->box);
      const auto event = judge.see(seconds, best == nullptr ? 0 : static_cast<double>(best->score), look);
      if (!event || (!event->told && !event->began)) return;
      const char* kind = !event->told ? "ebike_withheld" : event->began ? "ebike_in_lift" : "ebike_in_lift_over";
      EventWords words{.kind = kind, .began = rounded(event->since), .ended = rounded(event->seconds), .confidence = rounded(event->score)};
      if (event->second) words.second_look = rounded(*event->second);
      line.events.push_back(words);
    });
    print_line(bench.out, line);
  });
}

EventWords words_of(const std::string& kind, const PresenceEvent& event) {
  return {.kind = event.began ? kind : kind + "_over", .began = rounded(event.since), .ended = rounded(event.seconds), .confidence = rounded(event.score)};
}

void judge_areas(const Bench& bench, const fs::path& path) {
  if (bench.view.areas.empty()) throw invalid("vision.no_areas", "/areas", "the configuration marks no areas");
  const ObjectFinder finder(bench.catalog);
  each_file(path, clip_endings, bench.out, [&](const fs::path& file) {
    std::vector<AreaJudge> judges;
    for (const AreaWords& area : bench.view.areas) judges.push_back(judge_of(area));
    EventsLine line{file.string(), {}};
    walk(file, bench.view, 0.5, [&](double seconds, const cv::Mat& picture) {
      const auto found = finder.find(picture);
      cv::Mat grey;
      cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
      for (std::size_t i = 0; i < judges.size(); ++i)
        if (const auto event = judges[i].see(seconds, things_of(bench.view.areas[i], found), grey))
          line.events.push_back(words_of(bench.view.areas[i].kind, *event));
    });
    print_line(bench.out, line);
  });
}

void judge_bins(const Bench& bench, const fs::path& path) {
  if (bench.view.bins.empty()) throw invalid("vision.no_bins", "/bins", "the configuration marks no bins");
  const ObjectFinder finder(bench.catalog);
  each_file(path, clip_endings, bench.out, [&](const fs::path& file) {
    std::vector<BinJudge> judges;
    for (const BinWords& bin : bench.view.bins) judges.push_back(judge_of(bin, cv::Size()));
    EventsLine line{file.string(), {}};
    walk(file, bench.view, 1, [&](double seconds, const cv::Mat& picture) {
      const auto found = finder.find(picture, 0.3F);
      const bool somebody = std::any_of(found.begin(), found.end(), [](const FoundObject& o) { return o.kind == Kind::person; });
      cv::Mat grey;
      cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
      for (BinJudge& judge : judges)
        if (const auto event = judge.see(seconds, grey, somebody)) line.events.push_back(words_of("overflow", *event));
    });
    print_line(bench.out, line);
  });
}

void judge_fall(const Bench& bench, const fs::path& path) {
  const ObjectFinder finder(bench.catalog);
  const PoseFinder poses(bench.catalog);
  each_file(path, clip_endings, bench.out, [&](const fs::path& file) {
    PostureJudge judge(limits_of(bench.view.fall));
    EventsLine line{file.string(), {}};
    walk(file, bench.view, 0.25, [&](double seconds, const cv::Mat& picture) {
      std::vector<Posture> people;
      for (const FoundObject& o : finder.find(picture, 0.3F))
        if (o.kind == Kind::person) people.push_back(posture_of(poses.find(picture, o.box), o.box));
      for (const FallenEvent& event : judge.see(seconds, people)) {
        EventWords words = words_of("fall", {event.began, event.since, event.seconds, event.seen_falling ? 0.9 : 0.7});
        words.box = words_of(event.box);
        line.events.push_back(words);
      }
    });
    print_line(bench.out, line);
  });
}

void judge_faces(const Bench& bench, const fs::path& path) {
  const FaceFinder finder(bench.catalog);
  static constexpr const char* qualities[] = {"good", "small", "blurred", "dark", "turned"};
  each_file(path, picture_endings, bench.out, [&](const fs::path& file) {
    const cv::Mat picture = picture_at(file, bench.view);
    EventsLine line{file.string(), {}};
    for (const FoundFace& face : finder.find(picture)) {
      EventWords words{.kind = "face", .confidence = rounded(static_cast<double>(face.score))};
      words.box = words_of(face.box);
      words.quality = qualities[static_cast<int>(FaceFinder::quality(picture, face))];
      line.events.push_back(words);
    }
    print_line(bench.out, line);
  });
}

using Doing = void (*)(const Bench&, const fs::path&);
const std::map<std::string, Doing>& all_judgements() {
  static const std::map<std::string, Doing> all{{"plates", judge_plates}, {"parking", judge_parking}, {"faces", judge_faces},
                                                    {"falling", judge_falling}, {"bag", judge_bag}, {"duty", judge_duty},
                                                    {"ebike", judge_ebike},     {"areas", judge_areas}, {"bins", judge_bins},
                                                    {"fall", judge_fall}};
  return all;
}

}  // namespace

std::vector<std::string> judgements() {
  std::vector<std::string> out;
  for (const auto& [name, doing] : all_judgements()) out.push_back(name);
  return out;
}

void judge(const JudgeWords& words, std::FILE* out) {
  const View view = words.config.empty() ? View{} : load_view(words.config);
  const fs::path models = default_models_folder();
  const Catalog catalog(models / "models.toml", words.models.empty() ? std::vector<fs::path>{models} : std::vector<fs::path>{words.models, models});
  all_judgements().at(words.what)({view, catalog, out}, words.path);
}

}  // namespace lifang::vision
