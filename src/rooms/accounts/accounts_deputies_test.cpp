// Deputies: whom one may choose, who stands in for whom, and how it ends.
#include "rooms/accounts/accounts_deputies.hpp"

#include "support/house_fixture.hpp"
#include "support/known.hpp"

namespace lifang::accounts {
namespace {

constexpr auto kDay = std::chrono::hours(24);

class AccountDeputies : public HouseTest {
 protected:
  AccountDeputies() {
    place("xihu", places::Kind::district, "");
    place("wenxin", places::Kind::street, "xihu");
    place("dsq", places::Kind::community, "wenxin");
    place("fuyuan", places::Kind::compound, "dsq");
    place("yuli", places::Kind::compound, "dsq");
    place("far", places::Kind::compound, "xihu");
    add("admin", "admin", "", "系统");
    boss_ = add("boss", "property", "fuyuan", "王小明", "person_boss");
    gate_ = add("gate", "guard", "yuli", "渔里门岗");
    li_ = add("li", "guard", "fuyuan", "李大伟", "person_li");
    far_ = add("far-gate", "guard", "far", "远处门岗");
    neighbour_ = add("neighbour", "resident", "fuyuan", "邻居");
  }
  void place(const std::string& id, places::Kind kind, const std::string& parent) {
    places::PlaceWords words{kind, id, {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = places::PlaceId{parent};
    act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{id}, words); });
  }
  AccountId add(const std::string& login, const std::string& role, const std::string& where, const std::string& name,
                const std::string& person = "") {
    AccountWords words{login, name, {}, {}, role, {}};
    if (!where.empty()) words.place = places::PlaceId{where};
    if (!person.empty()) words.person = person;
    return act([&](Tx& tx) {
      if (!person.empty()) make_known(tx, rosters::PersonId{person});
      return house_.accounts.add(tx, root_, words, "");
    }).id;
  }
  /// As the login stands now, with what was lent to it.
  Caller as(const AccountId& id) {
    Caller caller{id.text, "", id.text, {}, {}, {}};
    for (const auto& [right, path] : {std::pair{"accounts.read", "/"}, {"accounts.write", "/"}, {"cases.handle", "/xihu/wenxin/dsq/fuyuan/"},
                                      {"devices.write", "/xihu/wenxin/dsq/fuyuan/"}})
      for (const AccountId& holder : ask([&](Reader& r) { return house_.accounts.holders(r, right, path, world_.clock.now()); }))
        if (holder == id) caller.grants.push_back({right, path});
    return caller;
  }
  std::vector<std::string> found(const AccountId& who, std::optional<std::string> q = {}) {
    const auto all = ask([&](Reader& r) { return Deputies::candidates(r, as(who), {q, {}, 50}, world_.clock.now()); });
    std::vector<std::string> logins;
    for (const Candidate& c : all) logins.push_back(c.login);
    EXPECT_EQ(ask([&](Reader& r) { return Deputies::count(r, as(who), {q, {}, 50}, world_.clock.now()); }),
              static_cast<std::int64_t>(all.size()));
    return logins;
  }
  std::string lend(const AccountId& from, const AccountId& to, Duration start = {}, Duration end = 3 * kDay) {
    return refused([&](Tx& tx) { house_.accounts.delegate(tx, as(from), from, {to, tx.now() + start, tx.now() + end}); });
  }
  std::vector<Deputy> listed(const AccountId& who, const DeputyFilter& filter = {}) {
    return ask([&](Reader& r) { return Deputies::list(r, as(who), filter, world_.clock.now()); });
  }
  std::string end(const Caller& who, const std::string& id) {
    return refused([&](Tx& tx) { Deputies(house_.accounts).end(tx, who, id); });
  }
  using Logins = std::vector<std::string>;
  AccountId boss_, gate_, li_, far_, neighbour_;
};
BOTH_ENGINES(AccountDeputies);

TEST_P(AccountDeputies, staff_choose_by_name_among_those_of_their_community) {
  EXPECT_EQ(found(boss_), (Logins{"gate", "li"})) << "neither residents, nor oneself, nor those elsewhere";
  EXPECT_EQ(found(boss_, "门岗"), Logins{"gate"}) << "a desk by part of its name";
  EXPECT_EQ(found(boss_, "李大伟"), Logins{"li"}) << "a person by the whole name";
  EXPECT_TRUE(found(boss_, "李").empty()) << "nobody is spelt out letter by letter";
  EXPECT_TRUE(found(neighbour_).empty());
  const auto li = ask([&](Reader& r) { return Deputies::candidate(r, as(boss_), li_, world_.clock.now()); });
  EXPECT_EQ(li.name, "李**") << "masked as in the register";
  ASSERT_EQ(li.duties.size(), 1U);
  EXPECT_EQ(li.duties[0].role_name, "保安");
  EXPECT_EQ(li.duties[0].path, "/xihu/wenxin/dsq/fuyuan/");
  EXPECT_EQ(refused([&](Tx& tx) { Deputies::candidate(tx, as(boss_), far_, tx.now()); }), "accounts.unknown");
  EXPECT_EQ(lend(boss_, far_), "accounts.bad_deputy") << "whom one may not see, one may not choose";
  EXPECT_EQ(lend(boss_, neighbour_), "accounts.bad_deputy");
  EXPECT_EQ(lend(boss_, li_), "");
}

TEST_P(AccountDeputies, it_is_shown_who_stands_in_for_whom_until_when) {
  act([&](Tx& tx) { house_.accounts.assign(tx, root_, boss_, {"guard", places::PlaceId{"yuli"}, {}, {}}); });
  EXPECT_EQ(lend(boss_, li_, kDay, 4 * kDay), "");
  const auto mine = listed(boss_);
  ASSERT_EQ(mine.size(), 1U) << "what was lent in one go is one line";
  EXPECT_EQ(mine[0].owner_name, "王小明");
  EXPECT_EQ(mine[0].deputy_name, "李大伟");
  EXPECT_EQ(mine[0].duties.size(), 2U);
  EXPECT_FALSE(mine[0].in_force);
  EXPECT_EQ(mine[0].until, world_.clock.now() + 4 * kDay);
  EXPECT_EQ(listed(li_).size(), 1U) << "the deputy sees it too";
  EXPECT_TRUE(listed(gate_).empty());
  EXPECT_TRUE(listed(li_, {li_, {}, {}, 50}).empty()) << "?owner=me of one who lends nothing";
  EXPECT_EQ(listed(li_, {{}, li_, {}, 50}).size(), 1U);
  const AccountId admin = *ask([&](Reader& r) { return house_.accounts.find_by_login(r, "admin"); });
  ASSERT_EQ(listed(admin).size(), 1U);
  EXPECT_EQ(listed(admin)[0].owner_name, "王**");
  world_.clock.set(world_.clock.now() + 2 * kDay);
  EXPECT_TRUE(listed(boss_)[0].in_force);
  EXPECT_TRUE(as(li_).may("devices.write"));
  world_.clock.set(world_.clock.now() + 3 * kDay);
  EXPECT_TRUE(listed(boss_).empty());
  EXPECT_FALSE(as(li_).may("devices.write"));
}

TEST_P(AccountDeputies, the_owner_the_deputy_and_whoever_stands_above_may_end_it) {
  const auto id = [&] { return listed(boss_).at(0).id; };
  for (const Caller& who : {as(boss_), as(li_), root_}) {
    EXPECT_EQ(lend(boss_, li_), "");
    EXPECT_TRUE(as(li_).may("devices.write"));
    EXPECT_EQ(end(as(gate_), id()), "accounts.no_assignment") << "others do not even learn of it";
    EXPECT_EQ(end(who, id()), "");
    EXPECT_FALSE(as(li_).may("devices.write"));
    EXPECT_TRUE(as(li_).may("cases.handle")) << "their own stays";
    EXPECT_TRUE(listed(boss_).empty());
  }
  EXPECT_EQ(end(as(boss_), "assignment_made_up"), "accounts.no_assignment");
}

TEST_P(AccountDeputies, behind_a_login_stands_somebody_of_the_register_or_nobody) {
  const AccountWords ghost{"ghost", "", "person_NOPE", {}, "resident", places::PlaceId{"fuyuan"}};
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.add(tx, root_, ghost, ""); }), "accounts.unknown_person");
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.change(tx, root_, li_, {{}, "person_NOPE"}); }), "accounts.unknown_person");
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.change(tx, root_, li_, {{}, ""}); }), "") << "nobody is allowed";
}

}  // namespace
}  // namespace lifang::accounts
