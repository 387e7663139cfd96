#include "vision/serve/messenger.hpp"

#include <fmt/format.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <vector>

#include <boost/json.hpp>

#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "platform/http/client.hpp"

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

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool refused_for_good(int status) {
  static const std::set<int> may_change{401, 403, 404, 408, 425, 429};
  return status >= 400 && status < 500 && !may_change.contains(status);
}

}  // namespace

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
  client_ = std::make_unique<http::Client>(node, http::Client::Config{.timeout = Duration{20'000}});
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Messenger::~Messenger() {
  thread_.request_stop();
  client_->cancel();
  written_.notify_all();
}

bool Messenger::save(const Letter& letter, const fs::path& at) const {
  const std::string part = at.string() + ".part", text = to_json(letter);
  const int file = ::open(part.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  std::error_code failed;
  if (written) fs::rename(part, at, failed);
  else fs::remove(part, failed);
  return written && !failed;
}

bool Messenger::post(const Letter& letter) {
  const fs::path at = folder_ / "outbox" / (world_.ids.ulid() + ".json");
  const bool saved = save(letter, at);
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

std::size_t Messenger::waiting() const {
  std::size_t count = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_ / "outbox", ignored)) count += entry.path().extension() == ".json";
  const std::lock_guard lock(mutex_);
  return count + unsaved_.size();
}

/// Room on the disk again: what waits in memory would be forgotten by a restart.
void Messenger::save_what_waits() {
  const std::lock_guard lock(mutex_);
  while (!unsaved_.empty() && save(unsaved_.front().letter, unsaved_.front().at)) unsaved_.pop_front();
}

/// From memory, while the disk has no room. False when the node does not answer.
bool Messenger::send_unsaved() {
  for (;;) {
    Unsaved next;
    {
      const std::lock_guard lock(mutex_);
      if (unsaved_.empty()) return true;
      next = std::move(unsaved_.front());
      unsaved_.pop_front();
    }
    const Outcome outcome = send(next.letter, next.at);
    if (outcome == Outcome::sent) ++sent_;
    std::error_code ignored;
    if (outcome != Outcome::later) fs::remove(next.at, ignored);  // it may have been written on the way
    if (outcome != Outcome::later) continue;
    const std::lock_guard lock(mutex_);
    unsaved_.push_front(std::move(next));
    return false;
  }
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
    Outcome outcome = Outcome::refused;
    try {
      Letter letter = from_json<Letter>(bytes_of(at));
      outcome = send(letter, at);
    } catch (const Refusal&) {
      // A letter that cannot be read would stop all that come after it.
    }
    if (outcome == Outcome::later) return false;
    if (outcome == Outcome::sent) {
      ++sent_;
      fs::remove(at, ignored);
    } else {
      fs::create_directories(folder_ / "refused", ignored);
      fs::rename(at, folder_ / "refused" / at.filename(), ignored);
    }
  }
  return true;
}

void Messenger::run(const std::stop_token& stop) {
  auto pause = std::chrono::seconds(1);
  while (!stop.stop_requested()) {
    std::uint64_t seen = 0;
    {
      const std::lock_guard lock(mutex_);
      seen = posted_;
    }
    save_what_waits();
    const bool answered = send_saved(stop) && send_unsaved();
    std::unique_lock lock(mutex_);
    if (!answered) {
      written_.wait_for(lock, stop, pause, [] { return false; });
      pause = std::min(pause * 2, std::chrono::seconds(60));
    } else {
      pause = std::chrono::seconds(1);
      written_.wait_for(lock, stop, std::chrono::seconds(30), [&] { return posted_ != seen; });
    }
  }
}

std::optional<std::string> Messenger::upload(const Letter& letter, const std::string& file, const char* type, Outcome& outcome) {
  const std::string bytes = bytes_of(folder_ / file);
  if (bytes.empty()) return std::nullopt;  // retention or a full disk was faster
  const http::Reply reply = client_->request("POST", fmt::format("/api/v1/{}/files", letter.token), {{"Content-Type", type}}, bytes);
  if (reply.failure != http::Failure::none || reply.status >= 500) {
    outcome = Outcome::later;
    return std::nullopt;
  }
  if (reply.status == 404 || reply.status == 405) node_takes_files_ = false;
  if (!reply.good()) return std::nullopt;
  try {
    const auto value = parse_json(reply.body);
    if (const auto* id = value.is_object() ? value.get_object().if_contains("id") : nullptr; id != nullptr && id->is_string())
      return std::string(id->get_string());
  } catch (const Refusal&) {
  }
  return std::nullopt;
}

Messenger::Outcome Messenger::send(Letter& letter, const fs::path& at) {
  Outcome outcome = Outcome::sent;
  if (upload_ && node_takes_files_) {
    for (const auto& [file, id, type] : {std::tuple(&letter.still, &letter.still_file, "image/jpeg"),
                                         std::tuple(&letter.clip, &letter.clip_file, "video/mp4")}) {
      if (!*file || *id) continue;
      *id = upload(letter, **file, type, outcome);
      if (outcome == Outcome::later) return outcome;
      // Kept, so that a node that fails between the two steps gets no picture twice.
      if (*id) save(letter, at);
    }
  }
  const http::Reply reply = client_->post(fmt::format("/api/v1/{}/detections", letter.token), detection_of(letter));
  if (reply.good()) return Outcome::sent;
  return reply.failure == http::Failure::none && refused_for_good(reply.status) ? Outcome::refused : Outcome::later;
}

}  // namespace lifang::vision
