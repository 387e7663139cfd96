// A burst of messages over many connections, with the time that each waited for its acknowledgement.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "ward/chance.hpp"
#include "ward/ward_life.hpp"

namespace lifang::ward {
namespace {

// A millisecond, which is what Steady tells, would be too coarse for what is measured here.
using Instant = std::chrono::steady_clock::time_point;

class Bursting final : mqtt::Clients::Listener {
 public:
  Bursting(const Burst& burst, mqtt::ClientConfig server, const Clock& clock, const Steady& steady)
      : burst_(burst), clock_(clock), clients_(static_cast<mqtt::Clients::Listener&>(*this), steady) {
    server.window = burst.in_flight;
    waiting_.resize(burst.devices.size());
    for (const auto& [id, secret] : burst.devices) {
      server.client_id = server.user = id;
      server.password = secret;
      clients_.open(server);
      if (++opened_ % 200 == 0) clients_.poll(Duration{20});
    }
  }

  BurstFigures run(const std::function<bool()>& ended) {
    for (int i = 0; i < 1000 && figures_.connected + figures_.closed < opened_ && !ended(); ++i) clients_.poll(Duration{20});
    const Instant began = std::chrono::steady_clock::now();
    const Instant until = began + burst_.lasts;
    for (Instant now = began; now < until && !ended(); now = std::chrono::steady_clock::now()) {
      send(std::chrono::duration<double>(now - began).count(), now);
      clients_.poll(Duration{burst_.rate > 0 ? 1 : 100});
    }
    for (int i = 0; i < 100 && figures_.acknowledged < figures_.sent; ++i) clients_.poll(Duration{50});
    figures_.seconds = std::chrono::duration<double>(last_ack_ - began).count();
    std::sort(latencies_.begin(), latencies_.end());
    const auto at = [&](double part) {
      return latencies_.empty() ? 0 : latencies_[static_cast<std::size_t>(part * static_cast<double>(latencies_.size() - 1))] / 1000.0;
    };
    figures_.p50_ms = at(0.5);
    figures_.p99_ms = at(0.99);
    figures_.worst_ms = at(1);
    return figures_;
  }

 private:
  void send(double elapsed, Instant now) {
    const std::uint64_t allowed = burst_.rate > 0 ? static_cast<std::uint64_t>(burst_.rate * elapsed) : UINT64_MAX;
    std::size_t idle = 0;  // connections in a row that had no room
    while (figures_.sent < allowed && idle < opened_) {
      const std::size_t index = next_;
      next_ = (next_ + 1) % opened_;
      if (clients_.room(index) == 0) {
        ++idle;
        continue;
      }
      idle = 0;
      const std::string text = fmt::format(R"({{"ts":{},"values":{{"a":{:.1f},"b":{:.1f},"c":{:.2f}}}}})", stamp(), chance_.real() * 100,
                                           20 + chance_.noise(), chance_.real());
      if (!clients_.publish(index, "v1/devices/me/telemetry", text, 1)) continue;
      waiting_[index].push_back(now);
      ++figures_.sent;
    }
  }
  /// Never the same twice, so that no message is taken for a repeated one.
  std::int64_t stamp() { return last_stamp_ = std::max(last_stamp_ + (next_ == 0 ? 1 : 0), to_ms(clock_.now())); }

  void connected(mqtt::Clients::Index, std::uint8_t code) override { figures_.connected += code == 0; }
  void closed(mqtt::Clients::Index index, mqtt::Reason) override {
    ++figures_.closed;
    if (index < waiting_.size()) waiting_[index].clear();
  }
  void acknowledged(mqtt::Clients::Index index, std::uint16_t, mqtt::Reason) override {
    ++figures_.acknowledged;
    if (index >= waiting_.size() || waiting_[index].empty()) return;
    // Acknowledgements come in the order of the messages.
    last_ack_ = std::chrono::steady_clock::now();
    latencies_.push_back(
        static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(last_ack_ - waiting_[index].front()).count()));
    waiting_[index].pop_front();
  }

  const Burst& burst_;
  const Clock& clock_;
  mqtt::Clients clients_;
  Chance chance_{1};
  std::vector<std::deque<Instant>> waiting_;
  std::vector<std::uint32_t> latencies_;  ///< microseconds
  std::size_t opened_ = 0, next_ = 0;
  std::int64_t last_stamp_ = 0;
  Instant last_ack_ = std::chrono::steady_clock::now();
  BurstFigures figures_;
};

}  // namespace

BurstFigures run_burst(const Burst& burst, const mqtt::ClientConfig& server, const Clock& clock, const Steady& steady,
                       const std::function<bool()>& ended) {
  return Bursting(burst, server, clock, steady).run(ended);
}

}  // namespace lifang::ward
