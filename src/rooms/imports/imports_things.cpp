// Rows of organisations, posts, devices and kinds.
#include <algorithm>
#include <boost/json.hpp>
#include <chrono>

#include "base/check.hpp"
#include "base/members.hpp"
#include "base/reflect.hpp"
#include "base/text.hpp"
#include "rooms/cases/cases.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/devices/devices.hpp"
#include "rooms/devices/devices_words.hpp"
#include "rooms/imports/imports_pass.hpp"
#include "rooms/people/people.hpp"
#include "rooms/people/people_known.hpp"
#include "rooms/rosters/rosters.hpp"

namespace lifang::imports {
namespace {

using Word = std::pair<std::string_view, std::string_view>;
constexpr Word kOrganisations[] = {{"property_company", "物业公司|物业|property company"},
                                   {"community_office", "社区|居委会|村委会|社区居委会|community office"},
                                   {"street_office", "街道|街镇|街道办|street office"}, {"bureau", "部门|委办局|局|职能部门"},
                                   {"district_centre", "城区中心|中心|区中心|区指挥中心|district centre"}, {"clinic", "诊所|医院|卫生服务中心"},
                                   {"school", "学校"}, {"merchant", "商户|商家"}, {"volunteers", "志愿者|社会组织|志愿者队伍"}, {"other", "其他"}};
constexpr Word kClasses[] = {{"component", "部件"}, {"event", "事件"},       {"help", "求助"},
                             {"complaint", "投诉"}, {"suggestion", "建议"}, {"enquiry", "咨询"}};
constexpr Word kGrades[] = {{"I", "1|一级|Ⅰ"}, {"II", "2|二级|Ⅱ"}, {"III", "3|三级|Ⅲ"}, {"IV", "4|四级|Ⅳ"}};
constexpr Word kHours[] = {{"clock", "自然时|自然时间|小时制"}, {"working", "工作时|工作时间|工作日"}};
constexpr Word kVerifiers[] = {{"desk", "值班台"}, {"reporter", "上报人"}, {"device", "设备"}, {"above", "上级"}};

constexpr Word kAlike[] = {{"propose", "询问|先问"}, {"join", "合并"}};

/// Lists as exports write them: what is as it was exported is as it was, whatever its words hold.
template <class Items>
std::string joined(const Items& items) {
  std::string all;
  for (const auto& item : items) {
    if (!all.empty()) all += ", ";
    if constexpr (requires { item.text; }) all += item.text;
    else all += item;
  }
  return std::string(trim(all));
}

template <class E>
void set(E& out, const std::optional<std::string_view>& word) {
  if (word) out = enum_of<E>(*word);
}

/// The one person who is registered with this phone, or whose id it is.
rosters::PersonId staff(Pass& pass, const std::string& word) {
  if (people::PersonId::fits(word) && people::People::path_of(pass.reader, people::PersonId{word})) return rosters::PersonId{word};
  people::SearchWords search;
  search.phone = word;
  const auto found = pass.rooms.people.search(pass.reader, pass.caller, search);
  if (found.size() != 1) throw invalid("imports.unknown_staff", "/staff", "exactly one person with this phone");
  return rosters::PersonId{found.front().id.text};
}

rosters::ClockTime clock_in(const Line& line, std::string_view column, std::string_view otherwise) {
  std::string text = line.maybe(column).value_or(std::string(otherwise));
  if (text.size() == 8 && text.ends_with(":00")) text.resize(5);  // a spreadsheet adds seconds
  if (text.size() == 4 && text[1] == ':') text.insert(0, "0");
  const auto clock = JsonText<rosters::ClockTime>::from(text);
  if (!clock) throw invalid("imports.bad_clock", "/" + std::string(column));
  return *clock;
}

/// The roster knows it, or a kind of the catalogue gives it a duty.
bool is_post(Pass& pass, const rosters::PostId& id) {
  if (rosters::Rosters::is_known(pass.reader, id)) return true;
  cases::KindFilter kinds;
  kinds.limit = 2000;
  for (const cases::Kind& kind : pass.rooms.cases.catalogue().list(pass.reader, kinds))
    for (const cases::Duty* duty : {&kind.micro, &kind.small, &kind.great})
      if (duty->post.text == id.text) return true;
  return false;
}

Outcome keep_shift(Pass& pass, const Line& line, const rosters::PostId& post) {
  const auto where = line.maybe("place");
  if (!where) return Outcome::same;
  const Spot place = pass.ground.resolve(*where, "place");
  pass.caller.must("rosters.write", place.path);
  rosters::ShiftWords words;
  words.post = post;
  words.place = places::PlaceId{place.id};
  for (const std::string& word : line.parts("staff")) words.persons.push_back(staff(pass, word));
  words.from = clock_in(line, "from", "00:00");
  words.to = clock_in(line, "to", "24:00");
  std::string from = JsonText<rosters::ClockTime>::to(words.from);
  std::erase(from, ':');
  const std::string id = post.text + "-" + place.id + "-" + from;
  if (id.size() > 64) throw invalid("imports.bad_id", "/id", "the id of the shift would be too long");
  rosters::ShiftFilter filter;
  filter.post = post;
  filter.limit = 10'000;
  for (const rosters::Shift& shift : rosters::Rosters::shifts(pass.reader, pass.caller, filter))
    if (shift.id.text == id && shift.persons == words.persons && shift.from == words.from && shift.to == words.to &&
        shift.place == words.place)
      return Outcome::same;
  for (const rosters::PersonId& person : words.persons)
    rosters::Rosters::must_fit_duty(pass.reader, person, "/staff", pass.now);
  if (pass.tx) pass.rooms.rosters.put_shift(*pass.tx, pass.caller, rosters::ShiftId{id}, words);
  return Outcome::changed;
}

void keep_duty(cases::Duty& duty, const Line& line, const std::string& circle) {
  if (const auto post = line.maybe("post_" + circle)) duty.post = cases::PostId{*post};
  if (const auto span = line.duration("accept_" + circle)) duty.accept = *span;
  if (const auto span = line.duration("handle_" + circle)) duty.handle = *span;
  if (const auto span = line.duration("verify_" + circle)) duty.verify = *span;
}

/// What only an export is likely to say.
void keep_rest(cases::KindWords& words, const Line& line) {
  if (const auto emergency = line.maybe("emergency_en")) words.emergency_en = *emergency;
  words.warn_percent = line.whole_in("warn_percent").value_or(words.warn_percent);
  words.steady = line.duration("steady").value_or(words.steady);
  words.report_in = line.duration("report_in").value_or(words.report_in);
  words.close_after = line.duration("close_after").value_or(words.close_after);
  words.appeal = line.duration("appeal").value_or(words.appeal);
  set(words.near.then, line.choice("near_then", kAlike));
  words.near.floors = line.whole_in("near_floors").value_or(words.near.floors);
  words.near.metres = line.whole_in("near_metres").value_or(words.near.metres);
  if (const auto calls = line.maybe("calls"); calls && *calls != joined(words.calls)) {
    words.calls.clear();
    for (const std::string& id : line.parts("calls")) words.calls.emplace_back(cases::OrganisationId{id});
  }
  if (const auto plan = line.maybe("checklist")) {
    boost::system::error_code bad;
    const boost::json::value lines = boost::json::parse(*plan, bad);
    if (bad) throw invalid("imports.bad_cell", "/checklist", "not as it was exported");
    words.checklist = read<std::vector<cases::Check>>(lines, "/checklist");
  }
}

/// A new kind that says nothing of a circle has that of the ready-made "other".
cases::KindWords base_of(Pass& pass, const std::string& code, bool& is_new) {
  const cases::Catalogue& catalogue = pass.rooms.cases.catalogue();
  const auto before = catalogue.find(pass.reader, code);
  is_new = !before;
  const auto from = before ? before : catalogue.find(pass.reader, cases::kOtherKind);
  check(from.has_value(), "the catalogue holds the kind `other`");
  cases::KindWords words = *from;
  if (is_new) words.name_en.clear();
  return words;
}

}  // namespace

Outcome take_organisation(Pass& pass, const Line& line) {
  const people::OrganisationId id{line.id("id")};
  pass.once(id.text, "id");
  const auto before = people::People::find_organisation(pass.reader, id);
  people::OrganisationWords words;
  if (before) words = {before->kind, before->name, before->place, before->above, before->phone};
  words.name = line.must("name");
  const auto kind = line.choice("kind", kOrganisations);
  if (!kind) throw invalid("imports.needed", "/kind");
  words.kind = enum_of<people::OrganisationKind>(*kind);
  std::string path = before ? before->path : "/";
  if (const auto place = line.maybe("place")) {
    const Spot spot = pass.ground.resolve(*place, "place");
    words.place = places::PlaceId{spot.id};
    path = spot.path;
  }
  if (const auto above = line.maybe("above")) {
    words.above = people::OrganisationId{*above};
    if (*above == id.text) throw invalid("people.cycle", "/above", "an organisation does not answer to itself");
    if (!pass.keys.contains(*above) && !people::People::find_organisation(pass.reader, *words.above))
      throw invalid("people.unknown_organisation", "/above", "no such organisation");
  }
  if (const auto phone = line.maybe("phone")) words.phone = *phone;
  people::check(words);
  pass.caller.must("people.write", path);
  if (before) {
    pass.caller.must("people.write", before->path);
    const auto phone = words.phone ? people::kept_phone(*words.phone) : std::nullopt;
    if (before->kind == words.kind && before->name == words.name && before->place == words.place && before->above == words.above &&
        before->phone == phone)
      return Outcome::same;
  }
  if (pass.tx) pass.rooms.people.put_organisation(*pass.tx, pass.caller, id, words);
  return before ? Outcome::changed : Outcome::made;
}

Outcome take_post(Pass& pass, const Line& line) {
  const rosters::PostId id{line.id("id")};
  pass.once(id.text + "\n" + line.text("place") + "\n" + line.text("from"), "id");
  pass.caller.must("rosters.write");
  const rosters::Post before = rosters::Rosters::post(pass.reader, id);
  const bool is_new = before.name == id.text && !before.above && !before.organisation && !pass.keys.contains("post " + id.text);
  rosters::PostWords words = before;
  words.name = line.must("name");
  if (words.name.size() > 200) throw invalid("people.bad_name", "/name", "1 to 200 bytes");
  if (const auto above = line.maybe("above")) words.above = rosters::PostId{line.id("above")};
  if (words.above == id) throw invalid("rosters.bad_chain", "/above", "a post is not above itself");
  if (words.above && before.above != words.above && !pass.posts.contains(words.above->text) && !is_post(pass, *words.above))
    throw invalid("imports.unknown_post", "/above", "no such post");
  if (const auto organisation = line.maybe("organisation")) {
    if (!people::People::find_organisation(pass.reader, people::OrganisationId{*organisation}))
      throw invalid("people.unknown_organisation", "/organisation", "no such organisation");
    words.organisation = rosters::OrganisationId{*organisation};
  }
  // One that bears its bare id as its name is no new one if it is kept.
  const bool is_kept = !is_new || rosters::Rosters::is_known(pass.reader, id);
  const bool same = is_kept && before.name == words.name && before.above == words.above && before.organisation == words.organisation;
  // A superior that a row to come describes, or that only a kind names so far, is kept by its bare id first.
  if (!same && pass.tx && words.above && !rosters::Rosters::is_known(*pass.tx, *words.above))
    pass.rooms.rosters.put_post(*pass.tx, pass.caller, *words.above, {words.above->text, {}, {}});
  if (!same && pass.tx) pass.rooms.rosters.put_post(*pass.tx, pass.caller, id, words);
  pass.keys.insert("post " + id.text);
  const Outcome shift = keep_shift(pass, line, id);
  if (is_new && !same) return Outcome::made;
  return same && shift == Outcome::same ? Outcome::same : Outcome::changed;
}

Outcome take_device(Pass& pass, const Line& line) {
  const devices::DeviceId id{line.id("id")};
  pass.once(id.text, "id");
  const auto before = devices::Devices::find(pass.reader, id);
  if (!before) pass.must_be_free("/api/v1/devices/", id.text);
  devices::DeviceWords words;
  words.profile = devices::ProfileId{line.must("profile")};
  if (!pass.rooms.devices.registry().profile(words.profile.text))
    throw invalid("devices.unknown_profile", "/profile", "no such profile");
  const Spot place = pass.ground.resolve(line.must("place"), "place");
  words.place = places::PlaceId{place.id};
  words.name = line.maybe("name");
  if (auto tags = line.parts("tags"); !tags.empty() && !(before && line.text("tags") == joined(before->tags))) words.tags = std::move(tags);
  words.secret = line.maybe("secret");
  if (const auto gateway = line.maybe("gateway")) {
    words.gateway.emplace(devices::DeviceId{*gateway});
    if (*gateway == id.text || (!pass.keys.contains(*gateway) && !devices::Devices::find(pass.reader, devices::DeviceId{*gateway})))
      throw invalid("devices.bad_gateway", "/gateway", "the id of another device");
  }
  devices::Upkeep upkeep = before ? before->upkeep : devices::Upkeep{};
  if (const auto word = line.maybe("investor")) upkeep.investor = word;
  if (const auto word = line.maybe("operator")) upkeep.operator_ = word;
  if (const auto word = line.maybe("maintainer")) upkeep.maintainer = word;
  // A sheet keeps whole seconds: what is no further apart is what an export said.
  const auto installed = line.instant("installed_at", pass.offset_minutes);
  if (installed && !(upkeep.installed_at && std::chrono::abs(*upkeep.installed_at - *installed) < std::chrono::seconds(1)))
    upkeep.installed_at = installed;
  const auto cost = line.whole_in("cost_fen");
  if (cost && *cost < 0 && cost != upkeep.cost_fen) throw invalid("imports.not_a_number", "/cost_fen", "nothing costs less than nothing");
  if (cost) upkeep.cost_fen = cost;
  words.upkeep = upkeep;
  devices::check(words);
  pass.caller.must("devices.write", place.path);
  if (before) {
    pass.caller.must("devices.write", before->path);
    const auto entry = pass.rooms.devices.registry().find(id.text);
    const bool same_secret = !words.secret || (entry && entry->secret == pass.vault.blind_index("devices.secret", *words.secret));
    if (before->profile == words.profile && before->place == words.place && (!words.name || before->name == *words.name) &&
        (!words.tags || before->tags == *words.tags) && (!words.gateway || before->gateway == *words.gateway) && same_secret &&
        to_json(before->upkeep) == to_json(upkeep))
      return Outcome::same;
  }
  if (pass.tx) {
    const auto kept = pass.rooms.devices.put(*pass.tx, pass.caller, id, words);
    if (kept.secret) pass.secrets.push_back({id.text, *kept.secret});
  }
  return before ? Outcome::changed : Outcome::made;
}

Outcome take_kind(Pass& pass, const Line& line) {
  pass.caller.must("cases.catalogue", "/");
  const std::string code = line.id("code");
  pass.once(code, "code");
  bool is_new = false;
  cases::KindWords words = base_of(pass, code, is_new);
  const std::string before = to_json(words);
  words.name = line.must("name");
  if (const auto name = line.maybe("name_en")) words.name_en = *name;
  set(words.class_, line.choice("class", kClasses));
  set(words.grade, line.choice("grade", kGrades));
  set(words.hours, line.choice("hours", kHours));
  set(words.verifier, line.choice("verifier", kVerifiers));
  keep_duty(words.micro, line, "micro");
  keep_duty(words.small, line, "small");
  keep_duty(words.great, line, "great");
  if (const auto evidence = line.parts("evidence"); !evidence.empty() && line.text("evidence") != joined(words.evidence)) {
    words.evidence.clear();
    for (const std::string& word : evidence) words.evidence.push_back(word == "照片" ? "photo" : word == "说明" ? "note" : word);
  }
  words.strict = line.yes("strict").value_or(words.strict);
  words.evaluate = line.yes("evaluate").value_or(words.evaluate);
  words.merge_within = line.duration("merge").value_or(words.merge_within);
  words.ring = line.duration("ring").value_or(words.ring);
  if (const auto emergency = line.maybe("emergency")) words.emergency = *emergency;
  keep_rest(words, line);
  cases::check_words(words);
  cases::Catalogue& catalogue = pass.rooms.cases.catalogue();
  const auto now = catalogue.find(pass.reader, code);
  const bool was_retired = now && now->retired;
  const bool retired = line.yes("retired").value_or(was_retired);
  if (!is_new && to_json(words) == before && retired == was_retired) return Outcome::same;
  if (pass.tx) {
    if (is_new || to_json(words) != before) catalogue.put(*pass.tx, pass.caller, code, words);
    catalogue.retire(*pass.tx, pass.caller, code, retired);
  }
  return is_new ? Outcome::made : Outcome::changed;
}

void probe_thing(Probes& probes, Pass& pass, What what, const Line& line) {
  using Words = std::span<const Word>;
  const auto choice = [&](std::string_view column, Words words) { probes.emplace_back([&line, column, words] { line.choice(column, words); }); };
  if (what == What::organisations) choice("kind", kOrganisations);
  if (what == What::kinds) {
    const std::pair<std::string_view, Words> all[] = {
        {"class", kClasses}, {"grade", kGrades}, {"hours", kHours}, {"verifier", kVerifiers}, {"near_then", kAlike}};
    for (const auto& [column, words] : all) choice(column, words);
  }
  if (what == What::posts) {
    if (!line.maybe("place")) return;  // without one nothing is read of a shift
    probes.emplace_back([&line, &pass] { for (const std::string& word : line.parts("staff")) staff(pass, word); });
    probes.emplace_back([&line] { clock_in(line, "from", "00:00"); });
    probes.emplace_back([&line] { clock_in(line, "to", "24:00"); });
  }
  if (what == What::devices) probes.emplace_back([&line, &pass] {
    if (!pass.rooms.devices.registry().profile(line.must("profile"))) throw invalid("devices.unknown_profile", "/profile", "no such profile");
  });
}

Outcome take(Pass& pass, What what, const Line& line) {
  switch (what) {
    case What::places: return take_place(pass, line);
    case What::homes: return take_home(pass, line);
    case What::organisations: return take_organisation(pass, line);
    case What::people: return take_person(pass, line);
    case What::posts: return take_post(pass, line);
    case What::devices: return take_device(pass, line);
    case What::kinds: return take_kind(pass, line);
  }
  return Outcome::same;
}

}  // namespace lifang::imports
