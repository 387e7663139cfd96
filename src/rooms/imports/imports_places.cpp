// Rows of places and homes.
#include <fmt/format.h>

#include "base/members.hpp"
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
                           {"unit", "单元"},           {"home", "房屋|户|室|房"},  {"spot", "点位|设施|地点"}};
constexpr Word kUses[] = {{"owned", "自有|自住"}, {"rented", "出租|租赁"}, {"dormitory", "集体|宿舍|群租"}, {"vacant", "空置|空关"}};

std::string_view needed(const std::optional<std::string_view>& word, std::string_view column) {
  if (!word) throw invalid("imports.needed", "/" + std::string(column));
  return *word;
}

bool near(const std::optional<places::Point>& a, const std::optional<places::Point>& b) {
  return a.has_value() == b.has_value() && (!a || (a->lon == b->lon && a->lat == b->lat));
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
  if (pass.households.insert(home.id).second && pass.tx) pass.rooms.people.add_household(*pass.tx, pass.caller, words);
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
  if (const auto floors = line.number_in("floors")) words.floors = static_cast<std::int64_t>(*floors);
  words.height = line.number_in("height");
  const auto before = places::Places::find(pass.reader, places::PlaceId{id});
  if (before) {
    // What the list does not say is as it was.
    if (!words.parent) words.parent = before->parent;
    if (!words.position) words.position = before->position;
    if (!words.floors) words.floors = before->floors;
    if (!words.height) words.height = before->height;
    words.outline = before->outline;
    if (!parent && before->parent) parent = pass.ground.find(before->parent->text);
  }
  places::check(words, parent ? std::optional(parent->kind) : std::nullopt);
  const std::string above = parent ? parent->path : "/";
  pass.caller.must("places.write", above);
  if (before) {
    pass.caller.must("places.write", before->path);
    if (above.starts_with(before->path)) throw invalid("places.cycle", "/parent", "a place cannot stand in itself");
  }
  pass.ground.add({id, above + id + "/", words.name, words.kind}, parent ? parent->id : "");
  if (before && before->kind == words.kind && before->name == words.name && before->parent == words.parent &&
      near(before->position, words.position) && before->floors == words.floors && before->height == words.height)
    return Outcome::same;
  if (pass.tx) pass.rooms.places.put(*pass.tx, pass.caller, places::PlaceId{id}, words);
  return before ? Outcome::changed : Outcome::made;
}

Outcome take_home(Pass& pass, const Line& line) {
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

}  // namespace lifang::imports
