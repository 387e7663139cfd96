#include "vision/commands/serve.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sodium.h>
#include <sys/stat.h>

#include <csignal>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>
#include <utility>

#include "base/real_world.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "vision/serve/durable.hpp"
#include "vision/serve/guard.hpp"
#include "vision/serve/keeper.hpp"
#include "vision/serve/pulse.hpp"
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
  std::uint64_t waiting = 0, sent = 0, lost = 0, refused = 0, pictures_lost = 0, films_given_up = 0;
  bool disk_full = false;
  std::string node_trouble;  ///< why everything waits
  std::vector<HeldBack> held;
  std::vector<WatchState> cameras;
};
BOOST_DESCRIBE_STRUCT(Status, (), (at, waiting, sent, lost, refused, pictures_lost, films_given_up, disk_full, node_trouble, held, cameras))

/// They end before anything that they use does, also when something throws while it is set up.
class JudgingThreads {
 public:
  explicit JudgingThreads(Looks& looks) : looks_(looks) {}
  JudgingThreads(const JudgingThreads&) = delete;
  ~JudgingThreads() {
    looks_.close();
    for (std::thread& thread : threads_) thread.join();
  }
  void begin(const std::function<void()>& work) {
    threads_.emplace_back([work] { guarded("a thread that judges", work); });
  }

 private:
  Looks& looks_;
  std::vector<std::thread> threads_;
};

class Eyes {
 public:
  Eyes(World world, ServeWords words, const Catalog& catalog)
      : world_(world), words_(std::move(words)), detectors_(catalog),
        messenger_(world_, words_.folder, words_.node, words_.upload), darkroom_(words_.folder), pulse_(words_.node),
        faces_(world_, words_.folder) {
    for (std::int64_t i = 0; i < words_.threads; ++i) judges_.begin([this] { judge(); });
    if (words_.steer)
      steering_.emplace(world_, words_.folder, words_.node, [this](const std::string& camera) { return still_of(camera); });
    watch(words_);
  }

  ~Eyes() {
    steering_.reset();
    for (const auto& [id, watch] : watches_) watch->stop();
    for (const auto& [id, watch] : watches_) watch->halt();
    watches_.clear();
  }

  /// Cameras whose words changed stop and start, all of them when a number that all share changed; the rest go on. Folder, node and threads
  /// stay as they began. @returns the names of what was changed and is not taken.
  std::vector<std::string> watch(const ServeWords& own) {
    if (steering_) steering_->steer(own.cameras);
    std::map<std::string, DrawnOff> off;
    const ServeWords words = steering_ ? with_drawn(own, off, steering_->unsaved()) : own;
    const bool all = std::tie(words.before_s, words.after_s, words.segment_s, words.repeat_s, words.offset_minutes) !=
                     std::tie(words_.before_s, words_.after_s, words_.segment_s, words_.repeat_s, words_.offset_minutes);
    std::map<std::string, std::string> tokens;
    for (const CameraWords& camera : words.cameras) tokens[camera.id] = camera.token;
    messenger_.know(std::move(tokens));
    const std::lock_guard lock(watching_);
    std::map<std::string, const CameraWords*> wanted;
    for (const CameraWords& camera : words.cameras) wanted[camera.id] = &camera;
    std::vector<std::shared_ptr<Watch>> leaving;
    for (auto at = watches_.begin(); at != watches_.end();) {
      const auto want = wanted.find(at->first);
      const bool same = !all && want != wanted.end() && off[at->first] == at->second->off() && to_json(*want->second) == to_json(at->second->words());
      if (same) wanted.erase(want);
      else leaving.push_back(at->second);
      at = same ? std::next(at) : watches_.erase(at);
    }
    for (const auto& watch : leaving) watch->stop();
    // A picture on its way to a judge may hold it for a moment longer, but its own thread has told all it had.
    for (const auto& watch : leaving) watch->halt();
    for (const auto& [id, camera] : wanted) {
      const Surroundings around{world_, words_.folder, words.before_s, words.after_s, static_cast<double>(words.segment_s), words.repeat_s, words.offset_minutes, looks_, messenger_, darkroom_, room_, &faces_};
      watches_[id] = std::make_shared<Watch>(around, *camera, off[id]);
      watches_[id]->start();
    }
    const ServeWords running = std::exchange(words_, words);
    words_.node = running.node;
    words_.folder = running.folder;
    words_.threads = running.threads;
    words_.upload = running.upload;
    words_.steer = running.steer;
    return only_after_a_restart(running, words);
  }
  /// Whether something was drawn since the last call.
  bool steered() { return steering_ && steering_->changed(); }

