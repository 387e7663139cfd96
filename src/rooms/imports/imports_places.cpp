// Rows of places and homes.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "base/members.hpp"
#include "base/reflect.hpp"
#include "base/text.hpp"
#include "rooms/imports/imports_pass.hpp"
#include "rooms/people/people.hpp"
#include "rooms/places/places_words.hpp"

namespace lifang::imports {
namespace {

using places::Kind;
using Word = std::pair<std::string_view, std::string_view>;

constexpr Word kKinds[] = {{"city", "城市|市"},       {"district", "城区|区|县"}, {"street", "街道|街镇|镇|乡"},
                           {"community", "社区|村"},   {"compound", "小区"},       {"building", "楼幢|幢|楼栋|楼"},
                           {"unit", "单元"},           {"home", "房屋|户|室|房|住户"},  {"spot", "点位|设施|地点"}};
constexpr Word kUses[] = {{"owned", "自有|自住"}, {"rented", "出租|租赁"}, {"dormitory", "集体|宿舍|群租"}, {"vacant", "空置|空关"}};

std::string_view needed(const std::optional<std::string_view>& word, std::string_view column) {
  if (!word) throw invalid("imports.needed", "/" + std::string(column));
  return *word;
}

/// A sheet keeps 15 digits of a number: what is no further apart is what an export said.
bool near(double a, double b) { return std::abs(a - b) <= 1e-13 * std::max(1.0, std::abs(a)); }
bool near(const std::optional<double>& a, const std::optional<double>& b) { return a.has_value() == b.has_value() && (!a || near(*a, *b)); }
bool near(const std::optional<places::Point>& a, const std::optional<places::Point>& b) {
  return a.has_value() == b.has_value() && (!a || (near(a->lon, b->lon) && near(a->lat, b->lat)));
}

/// The corners as exports write them.
std::optional<std::vector<places::Point>> outline_in(const Line& line) {
  const auto text = line.maybe("outline");
  if (!text) return std::nullopt;
  boost::system::error_code bad;
  const boost::json::value corners = boost::json::parse(*text, bad);
  if (bad) throw invalid("imports.bad_cell", "/outline", "not as it was exported");
  return read<std::vector<places::Point>>(corners, "/outline");
}

/// "3" as the name of a building is read as "3幢".
std::string named(Kind kind, const std::string& typed) {
  const bool digits = typed.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) return typed;
  return kind == Kind::building ? typed + "幢" : kind == Kind::unit ? typed + "单元" : typed;
}

/// The place of this name under `at`, made if it is not there.
Spot step_down(Pass& pass, const Spot& at, Kind kind, const std::string& typed, std::string_view column, bool& made) {
  if (auto there = pass.ground.child(at, typed)) return *there;
  std::string id = at.id + "-" + slug(typed);
  if (id.size() > 64) throw invalid("imports.bad_id", "/" + std::string(column), "the id made of these names is too long");
  if (pass.ground.find(id)) throw invalid("imports.id_taken", "/" + std::string(column), "another place has this id");
  places::PlaceWords words{kind, named(kind, typed), places::PlaceId{at.id}, {}, {}, {}, {}};
  places::check(words, at.kind);
  pass.caller.must("places.write", at.path);
  Spot spot{id, at.path + id + "/", words.name, kind};
  if (pass.tx) pass.rooms.places.put(*pass.tx, pass.caller, places::PlaceId{id}, words);
  pass.ground.add(spot, at.id);
  made = true;
  return spot;
}

/// Every home has a household, so that it has its code.
Outcome keep_household(Pass& pass, const Spot& home, bool made, const std::optional<std::string_view>& use) {
  const auto kind = enum_of<people::HouseholdKind>(use.value_or("owned"));
  const auto there = made ? std::vector<people::Household>{} : people::People::households_at(pass.reader, places::PlaceId{home.id});
  people::HouseholdWords words{places::PlaceId{home.id}, kind};
  for (const people::Household& household : there) {
    if (household.closed_at) continue;
    if (!use || household.kind == kind) return Outcome::same;
    pass.caller.must("people.write", household.path);
    if (pass.tx) pass.rooms.people.change_household(*pass.tx, pass.caller, household.id, words);
    return Outcome::changed;
  }
  pass.caller.must("people.write", home.path);
  if (!pass.households.insert(home.id).second) return Outcome::made;
  if (pass.tx) pass.add_household(words);
  else if (pass.ids) pass.made.homes_sealed[home.id] = pass.rooms.people.seal_household_ahead(*pass.ids);
  return Outcome::made;
}

}  // namespace

