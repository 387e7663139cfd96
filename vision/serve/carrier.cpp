#include "vision/serve/carrier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <tuple>

#include "base/json_text.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "platform/http/client.hpp"
#include "platform/http/target.hpp"
#include "vision/serve/guard.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

constexpr int most_tries = 3;
constexpr std::uint64_t bytes_a_second = 64 << 10;  // a poor uplink
constexpr auto none_taken = std::chrono::minutes(5), none_now = std::chrono::minutes(1);

std::string all_bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::uint64_t size_of(const fs::path& folder, const std::optional<std::string>& file) {
  std::error_code none;
  const auto size = file ? fs::file_size(folder / *file, none) : 0;
  return none ? 0 : size;
}

}  // namespace

std::optional<std::string> file_id_in(std::string_view body) {
  try {
    const auto value = parse_json(body);
    const auto* named = value.is_object() ? value.get_object().if_contains("id") : nullptr;
    if (named != nullptr && named->is_string()) return std::string(named->get_string());
  } catch (const Refusal&) {
    // An answer that is none.
  }
  return std::nullopt;
}

/// Whether a token is known may change for one camera, whether there is room and time for all of them.
Meaning meaning_of(const http::Reply& reply) {
  static const std::set<int> for_all{408, 425, 429}, for_one{401, 403, 404};
  if (reply.good()) return Meaning::good;
  if (reply.failure != http::Failure::none || reply.status >= 500 || for_all.contains(reply.status)) return Meaning::later;
  if (for_one.contains(reply.status)) return Meaning::held;
  return reply.status >= 400 ? Meaning::refused : Meaning::later;
}

std::string door_of(const std::string& token, std::string_view what) { return fmt::format("/api/v1/{}/{}", http::percent_encode(token), what); }

std::chrono::seconds patience_for(std::uint64_t bytes, bool urgent) {
  return std::chrono::seconds(urgent ? 5 : std::min<std::uint64_t>(120, 20 + bytes / bytes_a_second));
}

Carrier::Carrier(fs::path folder, std::string node, std::function<void()> moved)
    : folder_(std::move(folder)), node_(std::move(node)), moved_(std::move(moved)) {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested() && !guarded("pictures on their way to the node", [&] { run(stop); })) std::this_thread::sleep_for(std::chrono::seconds(1));
  });
}

Carrier::~Carrier() {
  thread_.request_stop();
  {
    const std::lock_guard lock(mutex_);
    if (client_) client_->cancel();
  }
  asked_.notify_all();
}

Carried Carrier::carry(const fs::path& at, const Load& load) {
  const Instant now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  const auto [trip, fresh] = trips_.try_emplace(at);
  Trip& mine = trip->second;
  if (fresh) {
    mine.load = load;
    mine.until = now + patience_for(size_of(folder_, load.still) + size_of(folder_, load.clip), load.urgent);
    asked_.notify_all();
  }
  const auto closed = closed_.find(load.camera);
  if (now >= mine.until || (closed != closed_.end() && now < closed->second)) mine.carried.over = true;
  if (!mine.load.still && !mine.load.clip) mine.carried.over = true;
  return mine.carried;
}

void Carrier::forget(const fs::path& at) {
  const std::lock_guard lock(mutex_);
  if (trips_.erase(at) != 0 && under_way_ == at && client_) client_->cancel();
}

/// What is urgent goes first, then stills before clips, then the order of seeing. `wake`: when the first of the others is due.
Carrier::Trips::iterator Carrier::next_trip(Instant now, Instant& wake) {
  const auto rank = [](const Trips::iterator& at) { return std::tuple(!at->second.load.urgent, !at->second.load.still.has_value()); };
  auto best = trips_.end();
  for (auto at = trips_.begin(); at != trips_.end(); ++at) {
    const Trip& trip = at->second;
    if (trip.carried.over) continue;
    if (now < trip.next) wake = std::min(wake, trip.next);
    else if (best == trips_.end() || rank(at) < rank(best)) best = at;
  }
  return best;
}

/// The file was brought, or is not to be tried again.
void Carrier::settle(Trip& trip, bool still) {
  (still ? trip.load.still : trip.load.clip).reset();
  trip.tries = 0;
  trip.carried.over = !trip.load.still && !trip.load.clip;
}

void Carrier::take(const std::unique_lock<std::mutex>& /*held*/, const fs::path& at, bool still, const http::Reply& reply) {
  const auto found = trips_.find(at);
  if (found == trips_.end()) return;  // nobody waits for it any more
  Trip& trip = found->second;
  const Meaning meaning = meaning_of(reply);
  const Instant now = std::chrono::steady_clock::now();
  if (reply.status == 404 || reply.status == 405) {
    closed_[trip.load.camera] = now + none_taken;
    trip.carried.over = true;
  } else if (meaning == Meaning::held) {
    trip.carried.held = reply.status;
    trip.carried.over = true;
  } else if (meaning == Meaning::later) {
    trip.next = now + std::chrono::milliseconds(500) * (1 << trip.tries);
    if (++trip.tries < most_tries) return;
    // A node that is away says so to the detection too.
    if (reply.failure == http::Failure::none) closed_[trip.load.camera] = now + none_now;
    trip.carried.over = true;
  } else {
    if (meaning == Meaning::good) (still ? trip.carried.still_file : trip.carried.clip_file) = file_id_in(reply.body);
    settle(trip, still);
  }
}

void Carrier::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const Instant now = std::chrono::steady_clock::now();
    Instant wake = now + std::chrono::seconds(30);
    const auto next = next_trip(now, wake);
    if (next == trips_.end()) {
      asked_.wait_until(lock, stop, wake, [this] {
        Instant ignored{};
        return next_trip(std::chrono::steady_clock::now(), ignored) != trips_.end();
      });
      continue;
    }
    const fs::path at = under_way_ = next->first;
    const Load load = next->second.load;
    const bool still = load.still.has_value();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next->second.until - now);
    if (left <= std::chrono::milliseconds::zero()) {
      next->second.carried.over = true;  // whoever waits knows by himself
      continue;
    }
    client_ = std::make_shared<http::Client>(node_, http::Client::Config{.timeout = left});
    const auto client = client_;
    lock.unlock();
    const std::string bytes = all_bytes_of(folder_ / (still ? *load.still : *load.clip));
    http::Reply reply;
    if (!bytes.empty())
      reply = client->request("POST", door_of(load.token, "files"), {{"Content-Type", still ? "image/jpeg" : "video/mp4"}}, bytes);
    lock.lock();
    client_.reset();
    under_way_.clear();
    if (!bytes.empty()) take(lock, at, still, reply);
    else if (const auto found = trips_.find(at); found != trips_.end()) settle(found->second, still);  // retention or a full disk was faster
    lock.unlock();
    moved_();
    lock.lock();
  }
}

}  // namespace lifang::vision
