#include "ward/ward_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/refusal.hpp"
#include "ward/chance.hpp"

namespace lifang::ward {
namespace {

using places::Kind;
using places::PlaceId;
using places::Point;

// Metres to degrees near 30.3° north.
constexpr double kLon = 120.10, kLat = 30.30;
constexpr double kLonPerMetre = 1 / 96'100.0, kLatPerMetre = 1 / 111'320.0;
constexpr double kPitch = 430, kCompound = 400;  ///< metres from compound to compound; width of one

constexpr const char* kFirst[] = {"云溪", "锦澜", "青梧", "栖霞", "沐春", "听竹", "临泉", "晴川", "望舒", "松风", "采菱", "揽月",
                                  "秋实", "春晖", "和畅", "明渠", "半山", "柳岸", "荷风", "桂语", "石桥", "梅坞", "云帆", "知语"};
constexpr const char* kLast[] = {"苑", "花园", "里", "公寓", "新村"};
constexpr const char* kTownship[] = {"云栖", "翠苑东", "文澜", "清波门", "长庆南", "湖墅西", "米市", "天水", "良渚北", "仁和东",
                                     "半山西", "石桥南"};
constexpr const char* kNeighbourhood[] = {"荷塘", "枫桥", "朝晖", "望江", "和睦", "新华", "永宁", "丰潭", "嘉绿", "古荡", "益乐", "秀水"};

/// What was built: floors, flights of stairs and homes on a landing.
struct Style {
  std::int64_t floors;
  std::size_t units, landing;
  bool lifts;
};
constexpr Style kStyles[] = {{18, 2, 4, true}, {6, 3, 2, false}, {11, 2, 2, true}};

std::vector<Point> rectangle(double x, double y, double width, double depth) {
  const auto at = [](double east, double north) {
    // A tenth of a metre is enough.
    const auto rounded = [](double v) { return std::round(v * 1e6) / 1e6; };
    return Point{rounded(kLon + east * kLonPerMetre), rounded(kLat + north * kLatPerMetre)};
  };
  return {at(x, y), at(x + width, y), at(x + width, y + depth), at(x, y + depth)};
}

Point middle(const std::vector<Point>& outline) {
  return {(outline[0].lon + outline[2].lon) / 2, (outline[0].lat + outline[2].lat) / 2};
}

class Draughtsman {
 public:
  explicit Draughtsman(const WardSize& size) : chance_(size.seed, "plan") { plan_.size = size; }

