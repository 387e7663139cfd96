// One camera's watch on a table: a folder, a clock, films, and what it wrote to its outbox. The node is away.
#pragma once
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/reflect.hpp"
#include "support/fake_world.hpp"
#include "support/test_folder.hpp"
#include "vision/serve/watch.hpp"
#include "vision/sim_clip.hpp"
#include "vision/sim_facade.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;

/// A clock that each look moves on, so that a clip at its own pace is over at once.
class Hurrying final : public Clock {
 public:
  Time now() const override { return from_ms(1'767'225'600'000 + 40 * ++looks_); }

 private:
  mutable std::atomic<std::int64_t> looks_{0};
};

struct Bench {
  explicit Bench(Clock& clock)
      : world{clock, fake.world.ids}, messenger(world, folder.path() / "eyes", "http://127.0.0.1:1", false), darkroom(folder.path() / "eyes") {}
  ~Bench() {
    for (const auto& one : watches) one->halt();  // pictures that nobody judged hold them too
  }

  /// `seconds_of_it`: of the film, from its beginning.
  fs::path facade(double seconds_of_it = 1000) {
    sim::FacadeFilm film(1);
    sim::ClipWriter writer(folder.path() / "facade.mp4", film.film().size, 25);
    cv::Mat grey;
    for (double seconds = 0; film.next(seconds, grey) && seconds < seconds_of_it;) writer.write(grey);
    writer.finish();
    const Facade& f = film.film().facade;
    words.view.facade = FacadeWords{{}, f.floors, f.columns, f.floor_height_m, f.column_width_m};
    for (const cv::Point2f& c : f.corners) words.view.facade->corners.push_back({static_cast<double>(c.x), static_cast<double>(c.y)});
    words.judge = {Judgement::falling};
    return folder.path() / "facade.mp4";
  }
  fs::path small(int pictures = 50) {
    sim::ClipWriter writer(folder.path() / "small.mp4", {160, 96}, 25);
    for (int i = 0; i < pictures; ++i) writer.write(cv::Mat(96, 160, CV_8U, cv::Scalar(90 + i % 50)));
    writer.finish();
    return folder.path() / "small.mp4";
  }
  std::shared_ptr<Watch> watch(const fs::path& source, double after_s = 2, double repeat_s = 20, DrawnOff off = {}) {
    words.id = "eye";
    words.token = "t";
    words.source = source.string();
    const Surroundings around{world, folder.path() / "eyes", 4, after_s, 4, repeat_s, 480, looks, messenger, darkroom, room};
    auto out = std::make_shared<Watch>(around, words, off);
    out->start();
    watches.push_back(out);
    return out;
  }
  int files(const std::string& below, const std::string& ending) const {
    int out = 0;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder.path() / "eyes" / below, none)) out += entry.path().string().ends_with(ending);
    return out;
  }
  std::vector<Letter> letters() const {
    std::vector<fs::path> at;
    for (const auto& entry : fs::directory_iterator(folder.path() / "eyes/outbox"))
      if (entry.path().extension() == ".json") at.push_back(entry.path());
    std::sort(at.begin(), at.end());
    std::vector<Letter> out;
    for (const fs::path& file : at) {
      std::ifstream in(file);
      out.push_back(from_json<Letter>(std::string(std::istreambuf_iterator<char>(in), {})));
    }
    return out;
  }

  TestFolder folder;
  FakeWorld fake;
  World world;
  CameraWords words;
  Looks looks;
  Messenger messenger;
  Darkroom darkroom;
  Room room;
  std::vector<std::shared_ptr<Watch>> watches;
};

}  // namespace lifang::vision
