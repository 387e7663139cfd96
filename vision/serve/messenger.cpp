#include "vision/serve/messenger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

#include <boost/json.hpp>

#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "platform/http/client.hpp"
#include "vision/serve/durable.hpp"
#include "vision/serve/guard.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_unsaved = 1000;

struct Body {
  std::int64_t ts = 0;
  std::string kind;
  double confidence = 0;
  JsonObject attributes;
  std::optional<std::string> file;
};
BOOST_DESCRIBE_STRUCT(Body, (), (ts, kind, confidence, attributes, file))

/// None when the machine does not give them now (no descriptors left, a disk that hangs): that says nothing of the letter.
std::optional<std::string> bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::string out;
  char piece[4096];
  while (in.read(piece, sizeof piece) || in.gcount() > 0) out.append(piece, static_cast<std::size_t>(in.gcount()));
  return in.bad() ? std::nullopt : std::optional(std::move(out));
}

constexpr std::chrono::seconds longest_pause{60};

}  // namespace

bool is_urgent(const std::string& kind) { return kind == "ebike_in_lift" || kind == "fall"; }

std::string detection_of(const Letter& letter) {
  JsonObject attributes = letter.attributes;
  if (letter.still_file && letter.clip_file) {
    // A detection names one file: the picture. The clip stands among its attributes.
    auto all = parse_json(attributes.text.empty() ? "{}" : attributes.text);
    all.as_object()["clip"] = *letter.clip_file;
    attributes.text = boost::json::serialize(all);
  }
  return to_json(Body{letter.ts, letter.kind, letter.confidence, attributes, letter.still_file ? letter.still_file : letter.clip_file});
}

Messenger::Messenger(World world, fs::path folder, std::string node, bool upload)
    : world_(world), folder_(std::move(folder)), upload_(upload) {
  fs::create_directories(folder_ / "outbox");
  recover();
  client_ = std::make_unique<http::Client>(node, http::Client::Config{.timeout = Duration{20'000}});
  if (upload_)
    carrier_.emplace(folder_, std::move(node), [this] {
      const std::lock_guard lock(mutex_);
      ++posted_;
      written_.notify_all();
    });
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Messenger::~Messenger() {
  thread_.request_stop();
  client_->cancel();
  written_.notify_all();
  if (thread_.joinable()) thread_.join();
  carrier_.reset();
  save_what_waits();  // the last moment at which the disk may have room again
}

/// Letters that waited for their clip when the program ended: with it when it was finished, else without.
void Messenger::recover() {
  std::vector<fs::path> kept;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_ / "outbox", ignored))
    if (entry.path().extension() == ".film") kept.push_back(entry.path());
  for (const fs::path& at : kept) {
    try {
      Letter letter = from_json<Letter>(bytes_of(at).value_or(""));
      if (letter.clip && !fs::exists(folder_ / *letter.clip, ignored)) {
        letter.clip.reset();
        write_durably(at, to_json(letter));
      }
    } catch (const Refusal&) {
      // It goes where letters go that cannot be read.
    }
    fs::rename(at, fs::path(at).replace_extension(".json"), ignored);
  }
}

bool Messenger::post(const Letter& letter) {
  const fs::path at = folder_ / "outbox" / (world_.ids.ulid() + ".json");
  const bool saved = write_durably(at, to_json(letter));
  {
    const std::lock_guard lock(mutex_);
    ++posted_;
    if (!saved) {
      unsaved_.push_back({letter, at});
      if (unsaved_.size() > most_unsaved) {
        unsaved_.pop_front();
        ++lost_;
      }
    }
  }
  written_.notify_all();
  return saved;
}

std::optional<fs::path> Messenger::keep(const Letter& letter) {
  const fs::path at = folder_ / "outbox" / (world_.ids.ulid() + ".film");
  if (!write_durably(at, to_json(letter))) return std::nullopt;
  return at;
}

void Messenger::release(const std::optional<fs::path>& kept, const Letter& letter) {
  if (!kept) {
    post(letter);
    return;
  }
  // Without its clip when there is none; a disk that refuses this still has the letter itself.
  if (!letter.clip) write_durably(*kept, to_json(letter));
  std::error_code failed;
  fs::rename(*kept, fs::path(*kept).replace_extension(".json"), failed);
  if (failed) {
    post(letter);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    ++posted_;
  }
  written_.notify_all();
}

void Messenger::know(std::map<std::string, std::string> tokens) {
  const std::lock_guard lock(mutex_);
  // A camera with another token is tried again at once.
  for (const auto& [camera, token] : tokens)
    if (const auto before = tokens_.find(camera); before != tokens_.end() && before->second != token) held_.erase(camera);
  tokens_ = std::move(tokens);
  ++posted_;
  written_.notify_all();
}

std::size_t Messenger::waiting() const {
  std::size_t count = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_ / "outbox", ignored))
    count += entry.path().extension() == ".json" || entry.path().extension() == ".film";
  const std::lock_guard lock(mutex_);
  return count + unsaved_.size();
}

