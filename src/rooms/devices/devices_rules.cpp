#include "rooms/devices/devices_rules.hpp"

#include <algorithm>
#include <set>

#include "base/reflect.hpp"
#include "base/refusal.hpp"
#include "rooms/devices/devices_words.hpp"

namespace lifang::devices {
namespace {

constexpr std::size_t kMaxMetrics = 1000;
constexpr std::size_t kMaxAttributes = 16 * 1024;

std::optional<double> number_in(const boost::json::value& v) {
  if (v.is_bool()) return v.get_bool() ? 1.0 : 0.0;
  if (v.is_int64()) return static_cast<double>(v.get_int64());
  if (v.is_uint64()) return static_cast<double>(v.get_uint64());
  if (v.is_double()) return v.get_double();
  return std::nullopt;
}

void check_metric(const Metric& metric, const std::string& at) {
  if (metric.id.empty() || metric.id.size() > 64) throw invalid("devices.bad_profile", at + "/id", "1 to 64 characters");
  if (metric.id.find(':') != std::string::npos)
    throw invalid("devices.bad_profile", at + "/id", "without ':', which parts a reading's id into device, metric and time");
  for (const auto& [bound, name] : {std::pair{&metric.min, "/min"}, std::pair{&metric.max, "/max"}})
    if (*bound && !bound_of(**bound))
      throw invalid("devices.bad_profile", at + name, "a number, or {\"attribute\":\"name\"}");
  if (!metric.min || !metric.max) return;
  const auto low = bound_of(*metric.min), high = bound_of(*metric.max);
  if (low->attribute.empty() && high->attribute.empty() && low->number > high->number)
    throw invalid("devices.bad_profile", at + "/max", "not below min");
}

}  // namespace

std::optional<Bound> bound_of(const JsonAny& words) {
  const auto value = parse_json(words.text);
  if (value.is_double() || value.is_int64() || value.is_uint64()) return Bound{*number_in(value), {}};
  if (!value.is_object() || value.get_object().size() != 1) return std::nullopt;
  const auto* attribute = value.get_object().if_contains("attribute");
  if (!attribute || !attribute->is_string() || attribute->get_string().empty()) return std::nullopt;
  return Bound{0, std::string(attribute->get_string())};
}

void check_words(const ProfileWords& words) {
  if (words.name.empty() || words.name.size() > 200) throw invalid("devices.bad_profile", "/name", "1 to 200 bytes");
  const auto metrics = words.metrics.value_or(std::vector<Metric>{});
  if (metrics.size() > kMaxMetrics) throw invalid("devices.bad_profile", "/metrics", "at most 1,000 metrics");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const std::string at = "/metrics/" + std::to_string(i);
    check_metric(metrics[i], at);
    if (!seen.insert(metrics[i].id).second) throw invalid("devices.bad_profile", at + "/id", "twice in this profile");
  }
  if (words.silent_after && *words.silent_after < Duration{1000})
    throw invalid("devices.bad_profile", "/silent_after", "at least a second");
  if (words.commands)
    for (std::size_t i = 0; i < words.commands->size(); ++i)
      if ((*words.commands)[i].method.empty())
        throw invalid("devices.bad_profile", "/commands/" + std::to_string(i) + "/method", "a command has a name");
}

void check_new_metrics(const std::vector<Metric>& metrics, const std::vector<Metric>& before) {
  const auto parts_a_path = [](char c) { return c == '/' || c == '\\' || static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const std::string& id = metrics[i].id;
    const bool known = std::any_of(before.begin(), before.end(), [&](const Metric& m) { return m.id == id; });
    if (!known && std::any_of(id.begin(), id.end(), parts_a_path))
      throw invalid("devices.bad_profile", "/metrics/" + std::to_string(i) + "/id", "without '/', '\\' and control characters");
  }
}

void check_words(const DeviceWords& words) {
  if (words.secret) {
    const std::string& secret = *words.secret;
    const bool printable = std::all_of(secret.begin(), secret.end(), [](char c) { return c > ' ' && c < 127; });
    if (secret.size() < 8 || secret.size() > 128 || !printable)
      throw invalid("devices.bad_secret", "/secret", "8 to 128 printable ASCII characters without spaces");
  }
  if (words.name && words.name->size() > 200) throw invalid("devices.bad_words", "/name", "at most 200 bytes");
  if (words.tags && words.tags->size() > 50) throw invalid("devices.bad_words", "/tags", "at most 50 tags");
  if (words.attributes && words.attributes->text.size() > kMaxAttributes)
    throw invalid("devices.bad_attributes", "/attributes", "at most 16 KiB");
}

std::shared_ptr<const ProfileEntry> entry_of(const Profile& profile, std::uint32_t revision,
                                             const std::function<std::uint16_t(const std::string&)>& number_of) {
  auto entry = std::make_shared<ProfileEntry>();
  entry->id = profile.id.text;
  entry->name = profile.name;
  entry->revision = revision;
  entry->detections = profile.detections;
  entry->silent_after = profile.silent_after.value_or(Duration{0});
  for (const Metric& metric : profile.metrics) {
    MetricEntry m;
    m.name = metric.id;
    m.unit = metric.unit.value_or("");
    m.spoken = metric.name.value_or(metric.id);
    m.number = number_of(metric.id);
    if (metric.min) {
      const auto bound = bound_of(*metric.min);
      m.min = bound->number;
      m.min_attribute = bound->attribute;
    }
    if (metric.max) {
      const auto bound = bound_of(*metric.max);
      m.max = bound->number;
      m.max_attribute = bound->attribute;
    }
    entry->metrics.push_back(std::move(m));
  }
  return entry;
}

std::unordered_map<std::string, double> numbers_in(const JsonObject& attributes) {
  std::unordered_map<std::string, double> numbers;
  const auto parsed = parse_json(attributes.text);
  for (const auto& member : parsed.as_object())
    if (const auto number = number_in(member.value())) numbers[std::string(member.key())] = *number;
  return numbers;
}

JsonObject merged(const JsonObject& before, const std::string& changes) {
  auto attributes = parse_json(before.text).as_object();
  const auto change = parse_json(changes);
  if (!change.is_object()) throw invalid("devices.bad_attributes", "", "an object of attributes");
  for (const auto& member : change.get_object()) {
    if (member.value().is_null()) attributes.erase(member.key());
    else attributes[member.key()] = member.value();
  }
  JsonObject result;
  result.text.clear();
  write(result.text, boost::json::value(std::move(attributes)));
  if (result.text.size() > kMaxAttributes) throw invalid("devices.bad_attributes", "", "at most 16 KiB in all");
  return result;
}

void check(const DeviceWords& words) { check_words(words); }

}  // namespace lifang::devices
