// A small ward for tests: a district with a street and two compounds, posts on duty in three circles, and people.
#pragma once
#include "rooms/cases/cases_catalogue.hpp"
#include "support/house_fixture.hpp"
#include "support/known.hpp"

namespace lifang {

/// Everybody is on duty around the clock unless a test changes the roster. The clock begins on Monday 2026-03-02,
/// 10:00 in the district.
class WardTest : public HouseTest {
 protected:
  WardTest() {
    world_.clock.set(local("2026-03-02T10:00"));
    place("xihu", places::Kind::district, "西湖区", "");
    place("wenxin", places::Kind::street, "文新街道", "xihu");
    place("fuyuan", places::Kind::compound, "府苑新村", "wenxin");
    place("b3", places::Kind::building, "3幢", "fuyuan");
    place("b4", places::Kind::building, "4幢", "fuyuan");
    place("yuli", places::Kind::compound, "渔里", "wenxin");
    shift("guard", "fuyuan", {"guard-wang", "guard-li"}, "fuyuan-estate");
    shift("cleaner", "fuyuan", {"cleaner"}, "fuyuan-estate");
    shift("repairer", "fuyuan", {"repairer"}, "fuyuan-estate");
    shift("estate-office", "fuyuan", {"manager"}, "fuyuan-estate");
    shift("community-office", "fuyuan", {"community"}, "fuyuan-community");
    for (const char* post : {"street-waste", "street-safety", "street-order", "street-care", "street-office"})
      shift(post, "wenxin", {"street"}, "wenxin-street");
    shift("urban-management", "xihu", {"chengguan"}, "urban-management");
    shift("police", "xihu", {"police-officer"}, "police");
    shift("fire", "xihu", {"fireman"}, "fire");
    shift("district-command", "xihu", {"commander"}, "district");
  }

  static Time local(const std::string& text) { return *parse_time(text + ":00+08:00"); }
  void at(const std::string& text) { pass(local(text) - world_.clock.now()); }

  void place(const std::string& id, places::Kind kind, const std::string& name, const std::string& parent) {
    places::PlaceWords words{kind, name, {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = places::PlaceId{parent};
    act([&](Tx& tx) { return house_.places.put(tx, root_, places::PlaceId{id}, words); });
  }
  /// A picture that this caller has uploaded: a PNG header with filler behind it, for nothing of it is ever decoded.
  files::FileId picture(Caller caller, const std::string& filler) {
    const std::string one("\0\0\0\x01", 4);
    const std::string png = "\x89PNG\r\n\x1A\n" + std::string("\0\0\0\x0D", 4) + "IHDR" + one + one + filler;
    caller.grants.push_back({"files.write", "/"});
    const files::Upload upload = house_.files.take_in(png, "", "", world_.ids);
    return act([&](Tx& tx) { return house_.files.keep(tx, caller, upload).id; });
  }
  static rosters::ShiftWords shift_words(const std::string& post, const std::string& where,
                                         const std::vector<std::string>& persons, const std::string& organisation) {
    rosters::ShiftWords words;
    words.post = rosters::PostId{post};
    words.place = places::PlaceId{where};
    words.organisation = rosters::OrganisationId{organisation};
    for (const std::string& person : persons) words.persons.emplace_back(person);
    words.to = {24 * 60};
    return words;
  }
  void shift(const std::string& post, const std::string& where, const std::vector<std::string>& persons,
             const std::string& organisation) {
    keep_shift(post + "-" + where, shift_words(post, where, persons, organisation));
  }
  void keep_shift(const std::string& id, const rosters::ShiftWords& words) {
    act([&](Tx& tx) {
      make_known(tx, words);
      return house_.rosters.put_shift(tx, root_, rosters::ShiftId{id}, words);
    });
  }
  void no_shift(const std::string& id) {
    act([&](Tx& tx) { house_.rosters.remove_shift(tx, root_, rosters::ShiftId{id}); });
  }

  /// Somebody with a login: what they may do, and where.
  static Caller who(const std::string& person, const std::vector<std::string>& rights, const std::string& path) {
    Caller caller{"account-" + person, person, person, {}, {}, {}};
    for (const std::string& right : rights) caller.grants.push_back({right, path});
    return caller;
  }
  static Caller resident(const std::string& person) { return who(person, {"cases.report"}, "/xihu/wenxin/fuyuan/"); }
  static Caller worker(const std::string& person) {
    return who(person, {"cases.read", "cases.report", "cases.handle"}, "/xihu/wenxin/fuyuan/");
  }

  /// A login whose person may be in a roster, with one role made of `rights`.
  Caller login(const std::string& person, const std::vector<std::string>& rights, const std::string& where) {
    return act([&](Tx& tx) {
      make_known(tx, rosters::PersonId{person});
      if (accounts::Accounts::holders(tx, "*", "/", tx.now()).empty()) {
        accounts::AccountWords keeper;  // of the machine; there is always one
        keeper.login = keeper.role = "admin";
        house_.accounts.add(tx, root_, keeper, "");
      }
      house_.accounts.put_role(tx, root_, person, {person, rights, {}, true});
      accounts::AccountWords words;
      words.login = person;
      words.person = person;
      words.role = person;
      words.place = places::PlaceId{where};
      const auto account = house_.accounts.add(tx, root_, words, "");
      Caller made{account.id.text, person, person, {}, {}, {}};
      for (const std::string& right : rights) made.grants.push_back({right, places::Places::path_of(tx, places::PlaceId{where})});
      return made;
    });
  }
  cases::Case report(const Caller& caller, const std::string& kind, const std::string& where = "b3",
                     const std::string& text = "出事了") {
    cases::Report words;
    words.kind = kind;
    words.place = places::PlaceId{where};
    words.text = text;
    return act([&](Tx& tx) { return house_.cases.report(tx, caller, words); });
  }
  cases::Case move(const Caller& caller, const cases::CaseId& id, cases::Move what, const cases::Words& words = {}) {
    return act([&](Tx& tx) { return house_.cases.move(tx, caller, id, what, words); });
  }
  std::string refused_move(const Caller& caller, const cases::CaseId& id, cases::Move what, const cases::Words& words = {}) {
    return refused([&](Tx& tx) { house_.cases.move(tx, caller, id, what, words); });
  }
  static cases::Words note(const std::string& text) {
    cases::Words words;
    words.note = text;
    return words;
  }
  cases::Case look(const cases::CaseId& id) {
    return ask([&](Reader& r) { return house_.cases.get(r, root_, id); });
  }
  std::vector<cases::DiaryLine> diary(const cases::CaseId& id) {
    return ask([&](Reader& r) { return house_.cases.diary(r, root_, id, 0, 500); });
  }
  /// The codes of the diary in order, "open assign accept …".
  std::string codes(const cases::CaseId& id) {
    std::string all;
    for (const cases::DiaryLine& line : diary(id)) all += (all.empty() ? "" : " ") + line.code;
    return all;
  }

  Caller wang_ = worker("guard-wang"), li_ = worker("guard-li"), cleaner_ = worker("cleaner"), repairer_ = worker("repairer");
  Caller manager_ = who("manager", {"cases.*"}, "/xihu/wenxin/fuyuan/");
  Caller street_ = who("street", {"cases.*"}, "/xihu/wenxin/");
  Caller district_ = who("commander", {"cases.*"}, "/xihu/");
};

}  // namespace lifang
