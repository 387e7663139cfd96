#include "vision/serve/pulse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "platform/http/client.hpp"
#include "vision/serve/carrier.hpp"
#include "vision/serve/guard.hpp"

namespace lifang::vision {
namespace {

constexpr auto beat = std::chrono::minutes(1);
constexpr double most_fps = 120;

}  // namespace

std::optional<double> FrameRate::see(const WatchState& now, Time at) {
  const bool fresh = !since_ || now.packets < packets_ || at < *since_;
  if (!fresh && at - *since_ < beat) return std::nullopt;
  const double seconds = fresh ? 0 : std::chrono::duration<double>(at - *since_).count();
  const std::uint64_t came = fresh ? 0 : now.packets - packets_;
  const std::uint64_t torn = fresh || now.corrupt < corrupt_ ? 0 : now.corrupt - corrupt_;
  since_ = at;
  packets_ = now.packets;
  corrupt_ = now.corrupt;
  if (now.state != "watching" || came <= torn) return std::nullopt;
  return std::min(most_fps, std::round(static_cast<double>(came - torn) / seconds * 10) / 10);
}

Pulse::Pulse(const std::string& node) : client_(std::make_unique<http::Client>(node, http::Client::Config{.timeout = std::chrono::seconds(10)})) {
  thread_ = std::jthread([this](const std::stop_token& stop) { guarded("the cameras' signs of life", [&] { run(stop); }); });
}

Pulse::~Pulse() {
  thread_.request_stop();
  client_->cancel();
  told_.notify_all();
}

void Pulse::tell(const std::string& token, double fps) {
  const std::lock_guard lock(mutex_);
  if (unknown_.contains(token)) return;
  waiting_[token] = fps;
  told_.notify_all();
}

void Pulse::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (told_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
    const auto next = std::exchange(waiting_, {});
    lock.unlock();
    std::set<std::string> unknown;
    for (const auto& [token, fps] : next) {
      if (stop.stop_requested()) return;
      const http::Reply reply = client_->post(door_of(token, "telemetry"), fmt::format(R"({{"fps":{}}})", fps));
      if (reply.status == 422 && reply.body.find("porch.unknown_metric") != std::string::npos) unknown.insert(token);
    }
    lock.lock();
    unknown_.merge(unknown);
  }
}

}  // namespace lifang::vision