std::vector<HeldBack> Messenger::held() const {
  const std::lock_guard lock(mutex_);
  std::vector<HeldBack> out;
  for (const auto& [camera, pause] : held_) out.push_back({camera, pause.status});
  return out;
}

std::string Messenger::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

bool Messenger::is_held(const std::string& camera) const {
  const std::lock_guard lock(mutex_);
  const auto at = held_.find(camera);
  return at != held_.end() && std::chrono::steady_clock::now() < at->second.until;
}

Messenger::Outcome Messenger::hold(const std::string& camera, int status) {
  const std::lock_guard lock(mutex_);
  const auto [at, fresh] = held_.try_emplace(camera);
  Pause& pause = at->second;
  if (!fresh) pause.length = std::min(pause.length * 2, longest_pause);
  pause.status = status;
  pause.until = std::chrono::steady_clock::now() + pause.length;
  return Outcome::held;
}

/// Room on the disk again: what waits in memory would be forgotten by a restart.
void Messenger::save_what_waits() {
  const std::lock_guard lock(mutex_);
  while (!unsaved_.empty() && write_durably(unsaved_.front().at, to_json(unsaved_.front().letter))) unsaved_.pop_front();
}

/// From memory, while the disk has no room. False when the node does not answer.
bool Messenger::send_unsaved() {
  for (fs::path last;;) {
    Unsaved next;
    {
      // The first after the last one: what is held back stays where it is, and the order with it.
      const std::lock_guard lock(mutex_);
      const auto at = std::find_if(unsaved_.begin(), unsaved_.end(), [&](const Unsaved& u) { return last < u.at; });
      if (at == unsaved_.end()) return true;
      next = *at;
    }
    last = next.at;
    if (is_held(next.letter.camera) || behind_.contains(next.letter.camera)) continue;
    Outcome outcome = Outcome::refused;
    try {
      outcome = send(next.letter, next.at);
    } catch (const Refusal&) {
      // What it holds cannot be spelt: it would stop all that come after it.
    }
    if (outcome == Outcome::later) return false;
    if (outcome == Outcome::carried) behind_.insert(next.letter.camera);
    if (outcome == Outcome::held || outcome == Outcome::carried) continue;
    {
      const std::lock_guard lock(mutex_);
      std::erase_if(unsaved_, [&](const Unsaved& u) { return u.at == next.at; });
    }
    if (outcome == Outcome::refused) lay_aside(next.at, &next.letter);
    std::error_code ignored;
    fs::remove(next.at, ignored);  // it may have been written on the way
  }
}

/// A letter that is refused for good, or that cannot be read: kept for whoever wants to know why, as long as events are.
void Messenger::lay_aside(const fs::path& at, const Letter* letter) {
  ++refused_;
  std::error_code ignored;
  const fs::path there = folder_ / "refused" / at.filename();
  if (letter != nullptr) {
    write_durably(there, to_json(*letter));
    return;
  }
  fs::create_directories(folder_ / "refused", ignored);
  fs::rename(at, there, ignored);
  fs::last_write_time(there, fs::file_time_type::clock::now(), ignored);
}

