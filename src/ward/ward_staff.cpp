// Who works in the made-up district: organisations, posts, shifts, logins.
#include <fmt/format.h>

#include <array>
#include <map>

#include "ward/chance.hpp"
#include "ward/ward_plan.hpp"

namespace lifang::ward {

rosters::PersonId staff_id(std::string_view post, std::string_view place, int n) {
  Chance chance(Chance::hash(post) ^ Chance::hash(place) * 31, "staff");
  std::string text = "person_0";
  constexpr char kDigits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (int i = 0; i < n; ++i) chance.next();
  for (int i = 0; i < 25; ++i) text += kDigits[chance.below(32)];
  return rosters::PersonId{text};
}

// ---- posts, organisations, shifts ---------------------------------------------------------------------------

std::vector<PlannedOrganisation> organisations(const WardPlan& plan) {
  std::vector<PlannedOrganisation> all;
  const auto name_of = [&](const places::PlaceId& id) {
    for (const auto& place : plan.places)
      if (place.id == id) return place.words.name;
    return id.text;
  };
  constexpr std::array<std::array<const char*, 2>, 15> kBureaus = {{{"district-command", "城区指挥中心"},
                                                                    {"urban-management", "城市管理局"},
                                                                    {"police", "公安分局"},
                                                                    {"fire", "消防救援大队"},
                                                                    {"medical", "急救中心"},
                                                                    {"health-bureau", "卫生健康局"},
                                                                    {"civil-affairs", "民政局"},
                                                                    {"housing-bureau", "住建局"},
                                                                    {"environment-bureau", "生态环境分局"},
                                                                    {"market-supervision", "市场监管局"},
                                                                    {"water-utility", "水务公司"},
                                                                    {"power-utility", "供电公司"},
                                                                    {"gas-utility", "燃气公司"},
                                                                    {"lift-rescue", "电梯应急救援站"},
                                                                    {"data-office", "数据资源局"}}};
  for (const auto& [id, name] : kBureaus)
    all.push_back({id, std::string_view(id) == "district-command" ? "district_centre" : "bureau", std::string(name) + "（演示）", plan.district});
  for (const auto& street : plan.streets) all.push_back({"org-" + street.text, "street_office", name_of(street) + "办事处", street});
  for (const auto& community : plan.communities)
    all.push_back({"org-" + community.text, "community_office", name_of(community) + "居委会", community});
  for (const auto& compound : plan.compounds)
    all.push_back({"org-" + compound.text, "property_company", name_of(compound) + "物业服务处", compound});
  return all;
}

std::vector<PlannedPost> posts() {
  const auto post = [](const char* id, const char* name, const char* above) {
    rosters::PostWords words;
    words.name = name;
    if (*above) words.above = rosters::PostId{above};
    return PlannedPost{rosters::PostId{id}, std::move(words)};
  };
  std::vector<PlannedPost> all = {post("district-command", "城区指挥中心", "")};
  constexpr std::array<std::array<const char*, 2>, 14> kDistrict = {{{"urban-management", "城管"},
                                                                     {"police", "公安"},
                                                                     {"fire", "消防"},
                                                                     {"medical", "急救"},
                                                                     {"health-bureau", "卫健"},
                                                                     {"civil-affairs", "民政"},
                                                                     {"housing-bureau", "住建"},
                                                                     {"environment-bureau", "环保"},
                                                                     {"market-supervision", "市场监管"},
                                                                     {"water-utility", "供水"},
                                                                     {"power-utility", "供电"},
                                                                     {"gas-utility", "燃气"},
                                                                     {"lift-rescue", "电梯救援"},
                                                                     {"data-office", "数据局"}}};
  for (const auto& [id, name] : kDistrict) all.push_back(post(id, name, "district-command"));
  constexpr std::array<std::array<const char*, 2>, 5> kStreet = {{{"street-office", "街道值班"},
                                                                  {"street-safety", "街道应急消安"},
                                                                  {"street-order", "街道综合执法"},
                                                                  {"street-waste", "街道分类办"},
                                                                  {"street-care", "街道民生"}}};
  for (const auto& [id, name] : kStreet) all.push_back(post(id, name, "district-command"));
  all.push_back(post("community-office", "社区值班", "street-office"));
  all.push_back(post("community-care", "社区助老", "community-office"));
  all.push_back(post("grid-worker", "网格员", "community-office"));
  all.push_back(post("family-doctor", "家庭医生", "street-care"));
  all.push_back(post("estate-office", "物业服务中心", "community-office"));
  for (const auto& [id, name] : std::array<std::array<const char*, 2>, 5>{{{"guard", "保安"},
                                                                           {"repairer", "维修工"},
                                                                           {"cleaner", "保洁员"},
                                                                           {"gardener", "绿化工"},
                                                                           {"bin-attendant", "分类督导员"}}})
    all.push_back(post(id, name, "estate-office"));
  return all;
}

std::vector<PlannedShift> shifts(const WardPlan& plan) {
  std::vector<PlannedShift> all;
  const auto shift = [&](const char* post, const places::PlaceId& place, const std::string& organisation, int from, int to, int n) {
    rosters::ShiftWords words;
    words.post = rosters::PostId{post};
    words.place = place;
    words.organisation = rosters::OrganisationId{organisation};
    for (int i = 0; i < n; ++i) words.persons.push_back(staff_id(post, place.text, i));
    words.from = {from * 60};
    words.to = {to * 60};
    if (n > 1) words.hand_out = rosters::HandOut::rotate;
    all.push_back({rosters::ShiftId{place.text + "-" + post}, std::move(words)});
  };
  for (const auto& post : posts())
    if (!post.words.above || post.words.above->text == "district-command")
      if (!post.id.text.starts_with("street-")) shift(post.id.text.c_str(), plan.district, post.id.text, 0, 24, post.words.above ? 1 : 2);
  for (const auto& street : plan.streets)
    for (const char* post : {"street-office", "street-safety", "street-order", "street-waste", "street-care", "family-doctor"})
      shift(post, street, "org-" + street.text, 0, 24, 1);
  for (const auto& community : plan.communities) {
    shift("community-office", community, "org-" + community.text, 8, 20, 1);
    shift("community-care", community, "org-" + community.text, 8, 18, 1);
    shift("grid-worker", community, "org-" + community.text, 7, 21, 2);
  }
  for (const auto& compound : plan.compounds) {
    const std::string organisation = "org-" + compound.text;
    shift("estate-office", compound, organisation, 0, 24, 1);
    shift("guard", compound, organisation, 0, 24, 2);
    shift("repairer", compound, organisation, 7, 23, 2);
    shift("cleaner", compound, organisation, 6, 20, 2);
    shift("gardener", compound, organisation, 7, 17, 1);
    shift("bin-attendant", compound, organisation, 6, 21, 1);
  }
  return all;
}

namespace {

/// The role that a post's people log in with.
const char* role_of(std::string_view post) {
  if (post == "guard") return "guard";
  if (post == "estate-office") return "property";
  if (post == "repairer" || post == "cleaner" || post == "gardener" || post == "bin-attendant") return "worker";
  if (post == "district-command") return "operator";
  if (post == "family-doctor" || post.starts_with("street-")) return "street";
  if (post.starts_with("community-") || post == "grid-worker") return "community";
  return "bureau";
}

PlannedLogin login(std::string name, std::string shown, const char* role, const places::PlaceId& place,
                   const std::string& person, std::string does) {
  accounts::AccountWords words;
  words.login = std::move(name);
  words.name = std::move(shown);
  words.role = role;
  words.place = place;
  if (!person.empty()) words.person = person;
  return PlannedLogin{std::move(words), std::move(does)};
}

/// Those that are printed: one of each role, and more where the same role does different work.
std::vector<PlannedLogin> shown_logins(const WardPlan& plan) {
  const auto& compound = plan.compounds.front();
  const auto& community = plan.communities.front();
  const auto& street = plan.streets.front();
  const auto& district = plan.district;
  const auto of = [](const char* post, const places::PlaceId& place) { return staff_id(post, place.text, 0).text; };
  std::vector<PlannedLogin> all = {
      login("demo-guard", "演示保安", "guard", compound, of("guard", compound), "保安, guard of " + compound.text),
      login("demo-repairer", "演示维修工", "worker", compound, of("repairer", compound), "维修工, repairer of " + compound.text),
      login("demo-cleaner", "演示保洁员", "worker", compound, of("cleaner", compound), "保洁员, cleaner of " + compound.text),
      login("demo-property", "演示物业", "property", compound, of("estate-office", compound), "物业, property office of " + compound.text),
      login("demo-community", "演示社区", "community", community, of("community-office", community), "社区, community office of " + community.text),
      login("demo-street", "演示街道", "street", street, of("street-office", street), "街道, street office of " + street.text),
      login("demo-bureau", "演示城管", "bureau", district, of("urban-management", district), "城管, a bureau of the district"),
      login("demo-district", "演示城区", "operator", district, of("district-command", district), "城区, the district's command centre"),
      login("demo-inspector", "演示核查员", kInspectorRole, district, staff_id(kInspectorRole, district.text, 0).text,
            "核查, verifies what others did, everywhere"),
      login("demo-doctor", "演示家庭医生", "doctor", street, staff_id("doctor", street.text, 0).text, "家庭医生, family doctor in " + street.text),
      login("demo-merchant", "演示商户", "merchant", compound, staff_id("merchant", compound.text, 0).text, "商户, a shop at " + compound.text),
      login("demo-integrator", "演示接入商", "integrator", district, {}, "接入商, connects devices"),
      login("demo-viewer", "演示大屏", "viewer", district, {}, "只读, a screen that shows and changes nothing"),
  };
  for (const PlannedResident& resident : residents(plan)) {
    const auto& home = plan.places[plan.homes[resident.home].place].id;
    all.push_back(login(resident.login, "演示居民", "resident", plan.compounds[plan.homes[resident.home].compound],
                        resident.id.text, "居民, lives in " + home.text));
  }
  return all;
}

}  // namespace

std::vector<PlannedStaff> staff(const WardPlan& plan) {
  std::vector<PlannedStaff> all;
  for (const PlannedShift& shift : shifts(plan))
    for (std::size_t n = 0; n < shift.words.persons.size(); ++n)
      all.push_back({shift.words.persons[n], shift.words.post, shift.words.place, static_cast<int>(n)});
  const auto others = [&](const char* post, const places::PlaceId& place) {
    all.push_back({staff_id(post, place.text, 0), rosters::PostId{post}, place, 0});
  };
  others(kInspectorRole, plan.district);
  others("doctor", plan.streets.front());
  others("merchant", plan.compounds.front());
  return all;
}

std::vector<PlannedResident> residents(const WardPlan& plan) {
  std::vector<PlannedResident> all;
  const std::size_t last = std::min<std::size_t>(2, plan.compounds.size()) - 1;
  for (std::size_t home = 0; home < plan.homes.size() && all.size() < 3; ++home) {
    // Two in the first compound, one in the second.
    if (all.size() == 2 && plan.homes[home].compound < last) continue;
    if (household_of(plan, home).empty()) continue;
    const std::string login = all.empty() ? "demo-resident" : fmt::format("demo-resident-{}", all.size() + 1);
    all.push_back({login, home, staff_id("resident", plan.places[plan.homes[home].place].id.text, 0)});
  }
  return all;
}

std::vector<PlannedLogin> logins(const WardPlan& plan) {
  std::vector<PlannedLogin> all = shown_logins(plan);
  std::map<std::string, bool> has;
  for (const PlannedLogin& one : all) has[one.words.person.value_or("")] = true;
  for (const PlannedStaff& one : staff(plan)) {
    if (has[one.id.text]) continue;
    const std::string name = fmt::format("{}-{}-{}", one.post.text, one.place.text, one.n + 1);
    all.push_back(login(name, name, role_of(one.post.text), one.place, one.id.text, ""));
  }
  return all;
}

}  // namespace lifang::ward
