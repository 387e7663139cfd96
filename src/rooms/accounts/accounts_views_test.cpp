// Views of lists: kept with the login and with nobody else's, few, unreadable in the store, gone with the account.
#include "rooms/accounts/accounts_views.hpp"

#include "base/reflect.hpp"
#include "support/house_fixture.hpp"

namespace lifang::accounts {
namespace {

class AccountViews : public HouseTest {
 protected:
  AccountViews() {
    add("admin", "admin");
    desk_ = add("desk", "viewer");
    other_ = add("other", "viewer");
  }
  AccountId add(const std::string& login, const std::string& role) {
    const AccountWords words{login, "", {}, {}, role, {}};
    return act([&](Tx& tx) { return house_.accounts.add(tx, root_, words, ""); }).id;
  }
  static Caller as(const AccountId& id) { return {id.text, "", id.text, {}, {}, {}}; }
  static View view(const std::string& name, const std::string& search = "") { return {name, search, {}, {"title"}, {}}; }
  void keep(const AccountId& who, const std::string& list, const std::vector<View>& views) {
    act([&](Tx& tx) { Views(house_.accounts).keep(tx, as(who), list, views); });
  }
  std::string refusal(const AccountId& who, const std::string& list, const std::vector<View>& views) {
    return refused([&](Tx& tx) { Views(house_.accounts).keep(tx, as(who), list, views); });
  }
  /// "cases: 南区 北区; people: 高龄"
  std::string kept(const AccountId& who) {
    std::string said;
    for (const ListViews& one : ask([&](Reader& r) { return Views(house_.accounts).list(r, as(who)); })) {
      said += (said.empty() ? "" : "; ") + one.id + ":";
      for (const View& v : one.views) said += " " + v.name;
    }
    return said;
  }
  std::int64_t rows() {
    std::int64_t n = 0;
    ask([&](Reader& r) { r.each("SELECT account FROM accounts_views", [&](const db::Row&) { ++n; }); });
    return n;
  }
  AccountId desk_, other_;
};
BOTH_ENGINES(AccountViews);

TEST_P(AccountViews, are_kept_by_list_as_they_came_and_what_is_kept_later_takes_their_place) {
  View whole = view("南区", "井盖");
  whole.sort = ViewOrder{"due", true};
  whole.filters.text = R"({"place":"fuyuan","open":true})";
  keep(desk_, "people", {view("高龄")});
  keep(desk_, "cases", {whole, view("北区")});
  EXPECT_EQ(kept(desk_), "cases: 南区 北区; people: 高龄");
  const ListViews found = ask([&](Reader& r) { return Views(house_.accounts).get(r, as(desk_), "cases"); });
  EXPECT_EQ(to_json(found.views.at(0)), to_json(whole));
  EXPECT_FALSE(found.views.at(1).sort);
  EXPECT_EQ(found.kept_at, world_.clock.now());
  keep(desk_, "cases", {view("西区")});
  EXPECT_EQ(kept(desk_), "cases: 西区; people: 高龄");
  keep(desk_, "cases", {});
  EXPECT_EQ(kept(desk_), "people: 高龄");
  EXPECT_EQ(refused([&](Tx& tx) { Views(house_.accounts).get(tx, as(desk_), "cases"); }), "accounts.no_views");
}

TEST_P(AccountViews, are_the_logins_own) {
  keep(desk_, "cases", {view("南区")});
  keep(other_, "cases", {view("北区")});
  EXPECT_EQ(kept(desk_), "cases: 南区");
  EXPECT_EQ(kept(other_), "cases: 北区");
  EXPECT_EQ(refusal(AccountId{"key_of-a-program"}, "cases", {view("南区")}), "accounts.no_account");
  EXPECT_EQ(rows(), 2);
}

TEST_P(AccountViews, stay_few_and_small) {
  std::vector<View> many;
  for (int i = 0; i < 20; ++i) many.push_back(view("v" + std::to_string(i)));
  EXPECT_EQ(refusal(desk_, "cases", many), "");
  many.push_back(view("one more"));
  EXPECT_EQ(refusal(desk_, "cases", many), "accounts.too_many_views");
  EXPECT_EQ(refusal(desk_, "cases", {view("")}), "accounts.bad_view");
  EXPECT_EQ(refusal(desk_, "cases", {view(std::string(201, 'x'))}), "accounts.bad_view");
  EXPECT_EQ(refusal(desk_, "cases", {view("南区"), view("南区")}), "accounts.bad_view") << "a name once";
  EXPECT_EQ(refusal(desk_, "cases", {view("南区", std::string(5000, 'x'))}), "accounts.bad_view");
  EXPECT_EQ(refusal(desk_, "no list", {view("南区")}), "accounts.bad_id");
  EXPECT_EQ(rows(), 1) << "what was refused kept nothing";
  for (int i = 1; i < 100; ++i) keep(desk_, "list-" + std::to_string(i), {view("南区")});
  EXPECT_EQ(refusal(desk_, "one-more", {view("南区")}), "accounts.too_many_views");
  EXPECT_EQ(refusal(desk_, "list-7", {view("北区")}), "") << "one that is there may still be changed";
}

TEST_P(AccountViews, cannot_be_read_in_the_store_nor_in_another_row) {
  keep(desk_, "people", {view("找人", "王小明")});
  ask([&](Reader& r) {
    r.each("SELECT sealed FROM accounts_views",
           [&](const db::Row& row) { EXPECT_EQ(row.blob(0).find("王小明"), std::string_view::npos); });
  });
  act([&](Tx& tx) { tx.run("UPDATE accounts_views SET account = $1", other_); });
  EXPECT_EQ(kept(other_), "") << "sealed to the login that kept it";
}

TEST_P(AccountViews, go_with_the_account) {
  keep(desk_, "cases", {view("南区")});
  keep(other_, "cases", {view("北区")});
  act([&](Tx& tx) { house_.accounts.close(tx, root_, desk_); });
  EXPECT_EQ(rows(), 1);
  EXPECT_EQ(kept(other_), "cases: 北区");
}

}  // namespace
}  // namespace lifang::accounts
