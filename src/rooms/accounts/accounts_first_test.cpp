#include "rooms/accounts/accounts_first.hpp"

#include "support/house_fixture.hpp"

namespace lifang::accounts {
namespace {

class FirstAccounts : public HouseTest {};
BOTH_ENGINES(FirstAccounts);

TEST_P(FirstAccounts, what_the_owner_of_the_machine_chooses_is_as_long_as_the_site_asks) {
  TestDatabase fresh(GetParam());
  House::Plan plan;
  plan.directory = fresh.directory();
  plan.node_key = Secret(std::string(kKeyBytes, 'k'));
  plan.accounts.cost = PasswordCost::for_tests();
  plan.accounts.min_password_length = 20;
  House house(std::move(plan), fresh.database(), world_.world);
  house.open();
  const auto first = [&](const std::string& password) -> std::string {
    try {
      make_first_admin(house.accounts, house.lane, world_.world, fresh.directory(), Secret(std::string(password)));
      return "";
    } catch (const Refusal& refusal) {
      return refusal.code + " " + refusal.detail;
    }
  };
  const std::string said = first("nineteen characters");
  EXPECT_NE(said.find("accounts.weak_password"), std::string::npos) << said;
  EXPECT_NE(said.find("accounts.min_password_length"), std::string::npos) << "which setting it is";
  Reader reader(house.lane.session());
  AccountFilter everybody;
  everybody.closed = true;
  EXPECT_EQ(Accounts::count(reader, Caller::system(), everybody), 0);
  EXPECT_EQ(first("twenty characters it"), "");
  EXPECT_EQ(first("short"), "") << "there is an admin: it is not looked at";
  const auto add = [&](const std::string& login, const std::string& password) -> std::string {
    try {
      AccountWords words{login, login, {}, {}, "guard", {}};
      words.password = password;
      add_from_shell(house.accounts, house.lane, world_.world, words);
      return "";
    } catch (const Refusal& refusal) {
      return refusal.code;
    }
  };
  EXPECT_EQ(add("gate", "correct horse 7"), "accounts.weak_password");
  EXPECT_EQ(add("gate", "correct horse 7 and a battery"), "");
}

}  // namespace
}  // namespace lifang::accounts
