#include "vision/commands/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <regex>
#include <set>
#include <toml++/toml.h>

#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "base/text.hpp"
#include "vision/judges/plate_grammar.hpp"

namespace lifang::vision {
namespace {
namespace json = boost::json;

constexpr std::size_t most_corners = 200;
constexpr double farthest_pixel = 100'000;

json::value to_value(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    json::object object;
    for (const auto& [key, item] : *table) object[key.str()] = to_value(item);
    return object;
  }
  if (const auto* array = node.as_array()) {
    json::array items;
    for (const auto& item : *array) items.push_back(to_value(item));
    return items;
  }
  if (const auto* text = node.as_string()) return json::value(text->get());
  if (const auto* number = node.as_integer()) return json::value(number->get());
  if (const auto* number = node.as_floating_point()) return json::value(number->get());
  if (const auto* flag = node.as_boolean()) return json::value(flag->get());
  return nullptr;
}

/// "06:30" as minutes; "24:00" ends a day.
std::optional<int> minutes_of(const std::string& text) {
  static const std::regex spelt("([01][0-9]|2[0-3]):[0-5][0-9]|24:00");
  if (!std::regex_match(text, spelt)) return std::nullopt;
  return 60 * std::stoi(text.substr(0, 2)) + std::stoi(text.substr(3));
}

void check_hours(const std::vector<HoursWords>& hours, const std::string& at) {
  if (hours.size() > 100) throw invalid("vision.hours", at, "more than 100 lines");
  for (std::size_t i = 0; i < hours.size(); ++i) {
    const auto from = minutes_of(hours[i].from), to = minutes_of(hours[i].to);
    if (!from) throw invalid("vision.hours", fmt::format("{}/{}/from", at, i), "is no time like 06:30");
    if (!to || to == from) throw invalid("vision.hours", fmt::format("{}/{}/to", at, i), to ? "is the time at which it begins" : "is no time like 06:30");
    for (const std::int64_t day : hours[i].days)
      if (day < 1 || day > 7) throw invalid("vision.hours", fmt::format("{}/{}/days", at, i), "1 is Monday, 7 is Sunday");
  }
}

void check_polygon(const Polygon& polygon, const std::string& pointer, std::size_t least = 3) {
  if (polygon.size() < least) throw invalid("vision.polygon", pointer, fmt::format("needs {} corners at least", least));
  if (polygon.size() > most_corners) throw invalid("vision.polygon", pointer, fmt::format("has more than {} corners", most_corners));
  for (const auto& point : polygon) {
    if (point.size() != 2) throw invalid("vision.polygon", pointer, "a corner is [x, y]");
    for (const double at : point)
      if (!(std::abs(at) <= farthest_pixel)) throw invalid("vision.polygon", pointer, "a corner lies beyond any picture");
  }
  if (cv::contourArea(points_of(polygon)) < 1) throw invalid("vision.polygon", pointer, "encloses nothing");
}

/// What people call a slot: any script, nothing that breaks a line or a quotation.
void check_name(const std::string& name, const std::string& pointer, std::set<std::string>& seen) {
  const bool breaks = std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '"' || c == '\\'; });
  if (name.empty() || name.size() > 64 || breaks || !valid_utf8(name))
    throw invalid("vision.name", pointer, "1 to 64 bytes without quotation marks, backslashes and control characters");
  if (!seen.insert(name).second) throw invalid("vision.name", pointer, "stands twice");
}

void check_range(double number, double low, double high, const std::string& pointer) {
  if (!(number >= low && number <= high)) throw invalid("vision.config", pointer, fmt::format("not between {} and {}", low, high));
}

