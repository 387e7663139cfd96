// Which devices stand where in the made-up district.
#include <fmt/format.h>

#include "ward/chance.hpp"
#include "ward/ward_plan.hpp"

namespace lifang::ward {

void plan_devices(WardPlan& plan);

namespace {

class Fitter {
 public:
  explicit Fitter(WardPlan& plan) : plan_(plan) {}

  void fit() {
    for (compound_ = 0; compound_ < plan_.compounds.size(); ++compound_) {
      const std::string c = plan_.compounds[compound_].text;
      gateway_.reset();
      device(c + "-gw", "gateway", c + "-gate-s", "小区网关");
      gateway_ = devices::DeviceId{c + "-gw"};
      fit_grounds(c);
    }
    std::vector<std::size_t> metered(plan_.compounds.size(), 0);
    const std::size_t count = plan_.places.size();
    for (std::size_t i = 0; i < count; ++i) {
      const std::string id = plan_.places[i].id.text;
      compound_ = compound_of(id);
      gateway_ = devices::DeviceId{plan_.compounds[compound_ < plan_.compounds.size() ? compound_ : 0].text + "-gw"};
      if (plan_.places[i].words.kind == places::Kind::home && metered[compound_]++ < 6) {
        device(id + "-water", "water-meter", id, "水表");
        device(id + "-power", "power-meter", id, "电表");
      }
      if (id.ends_with("-corridor")) fit_corridor(id);
      if (id.find("-bins-") != std::string::npos) fit_bins(id);
      if (id.ends_with("-lift")) fit_lift(id);
    }
  }

 private:
  /// "c12-b3" → 11; the district, streets and communities have no devices.
  std::size_t compound_of(const std::string& id) const {
    if (!id.starts_with('c')) return plan_.compounds.size();
    return std::stoul(id.substr(1)) - 1;
  }
  void device(const std::string& id, const char* profile, const std::string& place, std::string name,
              std::string attributes = "{}", std::vector<std::string> tags = {}) {
    Chance chance(plan_.size.seed, id);
    PlannedDevice planned;
    planned.id = devices::DeviceId{id};
    planned.words.profile = devices::ProfileId{profile};
    planned.words.place = places::PlaceId{place};
    planned.words.name = std::move(name);
    planned.words.secret = fmt::format("demo-{:016x}{:016x}", chance.next(), chance.next());
    if (gateway_) planned.words.gateway.emplace(*gateway_);
    if (attributes != "{}") planned.words.attributes = JsonObject{std::move(attributes)};
    if (!tags.empty()) planned.words.tags = std::move(tags);
    planned.compound = compound_;
    planned.height = chance.real() * 2 - 1;
    plan_.devices.push_back(std::move(planned));
  }
  /// With a connection of its own: it takes commands, or it is a camera.
  void alone(const std::string& id, const char* profile, const std::string& place, std::string name,
             std::string attributes = "{}", std::vector<std::string> tags = {}) {
    const auto kept = std::exchange(gateway_, std::nullopt);
    device(id, profile, place, std::move(name), std::move(attributes), std::move(tags));
    gateway_ = kept;
  }

  void fit_grounds(const std::string& c) {
    alone(c + "-air", "air-station", c + "-gate-n", "空气站", R"({"limit_pm25":150})");
    alone(c + "-door-n", "door", c + "-gate-n", "北门门禁");
    alone(c + "-door-s", "door", c + "-gate-s", "南门门禁");
    for (int i = 1; i <= 2; ++i) {
      device(fmt::format("{}-hydrant-{}", c, i), "hydrant", c + (i == 1 ? "-gate-n" : "-gate-s"), "消火栓");
      alone(fmt::format("{}-lock-{}", c, i), "ground-lock", c + "-carpark", fmt::format("{}号地锁", i));
      alone(fmt::format("{}-pile-{}", c, i), "charging-pile", c + "-carpark", fmt::format("{}号充电桩", i));
    }
    device(c + "-level", "water-level", c + "-drain", "雨水井水位计", R"({"limit_level":0.8})");
    device(c + "-quality", "water-quality", c + "-pump", "二次供水水质仪");
    device(c + "-immersion", "immersion", c + "-pump", "水浸传感器");
    device(c + "-park", "car-park", c + "-carpark", "停车场计数器", R"({"capacity":240})");
    for (int i = 1; i <= 8; ++i)
      device(fmt::format("{}-spot-{}", c, i), "parking-spot", c + "-carpark", fmt::format("{}号车位", i));
    alone(c + "-soil", "soil-probe", c + "-green", "土壤墒情仪");
    alone(c + "-falling", "falling-camera", c + "-green", "高空抛物摄像机");
  }
  void fit_corridor(const std::string& corridor) {
    const std::string unit = corridor.substr(0, corridor.size() - std::string_view("-corridor").size());
    device(unit + "-smoke", "smoke", corridor, "烟感");
    device(unit + "-temp", "corridor-temperature", corridor, "楼道温度计");
    device(unit + "-door", "door", corridor, "单元门");
  }
  /// Every lift warns; the district's first alone is also held, as where the operator has switched that on.
  void fit_lift(const std::string& lift) {
    std::vector<std::string> tags;
    if (!std::exchange(one_holds_, true)) tags = {"hold-for-ebikes"};
    alone(lift + "-1", "lift", lift, "电梯", "{}", std::move(tags));
  }
  void fit_bins(const std::string& station) {
    device(station + "-kitchen", "bin", station, "厨余垃圾桶", R"({"capacity_l":240})", {"kitchen"});
    device(station + "-other", "bin", station, "其他垃圾桶", R"({"capacity_l":240})", {"other"});
    alone(station + "-camera", "bin-camera", station, "分类点摄像机");
  }

  WardPlan& plan_;
  std::size_t compound_ = 0;
  std::optional<devices::DeviceId> gateway_;
  bool one_holds_ = false;
};

}  // namespace

void plan_devices(WardPlan& plan) { Fitter(plan).fit(); }

}  // namespace lifang::ward
