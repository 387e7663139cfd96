#include "rooms/exchange/exchange_viid.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/check.hpp"
#include "base/reflect.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace lifang::exchange::viid {
namespace {

constexpr auto kShanghai = std::chrono::hours(8);
constexpr int kNotKnown = 2;  // GA/T 1400.3: 0 no, 1 yes, 2 not known
/// GA/T 1400.3 B.3.51: what sort of event a picture shows.
constexpr int kVehiclePassed = 1, kFaceFound = 10;

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t number_in(std::string_view digits) {
  std::int64_t n = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), n);
  return n;
}

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// A JSON object in the order in which it is written: the standard's own spelling of names.
class Members {
 public:
  Members& text(std::string_view name, std::string_view value) {
    begin(name);
    write(out_, std::string(value));
    return *this;
  }
  Members& number(std::string_view name, std::int64_t value) { return raw(name, std::to_string(value)); }
  Members& raw(std::string_view name, std::string_view json) {
    begin(name);
    out_ += json;
    return *this;
  }
  std::string end() { return std::move(out_) + "}"; }

 private:
  void begin(std::string_view name) { out_ += fmt::format("{}\"{}\":", out_.size() > 1 ? "," : "", name); }
  std::string out_ = "{";
};

std::string picture_text(const Object& object, const Picture& picture) {
  return Members()
      .text("ImageID", picture.id)
      .number("EventSort", object.kind == CaptureKind::plate ? kVehiclePassed : kFaceFound)
      .text("DeviceID", object.device)
      .text("StoragePath", "")
      .text("Type", picture.type)
      .text("FileFormat", picture.format)
      .text("ShotTime", time_text(object.shot))
      .number("Width", picture.width)
      .number("Height", picture.height)
      .number("FileSize", static_cast<std::int64_t>(picture.bytes.size()))
      .text("Data", base64(picture.bytes))
      .end();
}

std::string pictures_text(const Object& object) {
  std::string list;
  for (const Picture& picture : object.pictures) list += (list.empty() ? "" : ",") + picture_text(object, picture);
  return "{\"SubImageInfoObject\":[" + list + "]}";
}

Members& add_box(Members& members, const std::optional<Box>& box) {
  const Box at = box.value_or(Box{});
  return members.number("LeftTopX", at.left).number("LeftTopY", at.top).number("RightBtmX", at.right).number("RightBtmY", at.bottom);
}

std::string vehicle_text(const Object& object) {
  const Plate& plate = object.plate;
  const auto or_other = [](const std::string& code) { return code.empty() ? std::string("99") : code; };
  Members members;
  members.text("MotorVehicleID", object.id)
      .number("InfoKind", 1)  // collected by a machine
      .text("SourceID", scene_of(object.id))
      .text("DeviceID", object.device)
      .text("StorageUrl1", "");
  add_box(members, object.box)
      .text("MarkTime", time_text(object.shot))
      .text("HasPlate", plate.number.empty() ? "0" : "1")
      .text("PlateClass", or_other(plate.class_))
      .text("PlateColor", or_other(plate.colour));
  if (!plate.number.empty())
    members.text("PlateNo", plate.number).text("PlateReliability", std::to_string(std::lround(plate.confidence * 100)));
  return members.text("VehicleColor", or_other(plate.vehicle_colour))
      .text("PassTime", time_text(object.shot))
      .raw("SubImageList", pictures_text(object))
      .end();
}

std::string face_text(const Object& object) {
  const std::string at = time_text(object.shot);
  Members members;
  members.text("FaceID", object.id).number("InfoKind", 1).text("SourceID", scene_of(object.id)).text("DeviceID", object.device);
  add_box(members, object.box).text("LocationMarkTime", at).text("FaceAppearTime", at).text("FaceDisAppearTime", at);
  for (const char* question : {"IsDriver", "IsForeigner", "IsSuspectedTerrorist", "IsCriminalInvolved", "IsDetainees", "IsVictim",
                               "IsSuspiciousPerson"})
    members.number(question, kNotKnown);
  return members.raw("SubImageList", pictures_text(object)).end();
}

std::string about(std::string_view object, std::string_view system) {
  return fmt::format("{{\"{}\":{{\"DeviceID\":\"{}\"}}}}", object, system);
}

struct Colour {
  std::string_view words, code;
};
/// GA/T 1400.3: ColorType.
constexpr std::array<Colour, 24> kColours{{{"black", "1"},  {"黑", "1"},  {"white", "2"},  {"白", "2"},  {"grey", "3"},   {"灰", "3"},
                                           {"red", "4"},    {"红", "4"},  {"blue", "5"},   {"蓝", "5"},  {"yellow", "6"}, {"黄", "6"},
                                           {"orange", "7"}, {"橙", "7"},  {"brown", "8"},  {"棕", "8"},  {"green", "9"},  {"绿", "9"},
                                           {"purple", "10"}, {"紫", "10"}, {"cyan", "11"}, {"青", "11"}, {"pink", "12"},  {"粉", "12"}}};

// ---- reading ------------------------------------------------------------------------------------------------------

using boost::json::value;

const value* member(const value& of, std::string_view name) {
  return of.is_object() ? of.get_object().if_contains({name.data(), name.size()}) : nullptr;
}

std::string text_of(const value* found) { return found && found->is_string() ? std::string(found->get_string()) : std::string(); }

