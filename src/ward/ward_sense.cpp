#include "ward/ward_sense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "ward/chance.hpp"

namespace lifang::ward {
namespace {

constexpr std::int64_t kDay = 86'400'000, kHour = 3'600'000;
constexpr std::int64_t kZone = 8 * kHour;

std::int64_t local_day(Time t) { return (to_ms(t) + kZone) / kDay; }
double hour_of(Time t) { return static_cast<double>((to_ms(t) + kZone) % kDay) / kHour; }

/// A bell of width `w` hours around `peak`, over midnight too.
double bell(double hour, double peak, double w) {
  double d = std::abs(hour - peak);
  d = std::min(d, 24 - d);
  return std::exp(-d * d / (2 * w * w));
}

/// One thing's days: trouble comes on some of them, at some hour, for some time.
class Days {
 public:
  Days(const std::string& id, std::uint64_t seed, Time last, Time at) : id_(id), seed_(seed), last_(last), at_(at) {}

  /// 0…1 through a trouble that stands at the instant, −1 outside one. `likely`: of a day.
  double in(std::string_view trouble, double likely, double hours) const { return part_at(at_, trouble, likely, hours); }
  /// Whether it stood at the last look and stands no more.
  bool ended(std::string_view trouble, double likely, double hours) const {
    return part_at(last_, trouble, likely, hours) >= 0 && in(trouble, likely, hours) < 0;
  }
  /// Whether it stood at any time after the last look.
  bool since_last(std::string_view trouble, double likely, double hours) const {
    for (std::int64_t day = local_day(last_) - 1; day <= local_day(at_); ++day) {
      const auto begin = begins(trouble, likely, day);
      if (begin >= 0 && begin <= to_ms(at_) && begin + static_cast<std::int64_t>(hours * kHour) > to_ms(last_)) return true;
    }
    return false;
  }
  Chance now() const { return Chance(seed_ ^ static_cast<std::uint64_t>(to_ms(at_)) * 0x9e3779b97f4a7c15U, id_); }
  double hour() const { return hour_of(at_); }
  Time at() const { return at_; }

