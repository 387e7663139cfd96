#include "rooms/devices/devices_ready.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/embedded.hpp"
#include "base/reflect.hpp"
#include "rooms/devices/devices_store.hpp"

namespace lifang::devices {
namespace {

std::vector<ReadyWords> read_words() {
  for (const embedded::File& file : embedded::data())
    if (file.path.ends_with("devices/data/profiles.json")) return from_json<std::vector<ReadyWords>>(file.bytes);
  check(false, "the ready-made profiles travel inside the program");
  return {};
}

/// They never change while the program runs.
const std::vector<ReadyWords>& all() {
  static const std::vector<ReadyWords> words = read_words();
  return words;
}

ProfileWords words_of(const ReadyWords& ready, Tongue tongue) {
  const bool zh = tongue == Tongue::zh;
  ProfileWords words;
  words.name = zh ? ready.name : ready.name_en;
  words.metrics.emplace();
  for (const ReadyMetric& m : ready.metrics) words.metrics->push_back({m.id, zh ? m.name : m.name_en, m.unit, m.min, m.max});
  words.commands = ready.commands;
  words.detections = ready.detections;
  words.silent_after = ready.silent_after;
  return words;
}

bool is_same(const Profile& here, const ReadyWords& ready, Tongue tongue) {
  const ProfileWords words = words_of(ready, tongue);
  return to_json(here) == to_json(Profile{ready.id, words.name, *words.metrics, *words.commands, *words.detections, words.silent_after});
}

ReadyProfile with_standing(Reader& reader, const ReadyWords& ready) {
  ReadyProfile shown;
  static_cast<ReadyWords&>(shown) = ready;
  if (const auto here = store::find_profile(reader, ready.id))
    shown.standing = is_same(*here, ready, Tongue::zh) || is_same(*here, ready, Tongue::en) ? ReadyState::same : ReadyState::changed;
  return shown;
}

}  // namespace

std::vector<ReadyProfile> ready_profiles(Reader& reader) {
  std::vector<ReadyProfile> shown;
  for (const ReadyWords& ready : all()) shown.push_back(with_standing(reader, ready));
  return shown;
}

const ReadyWords* ready_words(std::string_view id) {
  const auto found = std::find_if(all().begin(), all().end(), [&](const ReadyWords& w) { return w.id.text == id; });
  return found == all().end() ? nullptr : &*found;
}

std::optional<ReadyProfile> ready_profile(Reader& reader, const std::string& id) {
  const ReadyWords* ready = ready_words(id);
  return ready ? std::optional(with_standing(reader, *ready)) : std::nullopt;
}

static const std::string& either(Tongue tongue, const std::string& name, const std::string& zh, const std::string& en) {
  if (name != zh && name != en) return name;
  return tongue == Tongue::zh ? zh : en;
}

std::string profile_name_in(Tongue tongue, std::string_view profile, const std::string& name) {
  const ReadyWords* ready = ready_words(profile);
  return ready ? either(tongue, name, ready->name, ready->name_en) : name;
}

std::string metric_in(Tongue tongue, std::string_view profile, std::string_view metric, const std::string& name) {
  const ReadyWords* ready = ready_words(profile);
  if (!ready) return name;
  const auto one = std::find_if(ready->metrics.begin(), ready->metrics.end(), [&](const ReadyMetric& m) { return m.id == metric; });
  return one == ready->metrics.end() ? name : either(tongue, name, one->name, one->name_en);
}

std::vector<ReadyProfile> adopt(Tx& tx, Devices& devices, const Caller& caller, const AdoptWords& words) {
  caller.must("devices.write", "/");
  std::vector<ReadyProfile> adopted;
  for (std::size_t i = 0; i < words.ids.size(); ++i) {
    const auto ready = ready_profile(tx, words.ids[i]);
    const std::string field = "/ids/" + std::to_string(i);
    if (!ready) throw invalid("devices.unknown_ready", field, "none of GET /api/v1/devices/ready");
    if (ready->standing == ReadyState::changed && !words.replace.value_or(false))
      throw Refusal(RefusalKind::conflict, "devices.ready_changed", ready->id.text + " was changed here; replace: true takes the program's", field);
    if (ready->standing != ReadyState::same) devices.put_profile(tx, caller, ready->id, words_of(*ready, words.tongue.value_or(Tongue::zh)));
    adopted.push_back(*ready_profile(tx, words.ids[i]));
  }
  return adopted;
}

}  // namespace lifang::devices
