#include "node_health.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "node.hpp"
#include "platform/http/routes.hpp"

namespace lifang {
namespace {

constexpr Duration kBeat = std::chrono::seconds(10);

/// Reasons with their counts, most first.
std::vector<RefusedWords> sorted(const std::map<std::string, std::uint64_t>& counts) {
  std::vector<RefusedWords> words;
  for (const auto& [reason, count] : counts)
    if (count > 0) words.push_back({reason, static_cast<std::int64_t>(count)});
  std::stable_sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
  return words;
}

std::int64_t only(const std::map<std::string, std::uint64_t>& counts) {
  std::uint64_t sum = 0;
  for (const auto& [label, count] : counts) sum += count;
  return static_cast<std::int64_t>(sum);
}

/// Who did not act on what was told. Everybody may read it, so it names rooms only; the node's health and `lifang verify`
/// have the reasons.
std::string unheard(const std::vector<bus::Hearer>& hearers) {
  std::string words;
  for (const bus::Hearer& hearer : hearers)
    words += (words.empty() ? "" : "; ") + (hearer.aside ? fmt::format("{} set {} events aside", hearer.name, hearer.failures)
                                                         : hearer.name + " waits at an event that fails");
  return words.empty() ? words : words + " (lifang verify)";
}

}  // namespace

std::pair<bool, std::string> Node::readiness() const {
  const auto health = house_->lane.health();
  if (!health.open || !health.trouble.empty())
    return {false, health.trouble.empty() ? "the lane is not running" : health.trouble};
  if (auto trouble = mqtt_->server().trouble(); !trouble.empty()) return {false, std::move(trouble)};
  std::string words;
  const std::string behind = intake_->held() ? "folding readings is behind; devices wait" : "";
  for (const std::string& note : {health.clock_note, tls_.note(), behind, unheard(house_->bus.parked())})
    if (!note.empty()) words += (words.empty() ? "" : "; ") + note;
  return {true, words};
}

NodeHealth Node::look() const {
  const House& house = *house_;
  NodeHealth words;
  words.at = world_.clock.now();
  std::tie(words.ready, words.note) = readiness();
  words.lane_waiting = static_cast<std::int64_t>(house.lane.health().waiting);
  words.porch_waiting_values = static_cast<std::int64_t>(intake_->waiting());
  words.device_connections = static_cast<std::int64_t>(mqtt_->server().counters().connections_now);
  words.open_pages = static_cast<std::int64_t>(live_->listeners());
  words.messages = only(house.metrics.of("lifang_messages_total"));
  const readings::Counters& count = house.readings.counters();
  words.values_stored = static_cast<std::int64_t>(count.stored);
  words.values_suspect = static_cast<std::int64_t>(count.suspect);
  words.series = static_cast<std::int64_t>(house.readings.series());
  std::error_code unknown;
  if (const auto disk = std::filesystem::space(directory_, unknown); !unknown) {
    words.disk_free_bytes = static_cast<std::int64_t>(disk.available);
    words.disk_total_bytes = static_cast<std::int64_t>(disk.capacity);
  }
  words.certificate_ends = tls_.ends();
  words.certificate_trouble = !tls_.note().empty();
  for (const auto& hearer : house.bus.parked())
    words.parked.push_back({hearer.name, hearer.failures, hearer.error, hearer.retry_at, hearer.aside});
  for (const auto& failing : house.jobs.failing())
    words.parked.push_back({failing.job.kind + " " + failing.job.name, failing.times, failing.error, failing.job.due, false});
  auto refused = house.metrics.of("lifang_refused_total");
  for (const auto& [code, times] : refused_below()) refused[code] += times;
  words.refused = sorted(refused);
  return words;
}

std::map<std::string, std::uint64_t> Node::refused_below() const {
  std::map<std::string, std::uint64_t> refused;
  for (const auto& [code, times] : mqtt_->refused_below()) refused[code] += times;
  for (const auto& [code, times] : http_->counters().refused) refused[std::string(code)] += static_cast<std::uint64_t>(times);
  return refused;
}

void Node::beat() {
  if (!live_->heard("node")) return;
  const std::lock_guard lock(beat_mutex_);
  const Time now = world_.clock.now();
  auto state = readiness();
  const auto standing = std::pair{std::move(state), house_->bus.parked().size()};
  // A clock that was set back does not silence the beat.
  if (told_ == standing && now >= beaten_ && now - beaten_ < kBeat) return;
  told_ = standing;
  beaten_ = now;
  live_->say("node.health", to_json(look()), now);
}

void Node::tell_of_devices() {
  const auto watched = live_->named("devices");
  const std::lock_guard lock(devices_mutex_);
  std::erase_if(devices_told_, [&](const auto& told) { return !watched.contains(told.first); });
  for (const auto& [id, watchers] : watched) {
    const devices::DevicePtr device = house_->devices.registry().find(id);
    if (!device) continue;
    const devices::DeviceState& state = *device->state;
    // A page asks when it is opened, and may have done so before its stream stood: one more that looks is told at once.
    std::string stands =
        fmt::format("{} {} {} {} {} {} {} {}", watchers, state.last_seen.load(), state.connections.load() > 0,
                    state.messages.load(), state.suspect.load(), state.refused.load(), state.late.load(),
                    state.repeated.load());
    // A message counts when it comes, its values when they are committed.
    house_->readings.each_latest(device->number, [&](std::uint16_t metric, const readings::Point& point) {
      stands += fmt::format(" {}:{}={}", metric, point.ts, point.value);
    });
    if (std::string& told = devices_told_[id]; told != stands) {
      told = std::move(stands);
      live_->say_of("devices.said", id, device->path, "{}", world_.clock.now());
    }
  }
}

void Node::add_health() {
  http::Routes& routes = *house_->routes;
  lane::Lane& lane = house_->lane;
  const auto text = [](int status, std::string words) {
    http::Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(words);
    return response;
  };
  routes.free("GET", "/healthz", "The lane is alive", [&lane, text](http::Request&&, http::Responder responder) {
    responder.answer(lane.health().open ? text(200, "ok\n") : text(503, "the lane is not running\n"));
  });
  routes.free("GET", "/readyz", "Database and porch are ready", [this, text](http::Request&&, http::Responder responder) {
    const auto [ready, note] = readiness();
    if (!ready) return responder.answer(text(503, note + "\n"));
    responder.answer(text(200, (note.empty() ? "ready" : "ready; " + note) + "\n"));
  });
  house_->metrics.gauges([this](const auto& say) {
    const auto health = house_->lane.health();
    say("lifang_lane_ready", health.open && health.trouble.empty() ? 1 : 0);
    say("lifang_clock_set_back", health.clock_note.empty() ? 0 : 1);
    say("lifang_lane_batches", static_cast<double>(health.batches));
    say("lifang_lane_waiting", static_cast<double>(health.waiting));
    say("lifang_porch_waiting_values", static_cast<double>(intake_->waiting()));
    say("lifang_mqtt_connections", static_cast<double>(mqtt_->server().counters().connections_now));
    say("lifang_http_connections", static_cast<double>(http_->counters().connections_now));
    if (const auto ends = tls_.ends()) say("lifang_tls_certificate_ends", static_cast<double>(to_ms(*ends)) / 1000);
    say("lifang_tls_trouble", tls_.note().empty() ? 0 : 1);
    say("lifang_live_listeners", static_cast<double>(live_->listeners()));
    const auto hearers = house_->bus.parked();
    say("lifang_bus_parked_hearers", static_cast<double>(std::count_if(hearers.begin(), hearers.end(), [](const auto& h) { return !h.aside; })));
    say("lifang_bus_set_aside", static_cast<double>(house_->bus.aside()));
    say("lifang_jobs_failing", static_cast<double>(house_->jobs.failing().size()));
    std::error_code unknown;
    if (const auto disk = std::filesystem::space(directory_, unknown); !unknown) {
      say("lifang_disk_free_bytes", static_cast<double>(disk.available));
      say("lifang_disk_total_bytes", static_cast<double>(disk.capacity));
    }
  });
  routes.free("GET", "/metrics", "Counters for Prometheus", [this](http::Request&&, http::Responder responder) {
    http::Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = house_->metrics.text(refused_below());
    responder.answer(std::move(response));
  });
  routes.get("/api/v1/node/health", "node.read", "How the node is; told again on the live stream (topics=node)",
             [this](Reader&, const http::Call&) { return look(); });
  routes.post<http::Nothing>("/api/v1/node/aside", "node.verify", "Tries once more what hearers refused for good and set aside",
                             [this](Tx&, const http::Call&, const http::Nothing&) {
                               house_->bus.hear_aside();
                               return http::Nothing{};
                             });
  routes.free("GET", "/api/openapi.json", "This description", [&routes](http::Request&&, http::Responder responder) {
    responder.answer(http::json_response(routes.openapi()));
  });
}

}  // namespace lifang
