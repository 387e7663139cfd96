// A hand in a house without sockets: makes devices and rules, speaks as devices do, lets time pass.
#pragma once
#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/reflect.hpp"
#include "house.hpp"
#include "support/fake_world.hpp"

namespace lifang {

class DeviceHand {
 public:
  DeviceHand(House& house, FakeWorld& world) : house_(house), world_(world) {}

  template <class Fn>
  auto act(Fn&& fn) {
    if constexpr (std::is_void_v<std::invoke_result_t<Fn, Tx&>>) {
      house_.lane.now(fn);
      house_.lane.settle();
    } else {
      auto result = house_.lane.get(fn);
      house_.lane.settle();
      return result;
    }
  }
  template <class Fn>
  auto ask(Fn&& fn) {
    Reader reader(house_.lane.session());
    return fn(reader);
  }
  Time now() const { return world_.clock.now(); }
  /// Everything that becomes due on the way happens at its own instant.
  void pass(Duration d) {
    const Time end = now() + d;
    for (;;) {
      auto due = house_.jobs.next_due();
      if (const auto timer = house_.rules.live().next_due(); timer && (!due || *timer < *due)) due = timer;
      if (!due || *due > end) break;
      if (*due > now()) world_.clock.set(*due);
      if (!house_.lane.step()) break;
      house_.lane.settle();
    }
    world_.clock.set(end);
    house_.lane.settle();
  }

  void place(const std::string& id, places::Kind kind, const std::string& parent = {}) {
    places::PlaceWords words{kind, id, {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = places::PlaceId{parent};
    act([&](Tx& tx) { return house_.places.put(tx, root_, places::PlaceId{id}, words); });
  }
  void profile(const std::string& id, const std::string& words) {
    act([&](Tx& tx) {
      return house_.devices.put_profile(tx, root_, devices::ProfileId{id}, from_json<devices::ProfileWords>(words));
    });
  }
  void device(const std::string& id, const std::string& profile, const std::string& place, const std::string& attributes = "{}") {
    devices::DeviceWords words{devices::ProfileId{profile}, places::PlaceId{place}, {}, {}, "secret-" + id, {}, JsonObject{attributes}, {}};
    act([&](Tx& tx) { return house_.devices.put(tx, root_, devices::DeviceId{id}, words); });
  }
  /// Kept and judging from here on.
  void rule(const std::string& id, const std::string& words) {
    act([&](Tx& tx) { return house_.rules.put(tx, root_, rules::RuleId{id}, words); });
    act([&](Tx& tx) { return house_.rules.activate(tx, root_, rules::RuleId{id}); });
  }

  using Values = std::vector<std::pair<std::string, double>>;
  /// Messages of one device, by its own clock, all in one batch of the lane.
  void say_all(const std::string& device, const std::vector<std::pair<Time, Values>>& messages) {
    readings::Batch batch;
    const auto entry = house_.devices.registry().find(device);
    for (const auto& [ts, values] : messages) {
      batch.items.push_back({to_ms(ts), to_ms(now()), entry->number, static_cast<std::uint32_t>(batch.values.size()),
                             static_cast<std::uint32_t>(values.size())});
      for (const auto& [name, value] : values) {
        const auto* metric = entry->profile->find(name);
        batch.values.push_back({value, metric->number, static_cast<std::uint8_t>(entry->suspect(*metric, value) ? readings::suspect : 0)});
      }
    }
    act([&](Tx& tx) { house_.take(tx, batch); });
  }
  void say_at(const std::string& device, Time ts, Values values) { say_all(device, {{ts, std::move(values)}}); }
  void say(const std::string& device, Values values) { say_at(device, now(), std::move(values)); }
  void see(const std::string& device, const std::string& kind, double confidence, const std::string& file = {},
           const std::string& attributes = {}) {
    readings::Batch batch;
    batch.detections.push_back({to_ms(now()), to_ms(now()), house_.devices.registry().find(device)->number, 0, confidence, kind, attributes, file, ""});
    act([&](Tx& tx) { house_.take(tx, batch); });
  }
  /// The device answers the newest command that it was sent.
  void answer(const std::string& device, const std::string& result = "{}") {
    act([&](Tx& tx) {
      const auto waiting = devices::Devices::waiting_for(tx, devices::DeviceId{device});
      if (waiting.empty()) return;
      house_.devices.sent(tx, waiting.back().id);
      house_.devices.answered(tx, devices::DeviceId{device}, waiting.back().number, result);
    });
  }

  std::vector<situations::Situation> situations(const situations::Filter& filter = {}) {
    return ask([&](Reader& r) { return situations::Situations::list(r, root_, filter); });
  }
  std::vector<actions::Action> actions(const actions::Filter& filter = {}) {
    return ask([&](Reader& r) { return actions::Actions::list(r, root_, filter); });
  }
  /// Commands of a device as "method state", oldest first.
  std::vector<std::string> commands(const std::string& device) {
    devices::CommandFilter filter;
    filter.device = devices::DeviceId{device};
    filter.limit = 500;
    std::vector<std::string> said;
    for (const auto& c : ask([&](Reader& r) { return devices::Devices::list_commands(r, root_, filter); }))
      said.insert(said.begin(), c.method + " " + std::string(enum_name(c.state)));
    return said;
  }
  House& house() { return house_; }

 private:
  House& house_;
  FakeWorld& world_;
  Caller root_ = Caller::system();
};

}  // namespace lifang