Outcome take_place(Pass& pass, const Line& line) {
  const std::string id = line.id("id");
  pass.once(id, "id");
  places::PlaceWords words;
  words.kind = enum_of<Kind>(needed(line.choice("kind", kKinds), "kind"));
  words.name = line.must("name");
  std::optional<Spot> parent;
  if (const auto above = line.maybe("parent")) {
    parent = pass.ground.resolve(*above, "parent");
    words.parent = places::PlaceId{parent->id};
  }
  if (const auto lon = line.number_in("lon"))
    words.position = places::Point{*lon, line.number_in("lat").value_or(1000)};
  words.floors = line.whole_in("floors");
  words.height = line.number_in("height");
  words.outline = outline_in(line);
  const auto before = places::Places::find(pass.reader, places::PlaceId{id});
  if (before) {
    // What the list does not say is as it was.
    if (!words.parent) words.parent = before->parent;
    if (!words.position || near(before->position, words.position)) words.position = before->position;
    if (!words.floors) words.floors = before->floors;
    if (!words.height || near(before->height, words.height)) words.height = before->height;
    if (!words.outline) words.outline = before->outline;
    if (!parent && before->parent) parent = pass.ground.find(before->parent->text);
  }
  if (!before) pass.must_be_free("/api/v1/places/", id);
  places::check(words, parent ? std::optional(parent->kind) : std::nullopt);
  const std::string above = parent ? parent->path : "/";
  pass.caller.must("places.write", above);
  if (before) {
    pass.caller.must("places.write", before->path);
    if (above.starts_with(before->path)) throw invalid("places.cycle", "/parent", "a place cannot stand in itself");
    if (before->kind != words.kind) places::Places::must_still_hold(pass.reader, before->id, words.kind);
  }
  pass.ground.add({id, above + id + "/", words.name, words.kind}, parent ? parent->id : "");
  if (before && before->kind == words.kind && before->name == words.name && before->parent == words.parent &&
      near(before->position, words.position) && before->floors == words.floors && before->height == words.height &&
      to_json(before->outline) == to_json(words.outline))
    return Outcome::same;
  if (pass.tx) pass.rooms.places.put(*pass.tx, pass.caller, places::PlaceId{id}, words);
  return before ? Outcome::changed : Outcome::made;
}

namespace {

/// A row of an export: the household of this id, or that of the home whose id stands there.
Outcome take_exported_home(Pass& pass, const Line& line, const std::optional<std::string_view>& use) {
  const auto place = line.maybe("place");
  const std::string id = line.text("id");
  if (!people::HouseholdId::fits(id)) {
    const Spot home = pass.ground.resolve(line.must("place"), "place");
    if (home.kind != Kind::home) throw invalid("imports.unknown_place", "/place", "not a home");
    pass.once(home.id, "place");
    const Outcome household = keep_household(pass, home, false, use);
    return household == Outcome::made ? Outcome::changed : household;  // the home was there
  }
  const auto before = people::People::find_household(pass.reader, people::HouseholdId{id});
  if (!before || !pass.caller.may("people.write", before->path))
    throw invalid("people.unknown_household", "/id", "no such household");
  pass.once(id, "id");
  people::HouseholdWords words{before->place, use ? enum_of<people::HouseholdKind>(*use) : before->kind};
  if (place) {
    const Spot home = pass.ground.resolve(*place, "place");
    pass.caller.must("people.write", home.path);
    words.place = places::PlaceId{home.id};
  }
  if (words.place == before->place && words.kind == before->kind) return Outcome::same;
  if (before->closed_at) throw invalid("people.is_closed", "/id", "this household is closed");
  if (pass.tx) pass.rooms.people.change_household(*pass.tx, pass.caller, before->id, words);
  return Outcome::changed;
}

}  // namespace

Outcome take_home(Pass& pass, const Line& line) {
  const bool is_named = line.maybe("compound") || line.maybe("home");
  if (!is_named && (line.maybe("place") || people::HouseholdId::fits(line.text("id"))))
    return take_exported_home(pass, line, line.choice("use", kUses));
  Spot at = pass.ground.compound(line.must("compound"), "compound");
  const std::string number = line.must("home");
  const auto use = line.choice("use", kUses);
  bool made = false;
  if (const auto building = line.maybe("building")) at = step_down(pass, at, Kind::building, *building, "building", made);
  if (const auto unit = line.maybe("unit")) at = step_down(pass, at, Kind::unit, *unit, "unit", made);
  made = false;
  at = step_down(pass, at, Kind::home, number, "home", made);
  pass.once(at.id, "home");
  const Outcome household = keep_household(pass, at, made, use);
  if (made) return Outcome::made;
  return household == Outcome::same ? Outcome::same : Outcome::changed;
}

void probe_place(Probes& probes, Pass& pass, What what, const Line& line) {
  if (what == What::places) {
    probes.emplace_back([&line] { line.choice("kind", kKinds); });
    probes.emplace_back([&line] { outline_in(line); });
  }
  if (what == What::homes) probes.emplace_back([&line] { line.choice("use", kUses); });
  // A home that is said by its names is not looked for by its id.
  if (what == What::homes && line.maybe("compound")) {
    probes.emplace_back([&line, &pass] { pass.ground.compound(line.must("compound"), "compound"); });
    return;
  }
  const std::string_view at = what == What::places ? "parent" : "place";
  if (line.maybe(at)) probes.emplace_back([&line, &pass, at] { pass.ground.resolve(*line.maybe(at), at); });
}

}  // namespace lifang::imports
