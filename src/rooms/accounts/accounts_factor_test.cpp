// A second factor that a role demands: nothing before it is there, also in sessions that are open.
#include "rooms/accounts/accounts_factor.hpp"

#include "rooms/accounts/accounts_phones.hpp"
#include "rooms/accounts/accounts_totp.hpp"
#include "support/house_fixture.hpp"

namespace lifang::accounts {
namespace {

constexpr const char* kFactorPassword = "correct horse 7";

class DemandedFactor : public HouseTest {
 protected:
  DemandedFactor() {
    desk_ = act([&](Tx& tx) {
      return house_.accounts.add(tx, root_, {"desk", "", {}, {}, "street", {}}, house_.accounts.hash(kFactorPassword, world_.ids)).id;
    });
  }
  LoggedIn enter() {
    const Attempt attempt{"desk", "192.0.2.7", "", ""};
    const Judged judged = ask([&](Reader& r) { return house_.accounts.judge(r, attempt, kFactorPassword, world_.clock.now(), world_.ids); });
    return *act([&](Tx& tx) { return house_.accounts.log_in(tx, attempt, judged); }).in;
  }
  Caller known(const LoggedIn& in) {
    return ask([&](Reader& r) { return house_.accounts.authenticate(r, *in.token, "", world_.clock.now()); })->caller;
  }
  bool enrols() {
    return ask([&](Reader& r) { return must_enrol(r, desk_, world_.clock.now()); });
  }
  /// The code of an authenticator that was given this secret (RFC 6238).
  std::string code(const std::string& base32) const {
    std::string raw;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : base32) {
      held = held << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
      if ((bits += 5) >= 8) raw += static_cast<char>(held >> (bits -= 8) & 255);
    }
    return totp_code(raw, totp_step(world_.clock.now()));
  }
  AccountId desk_;
};
BOTH_ENGINES(DemandedFactor);

TEST_P(DemandedFactor, a_role_that_demands_it_gives_nothing_before_it_is_there) {
  const LoggedIn before = enter();
  EXPECT_FALSE(known(before).grants.empty());
  act([&](Tx& tx) { demand_factor(tx, root_, "street", true); });
  EXPECT_EQ(ask([](Reader& r) { return roles_with_factor(r); }), std::set<std::string>{"street"});
  EXPECT_TRUE(enrols());
  EXPECT_TRUE(known(before).grants.empty()) << "also where somebody is logged in already";
  const LoggedIn in = enter();
  EXPECT_TRUE(in.rights.empty());
  const Caller caller = known(in);
  const TotpSecret secret = act([&](Tx& tx) { return house_.accounts.begin_totp(tx, caller); });
  EXPECT_TRUE(enrols()) << "a secret that was not confirmed proves nothing";
  act([&](Tx& tx) { house_.accounts.confirm_totp(tx, caller, code(secret.secret)); });
  EXPECT_FALSE(enrols());
  EXPECT_FALSE(known(in).grants.empty());
  pass(std::chrono::seconds(60));
  const Attempt attempt{"desk", "192.0.2.7", "", code(secret.secret)};
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.end_own_totp(tx, caller, attempt); }), "accounts.factor_demanded");
  act([&](Tx& tx) { house_.accounts.end_totp(tx, root_, desk_); });
  EXPECT_TRUE(enrols()) << "a lost phone: the administrator ends it, and a new one is enrolled";
}

TEST_P(DemandedFactor, a_code_of_the_desk_does_not_step_over_it) {
  const LoggedIn in = enter();
  const TotpSecret secret = act([&](Tx& tx) { return house_.accounts.begin_totp(tx, known(in)); });
  act([&](Tx& tx) { house_.accounts.confirm_totp(tx, known(in), code(secret.secret)); });
  pass(std::chrono::seconds(60));
  const Phonebook phones(house_.accounts);
  const std::string typed = act([&](Tx& tx) { return phones.make_code(tx, root_, desk_).code; });
  const auto bind = [&](const std::optional<std::string>& second) {
    return act([&](Tx& tx) {
      return phones.bind_by_code(tx, {"", "192.0.2.7", "", ""}, {typed, "岗亭手机", "2580", {}, false, second}, house_.accounts.hash("2580", world_.ids));
    }).entry;
  };
  EXPECT_EQ(bind({}).refused, "accounts.code_needed");
  EXPECT_EQ(bind("000000").refused, "accounts.wrong_code");
  EXPECT_TRUE(bind(code(secret.secret)).in) << "the desk's code was not used up by that";
}

TEST_P(DemandedFactor, who_may_demand_it) {
  EXPECT_EQ(refused([&](Tx& tx) { demand_factor(tx, root_, "nobody", true); }), "accounts.unknown_role");
  const Caller street{"account-9", "", "street", "", "", {{"accounts.write", "/fuyuan/"}}};
  EXPECT_EQ(refused([&](Tx& tx) { demand_factor(tx, street, "street", true); }), "access.not_here");
}

}  // namespace
}  // namespace lifang::accounts