  WardPlan draw() {
    const std::size_t n = plan_.size.compounds;
    columns_ = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(n))));
    const double side = static_cast<double>(columns_) * kPitch;
    plan_.district = PlaceId{"yunqi"};
    place(plan_.district, Kind::district, "云栖区（演示）", {}, rectangle(-50, -50, side + 100, side + 100));
    const std::size_t communities = (n + 2) / 3, streets = (communities + 7) / 8;
    for (std::size_t i = 0; i < streets; ++i) draw_street(i);
    for (std::size_t i = 0; i < communities; ++i) draw_community(i);
    std::size_t left = plan_.size.households;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t fair = left / (n - i);
      std::size_t homes = fair;
      if (i + 1 < n && fair > 20) homes = fair * static_cast<std::size_t>(chance_.between(80, 120)) / 100;
      homes = std::clamp<std::size_t>(homes, 1, left - (n - i - 1));
      draw_compound(i, homes);
      left -= homes;
    }
    return std::move(plan_);
  }

 private:
  void place(const places::PlaceId& id, Kind kind, std::string name, const std::optional<places::PlaceId>& parent,
             std::optional<std::vector<Point>> outline = {}, std::optional<std::int64_t> floors = {}) {
    places::PlaceWords words{kind, std::move(name), parent, {}, {}, floors, {}};
    if (outline) words.position = middle(*outline);
    if (floors) words.height = static_cast<double>(*floors) * 3;
    words.outline = std::move(outline);
    plan_.places.push_back({id, std::move(words)});
  }
  void spot(const places::PlaceId& id, std::string name, const places::PlaceId& parent, double x, double y) {
    places::PlaceWords words{Kind::spot, std::move(name), parent, middle(rectangle(x, y, 0, 0)), {}, {}, {}};
    plan_.places.push_back({id, std::move(words)});
  }

  void draw_street(std::size_t i) {
    const places::PlaceId id{fmt::format("s{}", i + 1)};
    plan_.streets.push_back(id);
    place(id, Kind::street, fmt::format("{}街道", kTownship[i % std::size(kTownship)]), plan_.district);
  }
  void draw_community(std::size_t i) {
    const places::PlaceId id{fmt::format("m{}", i + 1)};
    plan_.communities.push_back(id);
    const std::string name = i < std::size(kNeighbourhood)
                                 ? kNeighbourhood[i]
                                 : fmt::format("{}{}", kNeighbourhood[i % std::size(kNeighbourhood)], i / std::size(kNeighbourhood) + 1);
    place(id, Kind::community, name + "社区", plan_.streets[i / 8]);
  }

  void draw_compound(std::size_t i, std::size_t homes) {
    const places::PlaceId id{fmt::format("c{}", i + 1)};
    plan_.compounds.push_back(id);
    std::string name = fmt::format("{}{}", kFirst[i % std::size(kFirst)], kLast[i / std::size(kFirst) % std::size(kLast)]);
    if (i >= std::size(kFirst) * std::size(kLast)) name += fmt::format("{}期", i / (std::size(kFirst) * std::size(kLast)) + 1);
    x_ = static_cast<double>(i % columns_) * kPitch;
    y_ = static_cast<double>(i / columns_) * kPitch;
    place(id, Kind::compound, std::move(name), plan_.communities[i / 3], rectangle(x_, y_, kCompound, kCompound));
    draw_spots(id, homes);
    draw_buildings(id, i, homes);
  }

  void draw_spots(const places::PlaceId& compound, std::size_t homes) {
    const auto id = [&](const std::string& what) { return places::PlaceId{compound.text + "-" + what}; };
    spot(id("gate-n"), "北门", compound, x_ + 200, y_ + 398);
    spot(id("gate-s"), "南门", compound, x_ + 200, y_ + 2);
    for (std::size_t b = 1; b <= std::max<std::size_t>(1, (homes + 299) / 300); ++b)
      spot(id(fmt::format("bins-{}", b)), fmt::format("{}号垃圾分类点", b), compound, x_ + 20 + 45 * static_cast<double>(b), y_ + 12);
    spot(id("carpark"), "停车场", compound, x_ + 330, y_ + 15);
    spot(id("green"), "中心绿地", compound, x_ + 200, y_ + 200);
    spot(id("hall"), "居民活动室", compound, x_ + 60, y_ + 385);
    spot(id("pump"), "水泵房", compound, x_ + 385, y_ + 385);
    spot(id("drain"), "雨水井", compound, x_ + 15, y_ + 200);
  }

  void draw_buildings(const places::PlaceId& compound, std::size_t index, std::size_t homes) {
    const Style& style = kStyles[index % std::size(kStyles)];
    const std::size_t each = static_cast<std::size_t>(style.floors) * style.units * style.landing;
    const std::size_t buildings = (homes + each - 1) / each;
    const auto columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(buildings))));
    const double cell = 350 / static_cast<double>(columns);
    for (std::size_t b = 0; b < buildings; ++b) {
      const places::PlaceId id{fmt::format("{}-b{}", compound.text, b + 1)};
      const double x = x_ + 25 + static_cast<double>(b % columns) * cell;
      const double y = y_ + 30 + static_cast<double>(b / columns) * cell;
      place(id, Kind::building, fmt::format("{}幢", b + 1), compound, rectangle(x, y, cell * 0.75, std::min(15.0, cell * 0.4)),
            style.floors);
      homes -= draw_units(id, style, index, std::min(homes, each), x, y);
    }
  }

  std::size_t draw_units(const places::PlaceId& building, const Style& style, std::size_t compound, std::size_t homes, double x,
                         double y) {
    std::size_t drawn = 0;
    const std::size_t of_unit = static_cast<std::size_t>(style.floors) * style.landing;
    for (std::size_t u = 0; u < style.units && drawn < homes; ++u) {
      const places::PlaceId id{fmt::format("{}-u{}", building.text, u + 1)};
      place(id, Kind::unit, fmt::format("{}单元", u + 1), building);
      const double east = x + 8 + 12 * static_cast<double>(u);
      spot(PlaceId{id.text + "-corridor"}, "楼道", id, east, y + 5);
      if (style.lifts) spot(PlaceId{id.text + "-lift"}, "电梯", id, east + 2, y + 5);
      for (std::size_t h = 0; h < of_unit && drawn < homes; ++h, ++drawn) {
        const std::size_t floor = h / style.landing + 1, door = h % style.landing + 1;
        plan_.homes.push_back({plan_.places.size(), compound});
        place(PlaceId{fmt::format("{}-{:02}{:02}", id.text, floor, door)}, Kind::home, fmt::format("{}{:02}室", floor, door), id);
      }
    }
    return drawn;
  }

  WardPlan plan_;
  Chance chance_;
  std::size_t columns_ = 1;
  double x_ = 0, y_ = 0;
};

}  // namespace

void plan_devices(WardPlan& plan);  // ward_devices.cpp

WardPlan plan_ward(const WardSize& size) {
  if (size.compounds < 1 || size.compounds > 400) throw invalid("ward.bad_size", "--compounds", "1 to 400");
  if (size.households < size.compounds || size.households > 200'000)
    throw invalid("ward.bad_size", "--households", "at least one a compound, at most 200000");
  WardPlan plan = Draughtsman(size).draw();
  plan_devices(plan);
  return plan;
}

}  // namespace lifang::ward
