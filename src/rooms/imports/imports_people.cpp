// Rows of people.
#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/members.hpp"
#include "base/text.hpp"
#include "rooms/imports/imports_pass.hpp"
#include "rooms/people/people.hpp"
#include "rooms/people/people_known.hpp"

namespace lifang::imports {
namespace {

using Word = std::pair<std::string_view, std::string_view>;
constexpr Word kSexes[] = {{"male", "男|男性"}, {"female", "女|女性"}, {"unknown", "未知|不详"}};
constexpr Word kRoles[] = {{"owner", "户主|业主|产权人|本人"}, {"tenant", "租客|租户|承租人"}, {"member", "成员|家庭成员|配偶|子女|父母|其他"}};
constexpr Word kStates[] = {{"present", "在住|在册"}, {"gone", "已迁出|迁出"}, {"erased", "已删除"}};

std::optional<people::Day> day_in(const Line& line, std::string_view column) {
  auto text = line.maybe(column);
  if (!text) return std::nullopt;
  text->resize(std::min<std::size_t>(text->size(), 10));  // a spreadsheet may add a time of day
  int parts[3] = {};
  const char* at = text->data();
  const char* const end = at + text->size();
  for (int i = 0; i < 3; ++i) {
    const auto [next, ec] = std::from_chars(at, end, parts[i]);
    const bool last = i == 2;
    if (ec != std::errc{} || (last ? next != end : next == end || (*next != '-' && *next != '/' && *next != '.')))
      throw invalid("imports.bad_day", "/" + std::string(column));
    at = next + 1;
  }
  const people::Day day{std::chrono::year{parts[0]}, std::chrono::month{static_cast<unsigned>(parts[1])},
                        std::chrono::day{static_cast<unsigned>(parts[2])}};
  if (!day.ok()) throw invalid("imports.bad_day", "/" + std::string(column));
  return day;
}

Spot place_in(Pass& pass, const Line& line) {
  if (const auto place = line.maybe("place")) return pass.ground.resolve(*place, "place");
  const auto compound = line.maybe("compound");
  if (!compound) throw invalid("imports.where", "/place", "a place, or a compound and a home");
  Spot at = pass.ground.compound(*compound, "compound");
  for (const std::string_view column : {"building", "unit", "home"})
    if (const auto name = line.maybe(column)) {
      const auto next = pass.ground.child(at, *name);
      if (!next) throw invalid("imports.unknown_place", "/" + std::string(column), "no such place");
      at = *next;
    }
  return at;
}

std::vector<std::string> tags_in(Pass& pass, const Line& line) {
  std::vector<std::string> tags;
  const auto typed = line.parts("tags");
  if (typed.empty()) return tags;
  if (!pass.tag_kinds) pass.tag_kinds = people::People::tag_kinds(pass.reader);
  const auto& kinds = *pass.tag_kinds;
  for (const std::string& word : typed) {
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const people::TagKind& k) { return k.id == word || k.name == word; });
    if (kind == kinds.end()) throw invalid("imports.unknown_tag", "/tags", "no such tag");
    tags.push_back(kind->id);
  }
  return tags;
}

std::optional<people::Household> household_at(Reader& reader, const Spot& home) {
  for (const people::Household& household : people::People::households_at(reader, places::PlaceId{home.id}))
    if (!household.closed_at) return household;
  return std::nullopt;
}

bool lives_in(Reader& reader, const people::PersonId& person, const people::HouseholdId& household) {
  const auto all = people::People::residencies_of(reader, person);
  return std::any_of(all.begin(), all.end(), [&](const people::Residency& r) { return r.household == household; });
}

/// The sensitive ones are left out of an export, so that a list says nothing of them.
bool is_shown(const std::vector<people::TagKind>& kinds, const std::string& tag) {
  return std::any_of(kinds.begin(), kinds.end(), [&](const people::TagKind& kind) { return kind.id == tag && !kind.sensitive; });
}

bool holds(const std::vector<std::string>& tags, const std::string& tag) { return std::find(tags.begin(), tags.end(), tag) != tags.end(); }

bool says_something(const people::PersonChange& change) {
  return change.name || change.phone || change.identity || change.remarks || change.birth || change.sex || change.place;
}

people::PersonChange change_of(const people::PersonWords& words) {
  people::PersonChange change;
  change.name = words.name;
  change.phone = words.phone;
  change.identity = words.identity;
  change.remarks = words.remarks;
  change.birth = words.birth;
  change.sex = words.sex;
  change.state = people::State::present;
  return change;
}