std::optional<std::int64_t> code_of(const value& found) {
  if (found.is_int64()) return found.get_int64();
  if (found.is_uint64()) return static_cast<std::int64_t>(std::min<std::uint64_t>(found.get_uint64(), INT32_MAX));
  if (found.is_double()) return std::lround(std::clamp(found.get_double(), -1e9, 1e9));
  const std::string_view text = found.is_string() ? trim({found.get_string().data(), found.get_string().size()}) : std::string_view();
  if (!all_digits(text) || text.size() > 9) return std::nullopt;
  return number_in(text);
}

/// False as soon as something calls itself a status and is none.
bool gather(const value& from, int depth, std::vector<Status>& into) {
  if (depth == 0) return true;
  if (from.is_array())
    return std::all_of(from.get_array().begin(), from.get_array().end(), [&](const value& v) { return gather(v, depth - 1, into); });
  if (!from.is_object()) return true;
  if (const value* code = member(from, "StatusCode")) {
    const auto number = code_of(*code);
    if (!number) return false;
    const value* id = member(from, "Id");
    into.push_back({text_of(id ? id : member(from, "ID")), *number, text_of(member(from, "StatusString"))});
    return true;
  }
  return std::all_of(from.get_object().begin(), from.get_object().end(), [&](const auto& m) { return gather(m.value(), depth - 1, into); });
}

std::optional<value> readable(std::string_view body) {
  try {
    return parse_json(body, {1U << 20, 16});
  } catch (const Refusal&) {
    return std::nullopt;
  }
}

}  // namespace

// ---- numbers and times --------------------------------------------------------------------------------------------

bool is_number(std::string_view text) { return text.size() == 20 && all_digits(text); }

std::string number_of_device(std::string_view system, std::uint32_t device) {
  check(is_number(system), "a system's number has 20 digits");
  return fmt::format("{}132{:07}", system.substr(0, 10), device % 10'000'000);
}

std::string time_text(Time t) {
  const auto local = std::chrono::floor<std::chrono::seconds>(t + kShanghai);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(local - day);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<Time> read_time(std::string_view text) {
  if (text.size() != 14 || !all_digits(text)) return std::nullopt;
  const auto part = [&](std::size_t from, std::size_t n) { return number_in(text.substr(from, n)); };
  return parse_time(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+08:00", part(0, 4), part(4, 2), part(6, 2), part(8, 2), part(10, 2),
                                part(12, 2)));
}

std::string image_id(std::string_view device, Time shot, std::int64_t serial) {
  check(is_number(device), "a device's number has 20 digits");
  return fmt::format("{}02{}{:05}", device, time_text(shot), serial % 100'000);
}

std::string object_id(CaptureKind kind, std::string_view image) {
  return fmt::format("{}{}00001", image, kind == CaptureKind::plate ? "02" : "06");
}

std::string_view scene_of(std::string_view object) { return object.substr(0, 41); }

std::string cutout_of(std::string_view object) {
  return fmt::format("{}{:05}", object.substr(0, 36), (number_in(object.substr(36, 5)) + 1) % 100'000);
}

// ---- what goes up -------------------------------------------------------------------------------------------------

std::string object_text(const Object& object) {
  return object.kind == CaptureKind::plate ? vehicle_text(object) : face_text(object);
}

std::string list_text(CaptureKind kind, std::span<const std::string> objects) {
  const std::string_view word = kind == CaptureKind::plate ? "MotorVehicle" : "Face";
  std::string text = fmt::format("{{\"{}ListObject\":{{\"{}Object\":[", word, word);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (i > 0) text += ',';
    text += objects[i];
  }
  return text + "]}}";
}

std::string_view target_of(CaptureKind kind) { return kind == CaptureKind::plate ? "/VIID/MotorVehicles" : "/VIID/Faces"; }
std::string register_text(std::string_view system) { return about("RegisterObject", system); }
std::string unregister_text(std::string_view system) { return about("UnRegisterObject", system); }
std::string keepalive_text(std::string_view system) { return about("KeepaliveObject", system); }

std::string colour_code(std::string_view words) {
  std::string bare = normalise(words);
  if (bare == "gray") bare = "grey";
  constexpr std::string_view kColourWord = "色";
  if (bare.ends_with(kColourWord)) bare.resize(bare.size() - kColourWord.size());
  for (const Colour& colour : kColours)
    if (bare == colour.words) return std::string(colour.code);
  return "99";
}

std::string class_code(std::string_view number, std::string_view colour) {
  const std::u32string points = to_code_points(number);
  const auto letter = [](char32_t c) { return c >= U'A' && c <= U'Z'; };
  if (points.size() == 8) {  // new energy: the letter of the drive stands third on small vehicles, last on large ones
    if (letter(points[2])) return "52";
    return letter(points[7]) ? "51" : "99";
  }
  if (points.size() != 7) return "99";
  if (colour == "5") return "02";                                    // small
  if (colour == "6") return points.back() == U'学' ? "16" : "01";    // learner, large
  return colour == "2" && points.back() == U'警' ? "23" : "99";      // police
}

// ---- what comes back ----------------------------------------------------------------------------------------------

std::optional<std::vector<Status>> read_statuses(std::string_view body) {
  const auto json = readable(body);
  std::vector<Status> all;
  if (!json || !gather(*json, 6, all)) return std::nullopt;
  return all;
}

std::optional<Time> read_system_time(std::string_view body) {
  const auto json = readable(body);
  if (!json) return std::nullopt;
  const value* inside = member(*json, "SystemTimeObject");
  return read_time(text_of(member(inside ? *inside : *json, "LocalTime")));
}

}  // namespace lifang::exchange::viid