 private:
  double part_at(Time at, std::string_view trouble, double likely, double hours) const {
    for (std::int64_t day = local_day(at) - 1; day <= local_day(at); ++day) {
      const auto begin = begins(trouble, likely, day);
      if (begin < 0) continue;
      const double part = static_cast<double>(to_ms(at) - begin) / (hours * kHour);
      if (part >= 0 && part < 1) return part;
    }
    return -1;
  }
  /// Unix ms, or −1 for a good day. Between six in the morning and ten in the evening.
  std::int64_t begins(std::string_view trouble, double likely, std::int64_t day) const {
    Chance chance(seed_ ^ Chance::hash(trouble) ^ static_cast<std::uint64_t>(day) * 0x9e3779b97f4a7c15U, id_);
    if (chance.real() >= likely) return -1;
    return day * kDay - kZone + 6 * kHour + static_cast<std::int64_t>(chance.real() * 16 * kHour);
  }
  const std::string& id_;
  std::uint64_t seed_;
  Time last_, at_;
};

struct Weather {
  double temp, rain, wind;
};
Weather weather(std::uint64_t seed, Time at) {
  static const std::string sky = "sky";
  const Days days(sky, seed, at, at);
  const double year = static_cast<double>(local_day(at) % 365) / 365;
  Chance day(seed ^ static_cast<std::uint64_t>(local_day(at)), "warmth");
  const double season = 16.5 - 12.5 * std::cos(2 * std::numbers::pi * (year - 0.06));
  const double shower = days.in("rain", 0.3, 5);
  return {season + 3 * day.noise() + 4 * std::sin((days.hour() - 9) * std::numbers::pi / 12) - (shower >= 0 ? 3 : 0),
          shower >= 0 ? 6 * std::sin(shower * std::numbers::pi) : 0, std::abs(2 + 1.2 * day.noise())};
}

/// To three digits after the point: what such instruments give.
double shown(double value) { return std::round(value * 1000) / 1000; }
double least(double value, double low) { return std::max(value, low); }

/// Between 0 and 1: how much people move about.
double bustle(double hour) { return std::min(1.0, 0.08 + 0.9 * bell(hour, 7.7, 1.2) + 0.5 * bell(hour, 12.5, 1.5) + bell(hour, 18.6, 1.8)); }

/// A camera tells what stands while it stands, and once that it is over, as the eyes do.
void watch_for(const std::string& kind, std::string_view trouble, double likely, double hours, double sure, const Days& days, Sensed& s) {
  if (days.ended(trouble, likely, hours)) s.seen.push_back({kind + "_over", 1});
  else if (days.since_last(trouble, likely, hours)) s.seen.push_back({kind, sure});
}

using Teller = void (*)(const PlannedDevice&, const Days&, const Weather&, const DeviceStates&, Sensed&);

void tell_air(const PlannedDevice& d, const Days& days, const Weather& sky, const DeviceStates& states, Sensed& s) {
  Chance c = days.now();
  const double dust = days.in("dust", 0.25, 4);
  double pm = 38 + 14 * d.height + 18 * bell(days.hour(), 8, 2) + 12 * bell(days.hour(), 19, 3) + 4 * c.noise() - 6 * sky.rain;
  if (dust >= 0) pm += 190 * std::sin(dust * std::numbers::pi) * (states.mist ? 0.4 : 1);
  const double row = days.in("row", 0.05, 3);
  s.values = {{"pm25", least(pm, 2)}, {"pm10", least(pm * 1.6 + 5 * c.noise(), 3)}, {"temp", sky.temp + 0.3 * c.noise()},
              {"humidity", std::clamp(68 + 4 * sky.rain - 6 * std::sin((days.hour() - 9) / 4) + c.noise(), 15.0, 100.0)},
              {"rain", sky.rain}, {"wind", least(sky.wind + 0.4 * c.noise(), 0)},
              {"noise", 42 + 14 * bustle(days.hour()) + 1.5 * c.noise() + (row >= 0 ? 18 : 0)}, {"mist", states.mist ? 1 : 0}};
}
void tell_bin(const PlannedDevice& d, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  // Emptied at half past nine and at nine in the evening, unless nobody came in the morning.
  Chance c = days.now();
  const double h = days.hour();
  const bool missed = days.in("missed", 0.3, 9) >= 0;
  const double since = h >= 21 ? h - 21 : h >= 9.5 && !missed ? h - 9.5 : h + 3;
  const double level = std::min(108.0, (7.2 + 1.5 * d.height) * since + (missed ? 30 : 0) + c.noise());
  s.values = {{"level", least(level, 0)}, {"weight", least(level * 0.9 + c.noise(), 0)}};
}
void tell_smoke(const PlannedDevice& d, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  s.values = {{"smoke", days.in("smoke", 0.008, 0.4) >= 0 ? 1 : 0}, {"battery", std::round(80 + 15 * d.height)}};
}
void tell_hydrant(const PlannedDevice& d, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  Chance c = days.now();
  const double lost = days.in("pressure", 0.03, 5);
  s.values = {{"pressure", lost >= 0 ? 0.04 : 0.32 + 0.05 * d.height + 0.008 * c.noise()}};
}
void tell_level(const PlannedDevice& d, const Days& days, const Weather& sky, const DeviceStates&, Sensed& s) {
  Chance c = days.now();
  const double blocked = days.in("blocked", 0.04, 6);
  s.values = {{"level_m", 0.25 + 0.05 * d.height + 0.06 * sky.rain + 0.01 * c.noise() + (blocked >= 0 ? 1.6 * std::sin(blocked * std::numbers::pi) : 0)}};
}
void tell_quality(const PlannedDevice&, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  Chance c = days.now();
  const bool dirty = days.in("dirty", 0.03, 3) >= 0;
  s.values = {{"turbidity", least((dirty ? 2.4 : 0.3) + 0.05 * c.noise(), 0)}, {"ph", 7.4 + 0.05 * c.noise()},
              {"chlorine", least((dirty ? 0.03 : 0.3) + 0.01 * c.noise(), 0)}};
}
void tell_immersion(const PlannedDevice&, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  s.values = {{"wet", days.in("wet", 0.015, 2) >= 0 ? 1 : 0}};
}
void tell_corridor(const PlannedDevice& d, const Days& days, const Weather& sky, const DeviceStates&, Sensed& s) {
  Chance c = days.now();
  const double hot = days.in("hot", 0.006, 1.5);
  s.values = {{"temp", 0.7 * sky.temp + 6 + d.height + 0.2 * c.noise() + (hot >= 0 ? 55 * std::sin(hot * std::numbers::pi) : 0)}};
}
void tell_lift(const PlannedDevice& d, const Days& days, const Weather&, const DeviceStates& states, Sensed& s) {
  Chance c = days.now();
  const bool fault = days.in("fault", 0.03, 4) >= 0, trapped = days.in("trapped", 0.004, 0.6) >= 0;
  const bool moves = !fault && !trapped && !states.held && c.real() < bustle(days.hour());
  s.values = {{"floor", moves ? static_cast<double>(c.between(1, 12 + static_cast<std::int64_t>(5 * d.height))) : 1},
              {"door_open", moves && c.one_in(4) ? 1 : 0}, {"fault", fault ? 1 : 0}, {"trapped", trapped ? 1 : 0},
              {"held", states.held ? 1 : 0}};
  watch_for("ebike_in_lift", "ebike", 0.25, 0.05, 0.75 + 0.2 * c.real(), days, s);
}
void tell_door(const PlannedDevice&, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  Chance c = days.now();
  const bool stuck = days.in("stuck", 0.03, 3) >= 0;
  s.values = {{"door_open", stuck ? 1 : 0}, {"passed", std::floor(40 * bustle(days.hour()) * c.real())}};
}
void tell_water_meter(const PlannedDevice& d, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  Chance c = days.now();
  const bool leak = days.in("leak", 0.02, 20) >= 0;
  const double use = c.one_in(3) ? 180 * bustle(days.hour()) * c.real() : 0;
  const double days_since = static_cast<double>(to_ms(days.at())) / kDay - 20'000;
  s.values = {{"flow", use + (leak ? 14 : 0)}, {"total", least(days_since * (0.34 + 0.1 * d.height), 0)}};
}
void tell_power_meter(const PlannedDevice& d, const Days& days, const Weather& sky, const DeviceStates&, Sensed& s) {
  Chance c = days.now();
  const double leak = days.in("leak", 0.015, 2);
  const double days_since = static_cast<double>(to_ms(days.at())) / kDay - 20'000;
  s.values = {{"power", least(0.15 + 1.4 * bustle(days.hour()) * c.real() + 0.05 * std::abs(sky.temp - 20), 0.05)},
              {"total", least(days_since * (7 + 3 * d.height), 0)}, {"leak_ma", leak >= 0 ? 720 : 12 + 3 * c.real()}};
}
void tell_car_park(const PlannedDevice&, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  Chance c = days.now();
  const double cars = 210 - 130 * bell(days.hour(), 13.5, 3.8) + 4 * c.noise();
  // A counter that missed a car says more than there is room for, now and then.
  s.values = {{"occupied", std::round(c.one_in(300) ? 251 : std::clamp(cars, 0.0, 240.0))}};
}
void tell_spot(const PlannedDevice& d, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  s.values = {{"taken", std::abs(days.hour() - 13.5) > 4.5 + 2 * d.height ? 1 : 0}};
}
void tell_lock(const PlannedDevice& d, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  s.values = {{"raised", std::abs(days.hour() - 13.5) < 4.5 + 2 * d.height ? 1 : 0}, {"fault", days.in("fault", 0.03, 6) >= 0 ? 1 : 0},
              {"battery", std::round(75 + 20 * d.height)}};
}
void tell_pile(const PlannedDevice&, const Days& days, const Weather& sky, const DeviceStates&, Sensed& s) {
  Chance c = days.now();
  const bool charges = bell(days.hour(), 22, 4) > 0.5, hot = days.in("hot", 0.02, 0.8) >= 0;
  s.values = {{"power", charges ? 6.8 + 0.2 * c.noise() : 0}, {"temp", sky.temp + (charges ? 18 : 2) + (hot ? 75 : 0)},
              {"fault", days.in("fault", 0.04, 5) >= 0 ? 1 : 0}, {"blocked", days.in("blocked", 0.15, 2) >= 0 ? 1 : 0}};
}
void tell_soil(const PlannedDevice& d, const Days& days, const Weather& sky, const DeviceStates& states, Sensed& s) {
  Chance c = days.now();
  // Dries for a week, and is watered by hand or by rain on its end.
  const double week = static_cast<double>((to_ms(days.at()) + kZone) % (7 * kDay)) / (7 * kDay);
  const double wet = 36 - 21 * week + 2 * d.height + 1.5 * sky.rain + 0.2 * c.noise() + (states.irrigating ? 16 : 0);
  s.values = {{"moisture", std::clamp(wet, 3.0, 60.0)}, {"temp", 0.8 * sky.temp + 3}, {"valve", states.irrigating ? 1 : 0}};
}
void tell_bin_camera(const PlannedDevice&, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  Chance c = days.now();
  s.values = {{"fps", 25}};
  // Two bags may lie there at once: over is said when none does.
  Sensed one, two;
  watch_for("dropped_bag", "bag", 0.8, 0.6, 0.65 + 0.3 * c.real(), days, one);
  watch_for("dropped_bag", "bag 2", 0.5, 0.6, 0.65 + 0.3 * c.real(), days, two);
  for (const auto& [bag, other] : {std::pair{&one, &two}, {&two, &one}})
    for (const SeenThing& thing : bag->seen)
      if (thing.kind == "dropped_bag" || other->seen.empty() || (other->seen[0].kind == thing.kind && bag == &one)) s.seen.push_back(thing);
  watch_for("attendant_off_duty", "absent", 0.4, 1.5, 0.7 + 0.2 * c.real(), days, s);
}
void tell_falling_camera(const PlannedDevice&, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  Chance c = days.now();
  s.values = {{"fps", 50}};
  if (days.since_last("falls", 0.12, 0.02)) s.seen.push_back({"falling_object", 0.72 + 0.2 * c.real()});
}
void tell_gateway(const PlannedDevice&, const Days& days, const Weather&, const DeviceStates&, Sensed& s) {
  s.values = {{"uptime", std::fmod(static_cast<double>(to_ms(days.at())) / kHour, 720)}};
}

struct Kind {
  Teller tell;
  std::int64_t minutes;
};
const std::map<std::string, Kind, std::less<>>& kinds() {
  static const std::map<std::string, Kind, std::less<>> all = {
      {"gateway", {tell_gateway, 10}},       {"air-station", {tell_air, 5}},        {"bin", {tell_bin, 20}},
      {"smoke", {tell_smoke, 10}},           {"hydrant", {tell_hydrant, 15}},       {"water-level", {tell_level, 10}},
      {"water-quality", {tell_quality, 15}}, {"immersion", {tell_immersion, 10}},   {"corridor-temperature", {tell_corridor, 10}},
      {"lift", {tell_lift, 2}},              {"door", {tell_door, 10}},             {"water-meter", {tell_water_meter, 30}},
      {"power-meter", {tell_power_meter, 15}}, {"car-park", {tell_car_park, 15}},   {"parking-spot", {tell_spot, 20}},
      {"ground-lock", {tell_lock, 20}},      {"charging-pile", {tell_pile, 10}},    {"soil-probe", {tell_soil, 30}},
      {"bin-camera", {tell_bin_camera, 5}},  {"falling-camera", {tell_falling_camera, 5}},
  };
  return all;
}

}  // namespace

Duration interval_of(const devices::ProfileId& profile) {
  const auto kind = kinds().find(profile.text);
  return std::chrono::minutes(kind == kinds().end() ? 10 : kind->second.minutes);
}

Sensed sense(const PlannedDevice& device, std::uint64_t seed, Time last, Time at, const DeviceStates& states) {
  Sensed sensed;
  const auto kind = kinds().find(device.words.profile.text);
  if (kind == kinds().end()) return sensed;
  const Days days(device.id.text, seed, last, at);
  if (days.in("silent", 0.006, 20) >= 0) return sensed;  // a flat battery, a cut cable
  kind->second.tell(device, days, weather(seed, at), states, sensed);
  // An instrument that errs now and then: values that cannot be, which the profile's range finds.
  if (Chance chance = days.now(); chance.below(20'000) == 7 && !sensed.values.empty()) sensed.values[0].second = -999;
  return sensed;
}

std::string telemetry_text(const Sensed& sensed, Time ts) {
  if (sensed.values.empty()) return {};
  std::string text = fmt::format("{{\"ts\":{},\"values\":{{", to_ms(ts));
  for (std::size_t i = 0; i < sensed.values.size(); ++i)
    text += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", sensed.values[i].first, shown(sensed.values[i].second));
  return text + "}}";
}

std::vector<std::string> detection_texts(const Sensed& sensed, Time ts) {
  std::vector<std::string> texts;
  for (const SeenThing& seen : sensed.seen)
    texts.push_back(fmt::format(R"({{"ts":{},"kind":"{}","confidence":{:.2f}}})", to_ms(ts), seen.kind, seen.confidence));
  return texts;
}

}  // namespace lifang::ward