/// A row of an export: whoever has this id, with what its cells say. Masked and empty cells say nothing. The place is where
/// the person is registered; who lives in which home is not of this list.
Outcome take_by_id(Pass& pass, const Line& line, const people::PersonId& id) {
  pass.once("p" + id.text, "id");
  people::PersonChange change;
  change.name = line.unmasked("name");
  change.phone = line.unmasked("phone");
  change.identity = line.unmasked("identity");
  change.remarks = line.unmasked("remarks");
  change.birth = day_in(line, "birth");
  if (const auto sex = line.choice("sex", kSexes)) change.sex = enum_of<people::Sex>(*sex);
  std::optional<people::State> state;
  if (const auto word = line.choice("state", kStates)) state = enum_of<people::State>(*word);
  if (line.maybe("place") || line.maybe("compound")) {
    const Spot place = place_in(pass, line);
    change.place = places::PlaceId{place.id};
  }
  if (state != people::State::erased) change.state = state;
  const auto tags = tags_in(pass, line);

  const Met* met = pass.written.contains(id.text) ? nullptr : pass.met_before(line.number());
  const auto known = met ? met->known : people::known(pass.reader, pass.vault, pass.caller, id, change, pass.now);
  if (!pass.tx && pass.ids) pass.made.met[line.number()] = {{}, known, {}, false};
  if (!known) throw invalid("people.unknown", "/id", "no such person");
  if (known->state == people::State::erased) {
    change.place.reset();  // it is kept, and stands in the export
    if (says_something(change) || change.state || !tags.empty()) throw conflict("people.is_erased", "this person's data was erased");
    return Outcome::same;
  }
  if (state == people::State::erased) throw invalid("people.bad_state", "/state", "erasing is a move of its own");
  if (change.place && places::Places::path_of(pass.reader, *change.place) == known->path) change.place.reset();
  if (change.place) pass.caller.must("people.write", places::Places::path_of(pass.reader, *change.place));
  std::vector<std::string> put_on, taken_off;
  std::copy_if(tags.begin(), tags.end(), std::back_inserter(put_on), [&](const std::string& tag) { return !holds(known->tags, tag); });
  const auto kinds = tags.empty() ? std::vector<people::TagKind>{} : *pass.tag_kinds;  // read with the tags
  std::copy_if(known->tags.begin(), known->tags.end(), std::back_inserter(taken_off),
               [&](const std::string& tag) { return is_shown(kinds, tag) && !holds(tags, tag); });
  if (known->same && put_on.empty() && taken_off.empty()) return Outcome::same;
  if (pass.tx) {
    people::People& people = pass.rooms.people;
    pass.written.insert(id.text);
    pass.blurred = true;
    if (!known->same) people.change(*pass.tx, pass.caller, id, change);
    for (const std::string& tag : put_on) people.tag(*pass.tx, pass.caller, id, tag);
    for (const std::string& tag : taken_off) people.untag(*pass.tx, pass.caller, id, tag);
  }
  return Outcome::changed;
}

/// Stars name nobody.
std::string words_of_name(const Line& line) {
  std::string name = line.must("name");
  if (is_masked(name)) throw invalid("imports.masked", "/name", "the name is masked, and the row has no id of ours");
  return name;
}

/// What may stay empty is left as it is; a name must be one.
people::PersonWords words_of(const Line& line) {
  people::PersonWords words;
  words.name = words_of_name(line);
  words.phone = line.unmasked("phone");
  words.identity = line.unmasked("identity");
  words.birth = day_in(line, "birth");
  if (const auto sex = line.choice("sex", kSexes)) words.sex = enum_of<people::Sex>(*sex);
  words.remarks = line.unmasked("remarks");
  words.source = "import";
  return words;
}

/// What a row says of a person.
struct Said {
  people::PersonWords words;
  people::ResidentRole role;
  std::vector<std::string> tags;
};

Met meet(Pass& pass, const people::PersonWords& words, const Spot& place) {
  Met met{place, people::known(pass.reader, pass.vault, pass.caller, words, pass.now), {}, true};
  if (place.kind != places::Kind::home) return met;
  met.household = household_at(pass.reader, place);
  met.settled = met.known && met.household && lives_in(pass.reader, met.known->id, met.household->id);
  return met;
}

/// What costs more than writing is done while the lane does other things.
void seal_ahead(Pass& pass, std::size_t row, const people::PersonWords& words, const Met& met) {
  if (!met.known) pass.made.sealed[row] = pass.rooms.people.seal_ahead(words, pass.now, *pass.ids);
  if (met.settled || met.household || pass.made.homes_sealed.contains(met.place.id)) return;
  pass.made.homes_sealed[met.place.id] = pass.rooms.people.seal_household_ahead(*pass.ids);
}

/// The household into which somebody is to move.
people::Household home_of(Pass& pass, const Said& said, const Met& met) {
  if (met.household) return *met.household;
  if (const auto made = pass.homes.find(met.place.id); made != pass.homes.end()) return made->second;
  const bool rents = said.role == people::ResidentRole::tenant;
  people::HouseholdWords words{said.words.place};
  words.kind = rents ? people::HouseholdKind::rented : people::HouseholdKind::owned;
  return pass.homes.emplace(met.place.id, pass.add_household(words)).first->second;
}

