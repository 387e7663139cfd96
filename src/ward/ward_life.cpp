#include "ward/ward_life.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ward/chance.hpp"

namespace lifang::ward {
namespace {

constexpr std::size_t kConnectAtOnce = 50;
constexpr Duration kPause = std::chrono::seconds(5);  ///< before a lost connection is tried again
constexpr std::string_view kRequest = "v1/devices/me/rpc/request/";

/// 3.1.1: 4, 5; MQTT 5: 0x84…0x87, 0x8A. A server that is busy (3, 0x89) is another thing.
bool is_final(std::uint8_t code) { return code == 4 || code == 5 || (code >= 0x84 && code <= 0x87) || code == 0x8A; }

}  // namespace

WardDevices::WardDevices(const WardPlan& plan, mqtt::ClientConfig server, double speed, const Clock& clock, const Steady& steady)
    : plan_(plan),
      server_(std::move(server)),
      speed_(speed),
      clock_(clock),
      steady_(steady),
      began_(clock.now()),
      clients_(static_cast<mqtt::Clients::Listener&>(*this), steady),
      link_of_(plan.devices.size()),
      states_(plan.devices.size()) {
  std::map<std::string, std::size_t> links;
  for (std::size_t i = 0; i < plan.devices.size(); ++i) {
    const PlannedDevice& device = plan.devices[i];
    if (device.words.gateway && *device.words.gateway) {
      link_of_[i] = links.at((*device.words.gateway)->text);
    } else {
      link_of_[i] = links[device.id.text] = links_.size();
      links_.push_back({i, {}, {}});
    }
    // Not all at once: each begins at some point of its interval.
    Chance chance(plan.size.seed, device.id.text);
    const auto interval = interval_of(device.words.profile).count();
    due_.push({began_ + Duration(chance.between(0, interval)), i});
  }
}

Time WardDevices::own_time() const {
  return began_ + Duration(static_cast<std::int64_t>(static_cast<double>((clock_.now() - began_).count()) * speed_));
}

void WardDevices::connect_some() {
  const Duration now = steady_.elapsed();
  for (std::size_t tried = 0; tried < links_.size() && opening_ < kConnectAtOnce; ++tried) {
    Link& link = links_[next_link_];
    const std::size_t number = next_link_;
    next_link_ = (next_link_ + 1) % links_.size();
    if (link.index || link.again > now) continue;
    const PlannedDevice& device = plan_.devices[link.device];
    mqtt::ClientConfig config = server_;
    config.client_id = config.user = device.id.text;
    config.password = *device.words.secret;
    link.index = clients_.open(config);
    by_index_[*link.index] = number;
    ++opening_;
  }
}

void WardDevices::run(const std::atomic<bool>& stop) {
  while (!stop) {
    connect_some();
    const Time now = own_time();
    while (!due_.empty() && due_.top().at <= now) {
      const Due due = due_.top();
      due_.pop();
      const Duration interval = interval_of(plan_.devices[due.device].words.profile);
      speak(due.device, due.at - interval, due.at);
      // After a long pause of the machine nobody makes up for what was not said.
      due_.push({std::max(due.at + interval, now), due.device});
    }
    clients_.poll(std::chrono::milliseconds(50));
  }
  for (const Link& link : links_)
    if (link.index) clients_.disconnect(*link.index);
  clients_.flush();
}

void WardDevices::speak(std::size_t number, Time last, Time at) {
  const PlannedDevice& device = plan_.devices[number];
  const Link& link = links_[link_of_[number]];
  if (!link.index || !clients_.is_open(*link.index)) return;
  const Sensed sensed = sense(device, plan_.size.seed, last, at, states_[number]);
  const Time now = clock_.now();
  const bool through_gateway = link.device != number;
  const std::string text = telemetry_text(sensed, now);
  if (!text.empty()) {
    if (through_gateway) say(*link.index, "v1/gateway/telemetry", fmt::format("{{\"{}\":[{}]}}", device.id.text, text));
    else say(*link.index, "v1/devices/me/telemetry", text);
  }
  for (const std::string& seen : detection_texts(sensed, now))
    if (!through_gateway) say(*link.index, "v1/devices/me/detections", seen);
}

bool WardDevices::say(mqtt::Clients::Index index, std::string_view topic, std::string_view payload) {
  if (!clients_.publish(index, topic, payload, 1)) return false;  // too much is unanswered: this one is lost
  ++sent_;
  return true;
}

void WardDevices::connected(mqtt::Clients::Index index, std::uint8_t code) {
  --opening_;
  note(index, code);
  if (code != 0) return;
  ++open_;
  clients_.subscribe(index, "v1/devices/me/rpc/request/+", 1);
}

void WardDevices::note(mqtt::Clients::Index index, std::uint8_t code) {
  const auto found = by_index_.find(index);
  if (found == by_index_.end()) return;
  Link& link = links_[found->second];
  const bool refused = is_final(code);
  const std::lock_guard lock(refused_mutex_);
  if (refused && !link.refused && refused_.count++ == 0) {
    refused_.first = plan_.devices[link.device].id.text;
    refused_.code = code;
  }
  if (!refused && link.refused && code == 0) --refused_.count;
  if (refused || code == 0) link.refused = refused;
}

WardDevices::Refused WardDevices::refused() const {
  const std::lock_guard lock(refused_mutex_);
  Refused now = refused_;
  now.of = links_.size();  // which stay as they were planned
  return now;
}

void WardDevices::acknowledged(mqtt::Clients::Index, std::uint16_t, mqtt::Reason) { ++acknowledged_; }

void WardDevices::message(mqtt::Clients::Index index, std::string_view topic, std::string_view payload) {
  const auto link = by_index_.find(index);
  if (link == by_index_.end() || !topic.starts_with(kRequest)) return;
  DeviceStates& states = states_[links_[link->second].device];
  const auto says = [&](std::string_view text) { return payload.find(text) != std::string_view::npos; };
  const bool on = says("\"on\":true");
  if (says("\"set_mist\"")) states.mist = on;
  if (says("\"irrigate\"")) states.irrigating = on;
  if (says("\"hold\"")) states.held = true;
  if (says("\"release\"")) states.held = false;
  say(index, fmt::format("v1/devices/me/rpc/response/{}", topic.substr(kRequest.size())), R"({"ok":true})");
}

void WardDevices::closed(mqtt::Clients::Index index, mqtt::Reason) {
  const auto found = by_index_.find(index);
  if (found == by_index_.end()) return;
  Link& link = links_[found->second];
  link.index.reset();
  link.again = steady_.elapsed() + kPause;
  by_index_.erase(found);
  open_ = static_cast<std::size_t>(std::count_if(links_.begin(), links_.end(), [&](const Link& one) {
    return one.index && clients_.is_open(*one.index);
  }));
  opening_ = static_cast<std::size_t>(std::count_if(links_.begin(), links_.end(), [&](const Link& one) {
    return one.index && !clients_.is_open(*one.index);
  }));
}

}  // namespace lifang::ward