  void keep_house() {
    try {
      if (const std::size_t gone = faces_.sweep(); gone > 0) say("faces past their end are deleted", "", fmt::format("{}", gone));
      if (const std::size_t off = faces_.damaged(); off != damaged_faces_) say("face templates that were not sealed here or are torn", "", fmt::format("{}", damaged_faces_ = off));
    } catch (const Refusal& refusal) {
      say("the face templates cannot be opened", "", fmt::format("{}: {}", refusal.code, refusal.detail));
    }
    const KeeperLimits limits{std::chrono::hours(words_.keep_hours), std::chrono::hours(24 * words_.keep_event_days),
                              static_cast<std::uint64_t>(words_.free_mib) << 20,
                              std::max<Duration>(std::chrono::seconds(2 * words_.segment_s), std::chrono::seconds(30))};
    const Kept kept = keep(words_.folder, limits, world_.clock.now(), &free_bytes_of);
    if (kept.sacrificed > 0) say("recordings went early: the disk runs full", "", fmt::format("{} files", kept.sacrificed));
    if (kept.full && !disk_full_) say("the disk is below its floor and only events are left: no recordings and no clips until there is room", "", "");
    disk_full_ = kept.full;
    room_.set(kept, free_bytes_of(words_.folder), limits.free_bytes);
  }

  bool short_of_room() const { return free_bytes_of(words_.folder) < static_cast<std::uint64_t>(words_.free_mib) << 20; }

  void write_status() {
    Status status{world_.clock.now(), messenger_.waiting(), messenger_.sent(), messenger_.lost(), messenger_.refused(), messenger_.pictures_lost(),
                  darkroom_.given_up(), disk_full_, messenger_.trouble(), messenger_.held(), {}};
    std::map<std::string, CameraReport> reports;
    for (const auto& [id, watch] : watches_) {
      status.cameras.push_back(watch->state());
      say_what_is_new(status.cameras.back());
      reports[id] = report_of(status.cameras.back(), watch->words().judge);
      if (auto& told = told_shed_[id]; reports[id].sheds != told)
        say((told = reports[id].sheds) ? "there is more to look at than time: pictures are passed over" : "every picture is looked at again", id,
            fmt::format("{} since the start", status.cameras.back().shed));
      if (const auto fps = rates_[id].see(status.cameras.back(), status.at)) pulse_.tell(watch->words().token, *fps);
    }
    say_what_is_new(status);
    if (steering_) steering_->report(std::move(reports));
    write_whole(fs::path(words_.folder) / "status.json", to_json(status) + "\n");
  }

 private:
  std::optional<cv::Mat> still_of(const std::string& camera) {
    const std::lock_guard lock(watching_);
    const auto at = watches_.find(camera);
    return at == watches_.end() ? std::nullopt : at->second->still();
  }

  void say_what_is_new(const WatchState& now) {
    const bool troubled = now.state == "broken" || now.state == "dark";
    if (auto& told = told_[now.id]; now.state != told) say(told = now.state, now.id, troubled ? now.trouble : "");
    if (auto& told = told_second_[now.id]; now.second_look != told) say("second look at e-bikes", now.id, told = now.second_look);
    if (auto& told = told_bins_[now.id]; now.bins_refused != told) say("bins that are not watched", now.id, told = now.bins_refused);
    if (auto& told = told_faces_[now.id]; now.faces_trouble != told) say("faces at the gate", now.id, told = now.faces_trouble);
    if (auto& told = told_drawn_[now.id]; now.drawn_off != told) say("what was drawn in the console", now.id, told = now.drawn_off);
  }