/// Somebody whom nobody knew, into their home at once where there is one.
people::PersonId add_person(Pass& pass, std::size_t row, const Said& said,
                            const std::optional<people::Household>& home) {
  people::People& people = pass.rooms.people;
  const auto* sealed = pass.ahead ? &pass.ahead->sealed : nullptr;
  const auto ready = sealed ? sealed->find(row) : decltype(Ahead::sealed)::const_iterator{};
  if (sealed && ready != sealed->end())
    return home ? people.add(*pass.tx, pass.caller, said.words, *ready->second, *home, said.role)
                : people.add(*pass.tx, pass.caller, said.words, *ready->second);
  const people::PersonId id = people.add(*pass.tx, pass.caller, said.words).id;
  if (home) people.move_in(*pass.tx, pass.caller, home->id, {id, said.role, {}});
  return id;
}

void write_person(Pass& pass, std::size_t row, const Said& said, const Met& met) {
  people::People& people = pass.rooms.people;
  const auto home = met.settled ? std::nullopt : std::optional(home_of(pass, said, met));
  const people::PersonId id = met.known ? met.known->id : add_person(pass, row, said, home);
  pass.named.insert(normalise(said.words.name));
  pass.written.insert(id.text);
  if (met.known && !met.known->same) people.change(*pass.tx, pass.caller, id, change_of(said.words));
  for (const std::string& tag : said.tags)
    if (!met.known || !holds(met.known->tags, tag)) people.tag(*pass.tx, pass.caller, id, tag);
  if (met.known && home) people.move_in(*pass.tx, pass.caller, home->id, {id, said.role, {}});
}

}  // namespace

Outcome take_person(Pass& pass, const Line& line) {
  if (const std::string id = line.text("id"); people::PersonId::fits(id)) return take_by_id(pass, line, people::PersonId{id});
  const auto role = enum_of<people::ResidentRole>(line.choice("role", kRoles).value_or("member"));
  Said said{words_of(line), role, tags_in(pass, line)};
  people::PersonWords& words = said.words;
  const Met* met = pass.met_before(line.number());
  const Spot place = met ? met->place : place_in(pass, line);
  words.place = places::PlaceId{place.id};
  if (!met) people::check(words, pass.now);
  pass.caller.must("people.write", place.path);
  const std::string name = normalise(words.name);
  pass.once(words.identity ? "i" + normalise(*words.identity) : "n" + name + "\n" + words.phone.value_or(place.id),
            words.identity ? "identity" : "name");
  // An earlier row may have made or changed whoever is meant here.
  const bool is_written = met && met->known && pass.written.contains(met->known->id.text);
  if (pass.blurred || pass.named.contains(name) || is_written) met = nullptr;
  const Met now = met ? *met : meet(pass, words, place);
  if (!pass.tx && pass.ids) pass.made.met[line.number()] = now;
  const auto& known = now.known;
  const auto has = [&](const std::string& tag) { return holds(known->tags, tag); };
  const bool tagged = known && std::all_of(said.tags.begin(), said.tags.end(), has);
  if (known && known->same && now.settled && tagged) return Outcome::same;
  if (!pass.tx && pass.ids) seal_ahead(pass, line.number(), words, now);
  if (pass.tx) write_person(pass, line.number(), said, now);
  return known ? Outcome::changed : Outcome::made;
}

void probe_person(Probes& probes, Pass& pass, const Line& line) {
  const bool by_id = people::PersonId::fits(line.text("id"));
  const Time now = pass.now;
  // Each beside a name that nothing is wrong with.
  const auto alone = [&probes, now](auto&& put) {
    probes.emplace_back([put, now] {
      people::PersonWords words;
      words.name = "某";
      words.source = "import";
      put(words);
      people::check(words, now);
    });
  };
  alone([&line, by_id](people::PersonWords& words) {
    if (!by_id) words.name = words_of_name(line);
    else if (const auto name = line.unmasked("name")) words.name = *name;
  });
  alone([&line](people::PersonWords& words) { words.phone = line.unmasked("phone"); });
  alone([&line](people::PersonWords& words) { words.identity = line.unmasked("identity"); });
  alone([&line](people::PersonWords& words) { words.remarks = line.unmasked("remarks"); });
  alone([&line](people::PersonWords& words) { words.birth = day_in(line, "birth"); });
  probes.emplace_back([&line] { line.choice("sex", kSexes); });
  if (by_id) probes.emplace_back([&line] { line.choice("state", kStates); });
  else probes.emplace_back([&line] { line.choice("role", kRoles); });
  probes.emplace_back([&line, &pass] { tags_in(pass, line); });
  if (!by_id || line.maybe("place") || line.maybe("compound")) probes.emplace_back([&line, &pass] { place_in(pass, line); });
}

}  // namespace lifang::imports
