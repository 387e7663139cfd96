#include "vision/commands/serve.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <csignal>
#include <map>
#include <mutex>
#include <thread>

#include "base/real_world.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "vision/serve/keeper.hpp"
#include "vision/serve/steering.hpp"
#include "vision/serve/watch.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

volatile std::sig_atomic_t asked_to_stop = 0, asked_to_reload = 0;
void on_stop(int) { asked_to_stop = 1; }
void on_reload(int) { asked_to_reload = 1; }

void say(std::string_view what, std::string_view camera, std::string_view detail) {
  std::string line = "{\"what\":";
  reflect::write_text(line, what);
  if (!camera.empty()) reflect::write_text(line += ",\"camera\":", camera);
  if (!detail.empty()) reflect::write_text(line += ",\"detail\":", detail);
  fmt::print(stderr, "{}}}\n", line);
}

struct Status {
  Time at;
  std::uint64_t waiting = 0, sent = 0, lost = 0;
  bool disk_full = false;
  std::vector<WatchState> cameras;
};
BOOST_DESCRIBE_STRUCT(Status, (), (at, waiting, sent, lost, disk_full, cameras))

class Eyes {
 public:
  Eyes(World world, ServeWords words, const Catalog& catalog)
      : world_(world), words_(std::move(words)), detectors_(catalog),
        messenger_(world_, words_.folder, words_.node, words_.upload), darkroom_(words_.folder, messenger_) {
    for (std::int64_t i = 0; i < words_.threads; ++i) judges_.emplace_back([this] { judge(); });
    if (words_.steer)
      steering_.emplace(world_, words_.folder, words_.node, [this](const std::string& camera) { return still_of(camera); });
    watch(words_);
  }

  ~Eyes() {
    steering_.reset();
    for (const auto& [id, watch] : watches_) watch->stop();
    watches_.clear();
    looks_.close();
    for (std::thread& thread : judges_) thread.join();
  }

  /// Cameras whose words changed stop and start; the rest go on. Folder, node and threads stay as they began.
  void watch(const ServeWords& own) {
    if (steering_) steering_->steer(own.cameras);
    const ServeWords words = steering_ ? with_drawn(own) : own;
    const std::lock_guard lock(watching_);
    std::map<std::string, const CameraWords*> wanted;
    for (const CameraWords& camera : words.cameras) wanted[camera.id] = &camera;
    for (auto at = watches_.begin(); at != watches_.end();) {
      const auto want = wanted.find(at->first);
      const bool same = want != wanted.end() && to_json(*want->second) == to_json(at->second->words());
      if (same) wanted.erase(want);
      else at->second->stop();  // a picture on its way may hold it for a moment longer
      at = same ? std::next(at) : watches_.erase(at);
    }
    for (const auto& [id, camera] : wanted) {
      const Surroundings around{world_, words_.folder, words.before_s, words.after_s, static_cast<double>(words.segment_s), words.repeat_s, words.offset_minutes, looks_, messenger_, darkroom_, room_};
      watches_[id] = std::make_shared<Watch>(around, *camera);
      watches_[id]->start();
    }
    words_.keep_hours = words.keep_hours;
    words_.keep_event_days = words.keep_event_days;
    words_.free_mib = words.free_mib;
  }
  bool steered() { return steering_ && steering_->changed(); }

  void keep_house() {
    const KeeperLimits limits{std::chrono::hours(words_.keep_hours), std::chrono::hours(24 * words_.keep_event_days),
                              static_cast<std::uint64_t>(words_.free_mib) << 20};
    const Kept kept = keep(words_.folder, limits, world_.clock.now(), &free_bytes_of);
    if (kept.sacrificed > 0) say("recordings went early: the disk runs full", "", fmt::format("{} files", kept.sacrificed));
    if (kept.full && !disk_full_) say("the disk is below its floor and only events are left: no recordings and no clips until there is room", "", "");
    disk_full_ = kept.full;
    room_.set(kept, free_bytes_of(words_.folder), limits.free_bytes);
  }

  bool short_of_room() const { return free_bytes_of(words_.folder) < static_cast<std::uint64_t>(words_.free_mib) << 20; }

  void write_status() {
    Status status{world_.clock.now(), messenger_.waiting(), messenger_.sent(), messenger_.lost(), disk_full_, {}};
    for (const auto& [id, watch] : watches_) {
      status.cameras.push_back(watch->state());
      const WatchState& now = status.cameras.back();
      if (now.state != told_[id]) say(now.state, id, now.state == "broken" ? now.trouble : "");
      told_[id] = now.state;
      if (auto& second = told_second_[id]; now.second_look != second) say("second look at e-bikes", id, second = now.second_look);
    }
    write_whole(fs::path(words_.folder) / "status.json", to_json(status) + "\n");
  }

 private:
  std::optional<cv::Mat> still_of(const std::string& camera) {
    const std::lock_guard lock(watching_);
    const auto at = watches_.find(camera);
    return at == watches_.end() ? std::nullopt : at->second->still();
  }

  void judge() {
    while (auto look = looks_.take()) {
      try {
        look->watch->judge(*look, detectors_);
      } catch (const std::exception& error) {
        say("a picture could not be judged", look->watch->words().id, error.what());
      }
    }
  }

  World world_;
  ServeWords words_;
  Detectors detectors_;
  Messenger messenger_;
  Darkroom darkroom_;
  Room room_;
  Looks looks_;
  std::mutex watching_;  ///< guards watches_ between the main thread, which changes it, and who asks for a picture
  std::map<std::string, std::shared_ptr<Watch>> watches_;
  std::map<std::string, std::string> told_, told_second_;
  std::vector<std::thread> judges_;
  bool disk_full_ = false;
  std::optional<Steering> steering_;
};

}  // namespace

int serve(const fs::path& config) {
  ServeWords words = load_serve(config);
  if (sodium_init() < 0) return 1;
  std::signal(SIGTERM, on_stop);
  std::signal(SIGINT, on_stop);
  std::signal(SIGHUP, on_reload);
  std::signal(SIGPIPE, SIG_IGN);
  fs::create_directories(words.folder);
  RealClock clock;
  RealIds ids(clock);
  const fs::path models = default_models_folder();
  const Catalog catalog(models / "models.toml", {fs::path(words.folder) / "models", models});
  Eyes eyes(World{clock, ids}, std::move(words), catalog);
  say("watching", "", config.string());
  std::error_code ignored;
  auto written = fs::last_write_time(config, ignored);
  for (long turn = 0; asked_to_stop == 0; ++turn) {
    const auto now = fs::last_write_time(config, ignored);
    const bool drawn = eyes.steered();
    if (asked_to_reload != 0 || drawn || (!ignored && now != written)) {
      asked_to_reload = 0;
      written = now;
      try {
        eyes.watch(load_serve(config));
        say(drawn ? "what was drawn in the console is taken" : "configuration read again", "", "");
      } catch (const Refusal& refusal) {
        say("the configuration is off; nothing changed", "", fmt::format("{} {}: {}", refusal.code, refusal.field, refusal.detail));
      }
    }
    if (turn % 10 == 0) eyes.write_status();
    // A dozen cameras write a megabyte a second: between two rounds of every 30 s a floor of 24 MiB would be gone.
    if (turn % 60 == 0 || (turn % 4 == 0 && eyes.short_of_room())) eyes.keep_house();
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
  eyes.write_status();
  say("stopped", "", "");
  return 0;
}

}  // namespace lifang::vision
