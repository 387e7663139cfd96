#include "rooms/readings/readings_personal.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/text.hpp"

namespace lifang::readings {
namespace {

using boost::json::object;
using boost::json::value;

constexpr std::array<std::string_view, 9> kPlates = {"plate", "plateno", "platenumber", "licenseplate", "licenceplate",
                                                     "carplate", "hphm", "车牌", "车牌号"};
constexpr std::array<std::string_view, 15> kPersons = {"person", "personid", "personname", "face", "faceid", "facetoken",
                                                       "template", "embedding", "feature", "features", "identity", "idnumber",
                                                       "idcard", "phone", "mobile"};
/// What a read may show to anybody: how the thing looked and where in the picture.
constexpr std::array<std::string_view, 8> kPlain = {"box", "colour", "color", "platecolour", "plateclass", "vehiclecolour",
                                                    "direction", "lane"};

/// "plate_no", "PlateNo" and "plate-no" are one name.
std::string name_of_key(std::string_view key) {
  std::string name;
  for (const char c : key) {
    if (c == '_' || c == '-' || c == ' ') continue;
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

template <std::size_t N>
bool stands_in(const std::array<std::string_view, N>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Nothing where it is no object: what cannot be read is not shown either.
std::optional<object> object_of(std::string_view attributes) {
  boost::system::error_code unreadable;
  value read = boost::json::parse({attributes.data(), attributes.size()}, unreadable);
  if (unreadable || !read.is_object()) return std::nullopt;
  return std::move(read.get_object());
}

bool names_somebody(const value& of) {
  if (of.is_array())
    return std::any_of(of.get_array().begin(), of.get_array().end(), [](const value& each) { return names_somebody(each); });
  if (!of.is_object()) return false;
  return std::any_of(of.get_object().begin(), of.get_object().end(), [](const auto& member) {
    const std::string name = name_of_key({member.key().data(), member.key().size()});
    return stands_in(kPlates, name) || stands_in(kPersons, name) || names_somebody(member.value());
  });
}

value masked_text(const value& plate) {
  if (!plate.is_string()) return "***";
  return value(masked_plate({plate.get_string().data(), plate.get_string().size()}));
}

value without_persons(const value& of) {
  if (of.is_array()) {
    boost::json::array all;
    for (const value& each : of.get_array()) all.push_back(without_persons(each));
    return all;
  }
  if (!of.is_object()) return of;
  object left;
  for (const auto& member : of.get_object()) {
    const std::string name = name_of_key({member.key().data(), member.key().size()});
    if (stands_in(kPersons, name)) continue;
    left[member.key()] = stands_in(kPlates, name) ? masked_text(member.value()) : without_persons(member.value());
  }
  return left;
}

/// How a thing looked is short; a box is four numbers.
bool is_plain(const value& of) {
  if (of.is_string()) return of.get_string().size() <= 32;
  if (of.is_array())
    return of.get_array().size() <= 8 &&
           std::all_of(of.get_array().begin(), of.get_array().end(), [](const value& each) { return each.is_number(); });
  return of.is_number() || of.is_bool();
}

}  // namespace

bool is_read(std::string_view kind) { return kind == "plate" || kind == "face"; }

bool is_personal(std::string_view kind, std::string_view attributes) {
  if (is_read(kind)) return true;
  if (attributes.empty()) return false;
  const auto all = object_of(attributes);
  return !all || names_somebody(*all);
}

std::string masked_plate(std::string_view plate) {
  const std::u32string points = to_code_points(trim(plate));
  if (points.size() < 5) return "***";
  return to_utf8(points.substr(0, 2)) + "·***" + to_utf8(points.substr(points.size() - 2));
}

std::string masked_attributes(std::string_view kind, std::string_view attributes) {
  if (attributes.empty()) return {};
  const auto all = object_of(attributes);
  if (!all) return "{}";
  if (!is_read(kind)) return boost::json::serialize(without_persons(*all));
  object left;
  for (const auto& member : *all) {
    const std::string name = name_of_key({member.key().data(), member.key().size()});
    if (stands_in(kPlates, name)) left[member.key()] = masked_text(member.value());
    else if (stands_in(kPlain, name) && is_plain(member.value())) left[member.key()] = member.value();
  }
  return boost::json::serialize(left);
}

}  // namespace lifang::readings