void check_numbers(const View& v, const std::string& at) {
  check_range(v.parking.threshold, 0, 1, at + "/parking/threshold");
  check_range(v.parking.every_s, 0.1, 86'400, at + "/parking/every_s");
  if (v.parking.tiles.size() > 8) throw invalid("vision.config", at + "/parking/tiles", "more than 8 sizes of tiles");
  for (std::size_t i = 0; i < v.parking.tiles.size(); ++i)
    check_range(static_cast<double>(v.parking.tiles[i]), 64, 8192, fmt::format("{}/parking/tiles/{}", at, i));
  check_range(v.plates.least_score, 0, 1, at + "/plates/least_score");
  check_range(static_cast<double>(v.plates.looks), 1, 100, at + "/plates/looks");
  check_range(v.plates.forget_s, 0.5, 86'400, at + "/plates/forget_s");
  if (v.plates.list.size() > 100'000) throw invalid("vision.config", at + "/plates/list", "more than 100000 plates");
  for (std::size_t i = 0; i < v.plates.list.size(); ++i)
    if (!is_plate(v.plates.list[i])) throw invalid("vision.config", fmt::format("{}/plates/list/{}", at, i), "is no number plate");
  check_range(v.bag.still_s, 0, 86'400, at + "/bag/still_s");
  check_range(v.bag.alone_s, 0, 86'400, at + "/bag/alone_s");
  check_range(v.bag.least_area, 0, 1, at + "/bag/least_area");
  check_range(v.bag.most_area, 0, 1, at + "/bag/most_area");
  check_range(v.duty.absent_s, 0, 86'400, at + "/duty/absent_s");
  check_range(v.duty.least_score, 0, 1, at + "/duty/least_score");
  check_range(v.ebike.least_score, 0, 1, at + "/ebike/least_score");
  check_range(v.ebike.window_s, 0.1, 600, at + "/ebike/window_s");
  check_range(static_cast<double>(v.ebike.votes), 1, 100, at + "/ebike/votes");
  check_range(v.ebike.clear_s, 0, 600, at + "/ebike/clear_s");
  for (const auto& [name, number] : {std::pair{"tilt", v.fall.tilt}, {"drop", v.fall.drop}, {"within_s", v.fall.within_s}, {"down_s", v.fall.down_s},
                                     {"lying_s", v.fall.lying_s}, {"least_score", v.fall.least_score}})
    check_range(number, 0, 86'400, fmt::format("{}/fall/{}", at, name));
  check_range(v.face.threshold, 0.1, 0.6, at + "/face/threshold");
  check_range(v.face.turn, 0, 0.5, at + "/face/turn");
  check_range(v.face.least_living, 0.5, 1, at + "/face/least_living");
  check_range(v.face.least_px, 60, 4096, at + "/face/least_px");
  check_range(static_cast<double>(v.face.looks), 2, 100, at + "/face/looks");
  check_range(v.face.forget_s, 0.5, 600, at + "/face/forget_s");
  for (std::size_t i = 0; i < v.face.forget.size(); ++i)
    if (!is_client_id(v.face.forget[i])) throw invalid("vision.config", fmt::format("{}/face/forget/{}", at, i), "is no id");
}

void check_size(const View& view, const std::string& at) {
  if (!view.size.empty() && view.size.size() != 2) throw invalid("vision.config", at + "/size", "is [width, height]");
  for (std::size_t i = 0; i < view.size.size(); ++i) check_range(static_cast<double>(view.size[i]), 16, 16'384, fmt::format("{}/size/{}", at, i));
}

void scale(Polygon& polygon, double x, double y) {
  for (auto& point : polygon) {
    point[0] *= x;
    point[1] *= y;
  }
}

}  // namespace

json::value toml_text(std::string_view text, std::string_view name) {
  try {
    return to_value(toml::parse(text, name));
  } catch (const toml::parse_error& error) {
    throw Refusal{RefusalKind::invalid, "vision.config", fmt::format("{}:{}: {}", name, error.source().begin.line, error.description())};
  }
}

json::value toml_of(const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file)) throw missing("vision.no_config", file.string() + " is not there");
  std::ifstream in(file, std::ios::binary);
  return toml_text(std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>()), file.string());
}

View load_view(const std::filesystem::path& file) {
  View view = read<View>(toml_of(file));
  check_view(view, "");
  return view;
}

View fitted(View view, cv::Size picture) {
  if (view.size.size() != 2 || picture.area() == 0) return view;
  const double x = static_cast<double>(picture.width) / static_cast<double>(view.size[0]);
  const double y = static_cast<double>(picture.height) / static_cast<double>(view.size[1]);
  for (SlotWords& slot : view.slots) scale(slot.polygon, x, y);
  for (auto* list : {&view.zones, &view.shields, &view.masks})
    for (Polygon& polygon : *list) scale(polygon, x, y);
  for (AreaWords& area : view.areas) scale(area.zone, x, y);
  for (BinWords& bin : view.bins) scale(bin.mouth, x, y);
  scale(view.ebike.door, x, y);
  if (view.facade) scale(view.facade->corners, x, y);
  view.size = {picture.width, picture.height};
  return view;
}

void check_view(const View& view, const std::string& at) {
  check_size(view, at);
  check_numbers(view, at);
  std::set<std::string> slots, bins;
  for (std::size_t i = 0; i < view.slots.size(); ++i) {
    check_name(view.slots[i].id, fmt::format("{}/slots/{}/id", at, i), slots);
    check_polygon(view.slots[i].polygon, fmt::format("{}/slots/{}/polygon", at, i));
  }
  for (const auto& [name, list] : {std::pair{"zones", &view.zones}, {"shields", &view.shields}, {"masks", &view.masks}})
    for (std::size_t i = 0; i < list->size(); ++i) check_polygon((*list)[i], fmt::format("{}/{}/{}", at, name, i));
  if (!view.ebike.door.empty()) check_polygon(view.ebike.door, at + "/ebike/door");
  for (std::size_t i = 0; i < view.areas.size(); ++i) {
    check_polygon(view.areas[i].zone, fmt::format("{}/areas/{}/zone", at, i));
    if (!is_client_id(view.areas[i].kind)) throw invalid("vision.kind", fmt::format("{}/areas/{}/kind", at, i), "a word of letters, digits, _");
    if (view.areas[i].least < 1 || view.areas[i].classes.empty())
      throw invalid("vision.area", fmt::format("{}/areas/{}", at, i), "one class and one thing at least");
    check_range(view.areas[i].for_s, 0, 86'400, fmt::format("{}/areas/{}/for_s", at, i));
    check_range(view.areas[i].clear_s, 0, 86'400, fmt::format("{}/areas/{}/clear_s", at, i));
  }
  for (std::size_t i = 0; i < view.bins.size(); ++i) {
    check_polygon(view.bins[i].mouth, fmt::format("{}/bins/{}/mouth", at, i));
    check_range(view.bins[i].for_s, 0, 86'400, fmt::format("{}/bins/{}/for_s", at, i));
    if (!is_client_id(view.bins[i].id)) throw invalid("vision.config", fmt::format("{}/bins/{}/id", at, i), "is no id");
    if (!bins.insert(view.bins[i].id).second) throw invalid("vision.config", fmt::format("{}/bins/{}/id", at, i), "stands twice");
    if (view.bins[i].full <= view.bins[i].emptied || view.bins[i].emptied < 0 || view.bins[i].full > 1)
      throw invalid("vision.bin", fmt::format("{}/bins/{}/full", at, i), "0 ≤ emptied < full ≤ 1");
  }
  check_hours(view.hours, at + "/hours");
  if (!view.facade) return;
  check_polygon(view.facade->corners, at + "/facade/corners", 4);
  const FacadeWords& f = *view.facade;
  if (f.corners.size() != 4 || f.floors < 1 || f.floors > 300 || f.columns < 1 || f.columns > 300 || !(f.floor_height_m > 0 && f.floor_height_m < 100) ||
      !(f.column_width_m > 0 && f.column_width_m < 1000))
    throw invalid("vision.facade", at + "/facade", "four corners; floors and columns between 1 and 300");
  // Floors and columns are read off by the plane that the corners span.
  if (!cv::isContourConvex(points_of(f.corners))) throw invalid("vision.facade", at + "/facade/corners", "cross each other or bend inwards; clockwise from the upper left");
}

std::uint32_t judged_at(const View& view, const std::vector<Judgement>& asked, Time now, std::int64_t offset_minutes) {
  const Time local = now + std::chrono::minutes(offset_minutes);
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const auto minute = static_cast<int>(std::chrono::floor<std::chrono::minutes>(local - midnight).count());
  const auto today = static_cast<std::int64_t>(std::chrono::weekday(midnight).iso_encoding()), yesterday = today == 1 ? 7 : today - 1;
  std::uint32_t out = 0;
  for (const Judgement judgement : asked) {
    bool planned = false, now_too = false;
    for (const HoursWords& line : view.hours) {
      if (line.judge != judgement) continue;
      planned = true;
      const auto on = [&](std::int64_t day) { return line.days.empty() || std::find(line.days.begin(), line.days.end(), day) != line.days.end(); };
      const int from = minutes_of(line.from).value_or(0), to = minutes_of(line.to).value_or(0);
      now_too = now_too || (from < to ? on(today) && minute >= from && minute < to : (on(today) && minute >= from) || (on(yesterday) && minute < to));
    }
    if (!planned || now_too) out |= 1U << static_cast<unsigned>(judgement);
  }
  return out;
}

std::vector<cv::Point2f> points_of(const Polygon& polygon) {
  std::vector<cv::Point2f> out;
  for (const auto& p : polygon) out.emplace_back(static_cast<float>(p[0]), static_cast<float>(p[1]));
  return out;
}

std::vector<cv::Point> pixels_of(const Polygon& polygon) {
  std::vector<cv::Point> out;
  for (const cv::Point2f& p : points_of(polygon)) out.emplace_back(cvRound(p.x), cvRound(p.y));
  return out;
}

std::vector<std::vector<cv::Point>> pixels_of(const std::vector<Polygon>& polygons) {
  std::vector<std::vector<cv::Point>> out;
  for (const Polygon& polygon : polygons) out.push_back(pixels_of(polygon));
  return out;
}

std::vector<Slot> slots_of(const View& view) {
  std::vector<Slot> out;
  for (const SlotWords& slot : view.slots) out.push_back({slot.id, points_of(slot.polygon), slot.building});
  return out;
}

Facade facade_of(const View& view, cv::Size picture) {
  if (view.facade) {
    const FacadeWords& f = *view.facade;
    return {points_of(f.corners), static_cast<int>(f.floors), static_cast<int>(f.columns), f.floor_height_m, f.column_width_m};
  }
  const auto w = static_cast<float>(picture.width), h = static_cast<float>(picture.height);
  return {{{0, 0}, {w, 0}, {w, h}, {0, h}}, 20, 10, 3.0, 6.0 * static_cast<double>(w / h)};
}

std::optional<SecondLook> second_look_of(const EbikeWords& words) {
  if (words.second_look.empty()) return std::nullopt;
  return SecondLook::load(words.second_look);
}

EbikeJudge judge_of(const EbikeWords& words, const std::optional<SecondLook>& second) {
  std::optional<SecondWord> word;
  if (second) word = SecondWord{second->threshold(), words.second_look_decides};
  return {words.window_s, static_cast<std::size_t>(words.votes), words.clear_s, word};
}

const FoundObject* two_wheeler_of(const EbikeWords& words, const std::vector<FoundObject>& found,
                                  const std::vector<std::vector<cv::Point>>& zones) {
  const FoundObject* best = nullptr;
  for (const FoundObject& o : found)
    if ((o.kind == Kind::bicycle || o.kind == Kind::motorcycle) && static_cast<double>(o.score) >= words.least_score &&
        (best == nullptr || o.score > best->score) && stands_in(o.box, zones))
      best = &o;
  return best;
}

const FoundObject* two_wheeler_of(const EbikeWords& words, const std::vector<FoundObject>& found,
                                  const std::vector<std::vector<cv::Point>>& zones, DoorSide& door, double seconds) {
  std::vector<const FoundObject*> things;
  std::vector<cv::Rect2f> boxes;
  for (const FoundObject& o : found)
    if ((o.kind == Kind::bicycle || o.kind == Kind::motorcycle) && static_cast<double>(o.score) >= words.least_score) {
      things.push_back(&o);
      boxes.push_back(o.box);
    }
  const std::vector<bool> came_in = door.see(seconds, boxes);
  const FoundObject* best = nullptr;
  for (std::size_t i = 0; i < things.size(); ++i)
    if (came_in[i] && stands_in(boxes[i], zones) && (best == nullptr || things[i]->score > best->score)) best = things[i];
  return best;
}

AreaJudge judge_of(const AreaWords& words) {
  // Loitering is of people, who walk about; a lane is blocked by what does not move.
  const bool moves = std::find(words.classes.begin(), words.classes.end(), Kind::person) != words.classes.end();
  return {{static_cast<std::size_t>(words.least), words.for_s, words.clear_s, words.brightness, moves}, pixels_of(words.zone)};
}

BinJudge judge_of(const BinWords& words, cv::Size picture) {
  cv::Mat empty = cv::imread(words.empty, cv::IMREAD_GRAYSCALE);
  if (empty.empty()) throw missing("vision.no_picture", words.empty + ", the picture of the empty bin, cannot be read");
  if (picture.area() > 0 && empty.size() != picture) cv::resize(empty, empty, picture, 0, 0, cv::INTER_AREA);
  const cv::Rect mouth = cv::boundingRect(pixels_of(words.mouth));
  if ((mouth & cv::Rect({0, 0}, empty.size())).area() == 0) throw invalid("vision.bin", "/mouth", "lies beside the picture");
  return {{words.full, words.emptied, words.for_s}, pixels_of(words.mouth), empty};
}

FallLimits limits_of(const FallWords& w) { return {w.tilt, w.drop, w.within_s, w.down_s, w.lying_s, w.least_score}; }

FaceLimits limits_of(const FaceWords& w) { return {static_cast<std::size_t>(w.looks), w.least_living, w.turn, 8, w.threshold, w.forget_s}; }

PlateLimits limits_of(const PlatesWords& w) { return {w.least_score, static_cast<std::size_t>(w.looks), w.forget_s, w.list}; }

std::vector<std::pair<cv::Rect2f, float>> things_of(const AreaWords& words, const std::vector<FoundObject>& found) {
  std::vector<std::pair<cv::Rect2f, float>> out;
  for (const FoundObject& o : found)
    if (static_cast<double>(o.score) >= words.least_score && std::find(words.classes.begin(), words.classes.end(), o.kind) != words.classes.end())
      out.emplace_back(o.box, o.score);
  return out;
}

namespace {

bool sides_cross(cv::Point a, cv::Point b, cv::Point c, cv::Point d) {
  const auto side = [](cv::Point p, cv::Point q, cv::Point r) {
    const std::int64_t turn = std::int64_t{q.x - p.x} * (r.y - p.y) - std::int64_t{q.y - p.y} * (r.x - p.x);
    return turn > 0 ? 1 : turn < 0 ? -1 : 0;
  };
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/// Sides that cross, or a corner that stands twice: a figure of eight may meet in a point.
bool crosses_itself(const std::vector<cv::Point>& polygon) {
  const std::size_t n = polygon.size();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j)
      if ((j > i + 1 && (i > 0 || j < n - 1) && polygon[i] == polygon[j]) || sides_cross(polygon[i], polygon[(i + 1) % n], polygon[j], polygon[(j + 1) % n])) return true;
  return false;
}

}  // namespace

std::vector<std::vector<cv::Point>> mask_pixels(const std::vector<Polygon>& masks) {
  std::vector<std::vector<cv::Point>> out = pixels_of(masks);
  for (auto& mask : out)
    if (crosses_itself(mask)) {
      std::vector<cv::Point> hull;
      cv::convexHull(mask, hull);
      mask = std::move(hull);
    }
  return out;
}

bool lies_beside(const std::vector<cv::Point>& mask, cv::Size picture) {
  const cv::Rect box = cv::boundingRect(mask);
  return std::int64_t{(box & cv::Rect({0, 0}, picture)).area()} * 2 < std::int64_t{box.width} * box.height;
}

void hide(cv::Mat& picture, const std::vector<std::vector<cv::Point>>& masks) {
  for (const auto& mask : masks) cv::fillPoly(picture, std::vector<std::vector<cv::Point>>{mask}, cv::Scalar::all(0));
}

std::vector<Slot> pklot_slots(const std::filesystem::path& xml) {
  std::ifstream in(xml);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  static const std::regex space("<space id=\"([^\"]*)\""), point("<point x=\"(-?\\d+)\" y=\"(-?\\d+)\"");
  std::vector<Slot> out;
  const std::sregex_iterator none;
  for (std::sregex_iterator it(text.begin(), text.end(), space); it != none; ++it) {
    const auto from = static_cast<std::size_t>(it->position());
    const std::string body = text.substr(from, text.find("</space>", from) - from);
    Slot slot{(*it)[1].str(), {}};
    for (std::sregex_iterator p(body.begin(), body.end(), point); p != none; ++p)
      slot.polygon.emplace_back(std::stof((*p)[1].str()), std::stof((*p)[2].str()));
    if (slot.polygon.size() >= 3) out.push_back(std::move(slot));
  }
  return out;
}

}  // namespace lifang::vision
