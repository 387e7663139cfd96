// Sentences about what devices see and measure, judged by ready-made rules.
#include "rooms/devices/devices_ready.hpp"
#include "rooms/rules/rules_ready.hpp"
#include "support/story.hpp"

namespace lifang {
namespace {

using W = Story::Words;

void take(Story& s, readings::Batch& batch) {
  s.act([&](Tx& tx) { s.house().take(tx, batch); });
}

std::shared_ptr<const devices::DeviceEntry> entry_of(Story& s, const W& w) {
  const auto entry = s.house().devices.registry().find(w.at("device"));
  Story::expect(entry != nullptr, "no such device");
  return entry;
}

std::size_t open_situations(Story& s, const W& w) {
  situations::Filter filter;
  filter.device = devices::DeviceId{w.at("device")};
  filter.rule = rules::RuleId{w.at("rule")};
  filter.state = situations::State::open;
  return s.ask([&](Reader& r) { return situations::Situations::list(r, s.root(), filter); }).size();
}

}  // namespace

void add_sense_phrases(Story& story) {
  story.phrase("the ready-made rule {rule} judges", [](Story& s, const W& w) {
    const rules::AdoptRules words{{w.at("rule")}, {}, {}, true};
    s.act([&](Tx& tx) { return rules::adopt(tx, s.house().rules, s.house().devices, s.root(), words); });
  });
  story.phrase("the {profile} {device} hangs at {place}", [](Story& s, const W& w) {
    const devices::DeviceWords words{devices::ProfileId{w.at("profile")}, places::PlaceId{w.at("place")}, {}, {}, "secret-" + w.at("device"), {}, JsonObject{}, {}};
    s.act([&](Tx& tx) { return s.house().devices.put(tx, s.root(), devices::DeviceId{w.at("device")}, words); });
  });
  story.phrase("{device} sees {detection} with {confidence}", [](Story& s, const W& w) {
    readings::Batch batch;
    const auto now = to_ms(s.now());
    batch.detections.push_back({now, now, entry_of(s, w)->number, 0, std::stod(w.at("confidence")), w.at("detection"), "", "", ""});
    take(s, batch);
  });
  story.phrase("{device} measures {metric} {value}", [](Story& s, const W& w) {
    readings::Batch batch;
    const auto entry = entry_of(s, w);
    const auto* metric = entry->profile->find(w.at("metric"));
    Story::expect(metric != nullptr, "no such metric");
    const auto now = to_ms(s.now());
    batch.items.push_back({now, now, entry->number, 0, 1});
    batch.values.push_back({std::stod(w.at("value")), metric->number, 0});
    take(s, batch);
  });
  story.phrase("{rule} stands at {device}", [](Story& s, const W& w) { Story::expect_same(std::size_t{1}, open_situations(s, w), "open situations"); });
  story.phrase("{rule} does not stand at {device}", [](Story& s, const W& w) { Story::expect_same(std::size_t{0}, open_situations(s, w), "open situations"); });
}

}  // namespace lifang