/// False when the node does not answer.
bool Messenger::send_saved(const std::stop_token& stop) {
  std::vector<fs::path> letters;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_ / "outbox", ignored))
    if (entry.path().extension() == ".json") letters.push_back(entry.path());
  std::sort(letters.begin(), letters.end());  // ULIDs: the order of seeing
  for (const fs::path& at : letters) {
    if (stop.stop_requested()) return true;
    // Of a camera that is held back a letter is read once, not in every round.
    if (const auto known = camera_at_.find(at); known != camera_at_.end() && (is_held(known->second) || behind_.contains(known->second))) continue;
    const std::optional<std::string> text = bytes_of(at);
    if (!text) continue;  // tried again in the next round
    Outcome outcome = Outcome::refused;
    try {
      Letter letter = from_json<Letter>(*text);
      outcome = is_held(letter.camera) ? Outcome::held : behind_.contains(letter.camera) ? Outcome::carried : send(letter, at);
      if (outcome == Outcome::held || outcome == Outcome::carried) camera_at_[at] = letter.camera;
      if (outcome == Outcome::carried) behind_.insert(letter.camera);
    } catch (const Refusal&) {
      // A letter that cannot be read would stop all that come after it.
    }
    if (outcome == Outcome::later) return false;
    if (outcome == Outcome::held || outcome == Outcome::carried) continue;
    camera_at_.erase(at);
    if (outcome == Outcome::sent) fs::remove(at, ignored);
    else lay_aside(at, nullptr);
  }
  return true;
}

/// Until somebody posts; sooner when a camera that is held back is to be tried again.
std::chrono::milliseconds Messenger::longest_rest() const {
  std::chrono::milliseconds rest{behind_.empty() ? 30'000 : 250};  // patience with a picture may end
  for (const auto& [camera, pause] : held_)
    rest = std::min(rest, std::max(std::chrono::milliseconds(10), std::chrono::ceil<std::chrono::milliseconds>(
                                                                      pause.until - std::chrono::steady_clock::now())));
  return rest;
}

void Messenger::run(const std::stop_token& stop) {
  auto pause = std::chrono::seconds(1);
  while (!stop.stop_requested()) {
    std::uint64_t seen = 0;
    {
      const std::lock_guard lock(mutex_);
      seen = posted_;
    }
    behind_.clear();
    bool answered = false;
    guarded("what is told to the node", [&] {
      save_what_waits();
      answered = send_saved(stop) && send_unsaved();
    });
    std::unique_lock lock(mutex_);
    if (!answered) {
      written_.wait_for(lock, stop, pause, [] { return false; });
      pause = std::min(pause * 2, longest_pause);
    } else {
      if (behind_.empty()) pause = std::chrono::seconds(1);
      written_.wait_for(lock, stop, longest_rest(), [&] { return posted_ != seen; });
    }
  }
}

/// The detection waits for its pictures, but not for ever and alone.
Messenger::Outcome Messenger::wait_for_files(Letter& letter, const std::string& token, const fs::path& at) {
  Load load{letter.camera, token, is_urgent(letter.kind), {}, {}};
  if (!letter.still_file) load.still = letter.still;
  if (!letter.clip_file) load.clip = letter.clip;
  if (!load.still && !load.clip) return Outcome::sent;
  const Carried carried = carrier_->carry(at, load);
  if (!carried.over) return Outcome::carried;
  if (carried.still_file) letter.still_file = carried.still_file;
  if (carried.clip_file) letter.clip_file = carried.clip_file;
  carrier_->forget(at);
  // Kept, so that a node that fails between the two steps gets no picture twice.
  if (carried.still_file || carried.clip_file) write_durably(at, to_json(letter));
  return carried.held == 0 ? Outcome::sent : hold(letter.camera, carried.held);
}

Messenger::Outcome Messenger::send(Letter& letter, const fs::path& at) {
  std::string token = letter.token;
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = tokens_.find(letter.camera); known != tokens_.end()) token = known->second;
  }
  if (carrier_)
    if (const Outcome outcome = wait_for_files(letter, token, at); outcome != Outcome::sent) return outcome;
  const http::Reply reply = client_->post(door_of(token, "detections"), detection_of(letter));
  const Meaning meaning = meaning_of(reply);
  {
    const std::lock_guard lock(mutex_);
    trouble_ = meaning != Meaning::later ? "" : reply.failure != http::Failure::none ? std::string(http::failure_name(reply.failure)) : fmt::format("it answers {}", reply.status);
  }
  if (meaning == Meaning::later) return Outcome::later;
  if (meaning == Meaning::held) return hold(letter.camera, reply.status);
  if (meaning == Meaning::good) ++sent_;
  if (upload_)
    pictures_lost_ += static_cast<std::uint64_t>(letter.still && !letter.still_file) + static_cast<std::uint64_t>(letter.clip && !letter.clip_file);
  const std::lock_guard lock(mutex_);
  held_.erase(letter.camera);
  return meaning == Meaning::good ? Outcome::sent : Outcome::refused;
}

}  // namespace lifang::vision