  void say_what_is_new(const Status& now) {
    std::map<std::string, int> held;
    for (const HeldBack& one : now.held) held[one.camera] = one.status;
    for (const auto& [camera, status] : held)
      if (!told_held_.contains(camera)) say("the node does not take this camera's token: its detections wait", camera, fmt::format("{}", status));
    for (const auto& [camera, status] : told_held_)
      if (!held.contains(camera)) say("the node takes this camera's detections again", camera, "");
    told_held_ = std::move(held);
    if (now.node_trouble.empty() != told_node_.empty())
      say(now.node_trouble.empty() ? "the node answers again" : "the node does not answer: detections wait", "", now.node_trouble);
    told_node_ = now.node_trouble;
    if (now.refused > told_refused_) say("the node refused detections for good: they lie in refused/", "", fmt::format("{} since the start", now.refused));
    told_refused_ = now.refused;
    if (now.pictures_lost > told_pictures_) say("detections went without their pictures", "", fmt::format("{} pictures since the start", now.pictures_lost));
    told_pictures_ = now.pictures_lost;
  }

  /// "Sheds" is of the last minute, so that the node is not told twice in five seconds that something comes and goes.
  CameraReport report_of(const WatchState& now, const std::vector<Judgement>& judge) {
    Shedding& before = shedding_[now.id];
    const Time at = world_.clock.now();
    if (at - before.since >= std::chrono::minutes(1)) {
      before.sheds = now.shed > before.shed;
      before.shed = now.shed;
      before.since = at;
    }
    const bool troubled = now.state == "broken" || now.state == "dark";
    return {now.state, troubled ? now.trouble : now.drawn_off, before.sheds, judge};
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
  Pulse pulse_;
  FaceBook faces_;
  std::size_t damaged_faces_ = 0;
  Room room_;
  Looks looks_;
  std::mutex watching_;  ///< guards watches_ between the main thread, which changes it, and who asks for a picture
  std::map<std::string, std::shared_ptr<Watch>> watches_;
  struct Shedding {
    Time since{};
    std::uint64_t shed = 0;
    bool sheds = false;
  };
  std::map<std::string, std::string> told_, told_second_, told_bins_, told_drawn_, told_faces_;
  std::map<std::string, bool> told_shed_;
  std::map<std::string, int> told_held_;
  std::string told_node_;
  std::uint64_t told_refused_ = 0, told_pictures_ = 0;
  std::map<std::string, Shedding> shedding_;
  std::map<std::string, FrameRate> rates_;
  bool disk_full_ = false;
  JudgingThreads judges_{looks_};
  std::optional<Steering> steering_;
};

}  // namespace

int serve(const fs::path& config) {
  ServeFile file(config);
  if (sodium_init() < 0) return 1;
  ::umask(077);  // recordings are bare, and stills and clips show people: they are their owner's alone
  std::signal(SIGTERM, on_stop);
  std::signal(SIGINT, on_stop);
  std::signal(SIGHUP, on_reload);
  std::signal(SIGPIPE, SIG_IGN);
  const fs::path folder = file.words().folder;
  fs::create_directories(folder);
  const FolderLock alone(folder);
  RealClock clock;
  RealIds ids(clock);
  const fs::path models = default_models_folder();
  const Catalog catalog(models / "models.toml", {folder / "models", models});
  if (const std::size_t torn = adopt_torn(folder); torn > 0) say("recordings that were torn off are kept", "", fmt::format("{} files", torn));
  Eyes eyes(World{clock, ids}, file.words(), catalog);
  say("watching", "", config.string());
  for (long turn = 0; asked_to_stop == 0; ++turn) {
    bool again = false;
    try {
      again = file.look(std::exchange(asked_to_reload, 0) != 0);
    } catch (const Refusal& refusal) {
      say("the configuration is off; nothing changed", "", fmt::format("{} {}: {}", refusal.code, refusal.field, refusal.detail));
    }
    // What was drawn is taken also while the file is off: over the last one that was not.
    const bool drawn = eyes.steered();
    if (again || drawn) {
      const std::vector<std::string> left = eyes.watch(file.words());
      if (drawn) say("what was drawn in the console is taken", "", "");
      if (again) say("configuration read again", "", left.empty() ? "" : fmt::format("only after a restart: {}", fmt::join(left, ", ")));
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
