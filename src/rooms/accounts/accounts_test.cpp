#include "rooms/accounts/accounts.hpp"

#include <sys/stat.h>

#include <fstream>

#include "rooms/accounts/accounts_first.hpp"
#include "rooms/accounts/accounts_rules.hpp"
#include "rooms/accounts/accounts_totp.hpp"
#include "support/house_fixture.hpp"

namespace lifang::accounts {
namespace {

constexpr const char* kPassword = "correct horse 7";

class Accounts : public HouseTest {
 protected:
  Accounts() {
    place("xihu", places::Kind::district, "");
    place("fuyuan", places::Kind::compound, "xihu");
    place("other", places::Kind::compound, "xihu");
    act([&](Tx& tx) { house_.accounts.add(tx, root_, {"admin", "", {}, {}, "admin", {}}, hash(kPassword)); });
  }
  void place(const std::string& id, places::Kind kind, const std::string& parent) {
    places::PlaceWords words{kind, id, {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = places::PlaceId{parent};
    act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{id}, words); });
  }
  std::string hash(const std::string& password) { return house_.accounts.hash(password, world_.ids); }
  Account add(const std::string& login, const std::string& role, const std::string& place = "") {
    AccountWords words{login, "", {}, {}, role, {}};
    if (!place.empty()) words.place = places::PlaceId{place};
    return act([&](Tx& tx) { return house_.accounts.add(tx, root_, words, hash(kPassword)); });
  }
  Entry enter(const std::string& login, const std::string& password, const std::string& address = "192.0.2.7",
              const std::string& code = "") {
    const Attempt attempt{login, address, "test", code};
    const Judged judged = ask(
        [&](Reader& r) { return house_.accounts.judge(r, attempt, password, world_.clock.now(), world_.ids); });
    return act([&](Tx& tx) { return house_.accounts.log_in(tx, attempt, judged); });
  }
  std::optional<Known> known(const std::string& token, const std::string& purpose = "") {
    return ask([&](Reader& r) { return house_.accounts.authenticate(r, token, purpose, world_.clock.now()); });
  }
  /// The caller that a fresh login of this account is.
  Caller as(const std::string& login) { return known(*enter(login, kPassword).in->token)->caller; }
  std::string outcome(const std::string& login, const std::string& password, const std::string& address = "192.0.2.7") {
    try {
      const Entry entry = enter(login, password, address);
      return entry.in ? "in" : entry.refused;
    } catch (const Refusal& refusal) {
      return refusal.code;
    }
  }
  std::vector<std::string> told(const std::string& topic) {
    std::vector<std::string> bodies;
    ask([&](Reader& r) {
      for (const auto& t : bus::Bus::after(r, 0, {"accounts"}, 1000))
        if (t.topic == topic) bodies.push_back(t.body);
    });
    return bodies;
  }
};
BOTH_ENGINES(Accounts);

TEST_P(Accounts, a_login_gives_a_token_that_says_who_speaks_and_what_they_may) {
  add("gate", "guard", "fuyuan");
  const Entry entry = enter(" Gate ", kPassword);
  ASSERT_TRUE(entry.in);
  EXPECT_EQ(entry.in->login, "gate");
  const auto who = known(*entry.in->token);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->caller.name, "gate");
  EXPECT_TRUE(who->caller.may("cases.handle", "/xihu/fuyuan/b3/"));
  EXPECT_FALSE(who->caller.may("cases.handle", "/xihu/other/"));
  EXPECT_FALSE(who->caller.may("places.write"));
  EXPECT_FALSE(known("lfs_made_up"));
  EXPECT_FALSE(known("lf_made_up"));
  EXPECT_FALSE(known(""));
}

TEST_P(Accounts, the_store_holds_no_token_and_no_password) {
  const std::string token = *enter("admin", kPassword).in->token;
  ask([&](Reader& r) {
    r.each("SELECT token FROM accounts_sessions", [&](const db::Row& row) { EXPECT_NE(row.text(0), token); });
    r.each("SELECT password FROM accounts", [&](const db::Row& row) { EXPECT_TRUE(row.text(0).starts_with("$argon2id$")); });
  });
}

TEST_P(Accounts, a_login_that_does_not_exist_looks_like_a_wrong_password) {
  EXPECT_EQ(outcome("admin", "wrong"), "accounts.wrong_login");
  EXPECT_EQ(outcome("nobody", "wrong"), "accounts.wrong_login");
  EXPECT_EQ(outcome("", ""), "accounts.wrong_login");
}

TEST_P(Accounts, ten_wrong_passwords_lock_the_login_for_that_address_until_the_window_ends) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(outcome("admin", "wrong"), "accounts.wrong_login");
  EXPECT_EQ(outcome("admin", kPassword), "accounts.too_many");
  EXPECT_EQ(outcome("admin", kPassword, "198.51.100.1"), "in") << "a stranger must not lock the desk out";
  EXPECT_EQ(told("accounts.locked").size(), 1U);
  pass(std::chrono::minutes(14));
  EXPECT_EQ(outcome("admin", kPassword), "accounts.too_many");
  pass(std::chrono::minutes(2));
  EXPECT_EQ(outcome("admin", kPassword), "in");
}

TEST_P(Accounts, a_right_password_that_was_judged_before_the_lock_does_not_get_in_after_it) {
  const Attempt attempt{"admin", "192.0.2.7", "", ""};
  const Judged judged = ask(
      [&](Reader& r) { return house_.accounts.judge(r, attempt, kPassword, world_.clock.now(), world_.ids); });
  for (int i = 0; i < 10; ++i) outcome("admin", "wrong");
  EXPECT_EQ(act([&](Tx& tx) { return house_.accounts.log_in(tx, attempt, judged); }).refused, "accounts.too_many");
}

TEST_P(Accounts, one_address_that_tries_many_logins_is_refused) {
  for (int i = 0; i < 200; ++i) outcome("someone" + std::to_string(i), "wrong");
  EXPECT_EQ(outcome("admin", kPassword), "accounts.too_many");
  EXPECT_EQ(outcome("admin", kPassword, "198.51.100.1"), "in");
}

TEST_P(Accounts, one_login_that_is_tried_from_many_addresses_is_refused) {
  for (int i = 0; i < 50; ++i) outcome("admin", "wrong", "198.51.100." + std::to_string(i));
  EXPECT_EQ(outcome("admin", kPassword, "203.0.113.1"), "accounts.too_many");
}

TEST_P(Accounts, a_session_ends_by_idling_and_in_the_end_anyway) {
  const std::string token = *enter("admin", kPassword).in->token;
  pass(std::chrono::hours(24 * 6));
  ASSERT_TRUE(known(token));
  EXPECT_TRUE(known(token)->stale);
  act([&](Tx& tx) { house_.accounts.touch(tx, known(token)->caller.session); });
  EXPECT_FALSE(known(token)->stale);
  pass(std::chrono::hours(24 * 6));
  EXPECT_TRUE(known(token));
  pass(std::chrono::hours(24 * 2));
  EXPECT_FALSE(known(token)) << "a week without a request";

  const std::string busy = *enter("admin", kPassword).in->token;
  for (int day = 0; day < 29; ++day) {
    pass(std::chrono::hours(24));
    ASSERT_TRUE(known(busy));
    act([&](Tx& tx) { house_.accounts.touch(tx, known(busy)->caller.session); });
  }
  pass(std::chrono::hours(25));
  EXPECT_FALSE(known(busy)) << "thirty days after the login";
}

TEST_P(Accounts, ended_sessions_and_old_attempts_are_removed) {
  enter("admin", kPassword);
  outcome("admin", "wrong");
  pass(std::chrono::hours(24 * 8));
  EXPECT_EQ(ask([](Reader& r) { return r.value<std::int64_t>("SELECT COUNT(*) FROM accounts_sessions"); }), 0);
  EXPECT_EQ(ask([](Reader& r) { return r.value<std::int64_t>("SELECT COUNT(*) FROM accounts_attempts"); }), 0);
}

TEST_P(Accounts, logging_out_ends_the_session_and_only_ones_own) {
  const std::string one = *enter("admin", kPassword).in->token, two = *enter("admin", kPassword).in->token;
  add("gate", "guard", "fuyuan");
  const Caller gate = as("gate");
  const Caller admin = known(one)->caller;
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.log_out(tx, gate, admin.session); }), "accounts.no_session");
  EXPECT_TRUE(known(one));
  act([&](Tx& tx) { house_.accounts.log_out(tx, admin, admin.session); });
  EXPECT_FALSE(known(one));
  EXPECT_TRUE(known(two));
}

TEST_P(Accounts, a_new_password_ends_the_other_sessions) {
  const std::string here = *enter("admin", kPassword).in->token, there = *enter("admin", kPassword).in->token;
  act([&](Tx& tx) { house_.accounts.change_password(tx, known(here)->caller, hash("another horse 8")); });
  EXPECT_TRUE(known(here));
  EXPECT_FALSE(known(there));
  EXPECT_EQ(outcome("admin", kPassword), "accounts.wrong_login");
  EXPECT_EQ(outcome("admin", "another horse 8"), "in");
}

TEST_P(Accounts, a_password_that_was_set_by_another_must_be_changed_first) {
  const Account gate = add("gate", "guard", "fuyuan");
  act([&](Tx& tx) { house_.accounts.reset_password(tx, root_, gate.id, hash("given by desk")); });
  const Entry entry = enter("gate", "given by desk");
  EXPECT_TRUE(entry.in->must_change_password);
  EXPECT_TRUE(entry.in->rights.empty());
  const Caller caller = known(*entry.in->token)->caller;
  EXPECT_TRUE(caller.grants.empty());
  act([&](Tx& tx) { house_.accounts.change_password(tx, caller, hash(kPassword)); });
  EXPECT_FALSE(known(*entry.in->token)->caller.grants.empty());
}

TEST_P(Accounts, a_hash_of_another_cost_is_renewed_at_the_next_login) {
  const std::string cheap = hash_password(kPassword, {2, 8192}, world_.ids);
  act([&](Tx& tx) { house_.accounts.add(tx, root_, {"old", "", {}, {}, "viewer", {}}, cheap); });
  ASSERT_EQ(outcome("old", kPassword), "in");
  const auto now = ask([](Reader& r) { return r.value<std::string>("SELECT password FROM accounts WHERE login = 'old'"); });
  EXPECT_FALSE(is_outdated(*now, PasswordCost::for_tests()));
  EXPECT_EQ(outcome("old", kPassword), "in");
}

TEST_P(Accounts, nobody_gives_what_is_not_theirs) {
  place("b3", places::Kind::building, "fuyuan");
  add("street", "street", "fuyuan");
  const Caller street = as("street");
  const auto attempt = [&](const std::string& role, const std::string& where) {
    AccountWords words{"n" + role + where, "", {}, {}, role, {}};
    if (!where.empty()) words.place = places::PlaceId{where};
    return refused([&](Tx& tx) { house_.accounts.add(tx, street, words, ""); });
  };
  EXPECT_EQ(attempt("worker", "b3"), "");
  EXPECT_EQ(attempt("guard", "fuyuan"), "");
  EXPECT_EQ(attempt("guard", "other"), "access.not_here");
  EXPECT_EQ(attempt("guard", ""), "access.not_here");
  EXPECT_EQ(attempt("admin", "fuyuan"), "accounts.beyond_own");
  EXPECT_EQ(attempt("property", "fuyuan"), "accounts.beyond_own") << "it holds devices.write, which a street does not";
  EXPECT_EQ(attempt("nonsense", "fuyuan"), "accounts.unknown_role");
  add("gate", "guard", "fuyuan");
  const Caller gate = as("gate");
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.add(tx, gate, {"x1", "", {}, {}, "guard", places::PlaceId{"fuyuan"}}, ""); }),
            "access.no_right");
}

TEST_P(Accounts, nobody_takes_over_a_login_that_may_more_than_they) {
  const Account admin = ask([&](Reader& r) {
    return accounts::Accounts::get(r, root_, *accounts::Accounts::find_by_login(r, "admin"));
  });
  const Account elsewhere = add("elsewhere", "guard", "other");
  const Account mixed = add("mixed", "guard", "fuyuan");
  act([&](Tx& tx) { house_.accounts.assign(tx, root_, mixed.id, {"guard", places::PlaceId{"other"}, {}, {}}); });
  add("street", "street", "fuyuan");
  const Caller street = as("street");
  const auto reset = [&](const AccountId& id) {
    return refused([&](Tx& tx) { house_.accounts.reset_password(tx, street, id, "x"); });
  };
  EXPECT_EQ(reset(admin.id), "accounts.unknown");
  EXPECT_EQ(reset(elsewhere.id), "accounts.unknown");
  EXPECT_EQ(reset(mixed.id), "access.not_here") << "it has a role at another place too";
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.close(tx, street, mixed.id); }), "access.not_here");
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.change(tx, street, elsewhere.id, {"x", {}}); }), "accounts.unknown");
  EXPECT_EQ(reset(add("own", "guard", "fuyuan").id), "");
}

TEST_P(Accounts, somebody_is_always_left_who_may_do_everything) {
  const AccountId admin = *ask([&](Reader& r) { return accounts::Accounts::find_by_login(r, "admin"); });
  const Account row = ask([&](Reader& r) { return accounts::Accounts::get(r, root_, admin); });
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.close(tx, root_, admin); }), "accounts.last_admin");
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.unassign(tx, root_, admin, row.assignments[0].id); }), "accounts.last_admin");
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.put_role(tx, root_, "admin", {"系统管理员", {"cases.*"}, {}, true}); }),
            "accounts.last_admin");
  add("second", "admin");
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.close(tx, root_, admin); }), "");
  EXPECT_EQ(outcome("admin", kPassword), "accounts.wrong_login");
}

TEST_P(Accounts, closing_an_account_ends_its_sessions_and_keys_and_keeps_its_name) {
  add("second", "admin");
  const std::string token = *enter("second", kPassword).in->token;
  const Caller second = known(token)->caller;
  const MadeKey key = act([&](Tx& tx) { return house_.accounts.make_key(tx, second, {"k", {"cases.read"}, {}, {}}); });
  ASSERT_TRUE(known(key.token));
  act([&](Tx& tx) { house_.accounts.close(tx, root_, AccountId{second.account}); });
  EXPECT_FALSE(known(token));
  EXPECT_FALSE(known(key.token));
  EXPECT_EQ(ask([&](Reader& r) { return accounts::Accounts::login_of(r, second.account); }), "second");
}

TEST_P(Accounts, a_key_speaks_with_its_rights_until_it_is_revoked_or_runs_out) {
  const Caller admin = as("admin");
  const MadeKey key = act([&](Tx& tx) {
    return house_.accounts.make_key(tx, admin, {"bins", {"readings.read", "devices.*"}, places::PlaceId{"fuyuan"},
                                                world_.clock.now() + std::chrono::hours(48)});
  });
  const auto who = known(key.token);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->caller.account, key.key.id);
  EXPECT_TRUE(who->caller.may("devices.write", "/xihu/fuyuan/"));
  EXPECT_FALSE(who->caller.may("devices.write", "/xihu/"));
  EXPECT_FALSE(who->caller.may("cases.read"));
  pass(std::chrono::hours(47));
  EXPECT_TRUE(known(key.token));
  pass(std::chrono::hours(2));
  EXPECT_FALSE(known(key.token));
  const MadeKey other = act([&](Tx& tx) { return house_.accounts.make_key(tx, admin, {"x", {"*"}, {}, {}}); });
  ASSERT_TRUE(known(other.token));
  act([&](Tx& tx) { house_.accounts.revoke_key(tx, admin, other.key.id); });
  EXPECT_FALSE(known(other.token));
}

TEST_P(Accounts, a_key_never_may_do_more_than_its_owner_may_now) {
  const Account street = add("street", "street", "fuyuan");
  const Caller caller = as("street");
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.make_key(tx, caller, {"k", {"devices.write"}, places::PlaceId{"fuyuan"}, {}}); }),
            "accounts.beyond_own");
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.make_key(tx, caller, {"k", {"cases.read"}, places::PlaceId{"xihu"}, {}}); }),
            "access.not_here");
  const MadeKey key = act([&](Tx& tx) {
    return house_.accounts.make_key(tx, caller, {"k", {"cases.handle", "cases.oversee"}, places::PlaceId{"fuyuan"}, {}});
  });
  EXPECT_TRUE(known(key.token)->caller.may("cases.oversee", "/xihu/fuyuan/"));
  act([&](Tx& tx) { house_.accounts.assign(tx, root_, street.id, {"guard", places::PlaceId{"fuyuan"}, {}, {}}); });
  act([&](Tx& tx) { house_.accounts.unassign(tx, root_, street.id, street.assignments[0].id); });
  EXPECT_TRUE(known(key.token)->caller.may("cases.handle", "/xihu/fuyuan/")) << "a guard may that still";
  EXPECT_FALSE(known(key.token)->caller.may("cases.oversee", "/xihu/fuyuan/"));
}

TEST_P(Accounts, a_deputy_stands_in_for_a_time_and_no_longer_than_the_owner_holds_it) {
  const Account boss = add("boss", "property", "fuyuan");
  const Account deputy = add("deputy", "guard", "fuyuan");
  const Account neighbour = add("neighbour", "resident", "fuyuan");
  const Caller caller = as("boss");
  const auto lend = [&](const Account& to, Duration from, Duration until) {
    return refused([&](Tx& tx) {
      house_.accounts.delegate(tx, caller, boss.id, {to.id, tx.now() + from, tx.now() + until});
    });
  };
  const Duration day = std::chrono::hours(24);
  EXPECT_EQ(lend(neighbour, 0 * day, day), "accounts.bad_deputy");
  EXPECT_EQ(lend(boss, 0 * day, day), "accounts.bad_deputy");
  EXPECT_EQ(lend(deputy, day, 0 * day), "accounts.bad_time");
  EXPECT_EQ(lend(deputy, 0 * day, 400 * day), "accounts.bad_time");
  EXPECT_EQ(lend(deputy, day, 3 * day), "");
  EXPECT_FALSE(as("deputy").may("devices.write", "/xihu/fuyuan/"));
  pass(day * 3 / 2);
  EXPECT_TRUE(as("deputy").may("devices.write", "/xihu/fuyuan/"));
  const Caller stand_in = as("deputy");
  EXPECT_EQ(refused([&](Tx& tx) {
              house_.accounts.delegate(tx, stand_in, deputy.id, {neighbour.id, {}, tx.now() + day});
            }),
            "accounts.bad_deputy");
  pass(day * 2);
  EXPECT_FALSE(as("deputy").may("devices.write", "/xihu/fuyuan/"));
  EXPECT_EQ(lend(deputy, 0 * day, 3 * day), "");
  EXPECT_TRUE(as("deputy").may("devices.write", "/xihu/fuyuan/"));
  act([&](Tx& tx) { house_.accounts.close(tx, root_, boss.id); });
  EXPECT_FALSE(as("deputy").may("devices.write", "/xihu/fuyuan/"));
}

TEST_P(Accounts, roles_are_data_that_people_may_change) {
  act([&](Tx& tx) { house_.accounts.put_role(tx, root_, "guard", {"保安", {"cases.read"}, {"emergency"}, true}); });
  add("gate", "guard", "fuyuan");
  EXPECT_FALSE(as("gate").may("cases.handle"));
  act([&](Tx& tx) { house_.accounts.open(tx); });
  EXPECT_FALSE(as("gate").may("cases.handle")) << "what people changed, a start of the program leaves alone";
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.put_role(tx, root_, "x", {"x", {"not a right"}, {}, true}); }),
            "accounts.bad_rights");
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.put_role(tx, root_, "x", {"x", {"cases.read"}, {"fun"}, true}); }),
            "accounts.unknown_purpose");
  add("street", "street", "fuyuan");
  const Caller street = as("street");
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.put_role(tx, street, "x", {"x", {"cases.read"}, {}, true}); }),
            "access.not_here");
}

TEST_P(Accounts, a_purpose_is_one_of_those_known_and_a_right_like_others) {
  add("gate", "guard", "fuyuan");
  const std::string token = *enter("gate", kPassword).in->token;
  EXPECT_EQ(known(token, "emergency")->caller.purpose, "emergency");
  EXPECT_TRUE(known(token)->caller.may("purpose.emergency", "/xihu/fuyuan/"));
  EXPECT_FALSE(known(token)->caller.may("purpose.care", "/xihu/fuyuan/"));
  EXPECT_EQ(refused([&](Tx&) { known(token, "curiosity"); }), "accounts.unknown_purpose");
}

TEST_P(Accounts, a_moved_place_takes_its_roles_along) {
  place("b3", places::Kind::building, "fuyuan");
  add("gate", "guard", "b3");
  EXPECT_TRUE(as("gate").may("cases.read", "/xihu/fuyuan/b3/"));
  place("b3", places::Kind::building, "other");
  EXPECT_TRUE(as("gate").may("cases.read", "/xihu/other/b3/"));
  EXPECT_FALSE(as("gate").may("cases.read", "/xihu/fuyuan/b3/"));
}

TEST_P(Accounts, whose_data_was_erased_no_longer_logs_in) {
  people::PersonWords words;
  words.name = "王小明";
  words.place = places::PlaceId{"fuyuan"};
  const auto person = act([&](Tx& tx) { return house_.people.add(tx, root_, words).id; });
  act([&](Tx& tx) {
    house_.accounts.add(tx, root_, {"wang", "王小明", person.text, {}, "resident", places::PlaceId{"fuyuan"}}, hash(kPassword));
  });
  const std::string token = *enter("wang", kPassword).in->token;
  EXPECT_EQ(known(token)->caller.person, person.text);
  act([&](Tx& tx) { house_.people.erase(tx, root_, person); });
  EXPECT_FALSE(known(token));
  EXPECT_EQ(outcome("wang", kPassword), "accounts.wrong_login");
}

TEST_P(Accounts, lists_show_those_who_hold_something_where_the_caller_may_look) {
  add("gate", "guard", "fuyuan");
  add("far", "guard", "other");
  add("street", "street", "fuyuan");
  const Caller street = as("street");
  const auto logins = [&](const Caller& caller, const AccountFilter& filter) {
    std::string text;
    for (const Account& a : ask([&](Reader& r) { return accounts::Accounts::list(r, caller, filter); })) text += a.login + " ";
    return text;
  };
  EXPECT_EQ(logins(street, {}), "gate street ");
  EXPECT_EQ(logins(root_, {}), "admin far gate street ");
  AccountFilter filter;
  filter.role = "guard";
  EXPECT_EQ(logins(root_, filter), "far gate ");
  filter.after = "far";
  EXPECT_EQ(logins(root_, filter), "gate ");
  filter = {};
  filter.under = "/xihu/other/";
  EXPECT_EQ(logins(root_, filter), "far ");
  EXPECT_EQ(ask([&](Reader& r) { return accounts::Accounts::count(r, street, {}); }), 2);
}

TEST_P(Accounts, finds_who_holds_a_right_at_a_place) {
  add("gate", "guard", "fuyuan");
  add("far", "guard", "other");
  const auto found = ask([&](Reader& r) {
    return accounts::Accounts::holders(r, "cases.handle", "/xihu/fuyuan/b3/", world_.clock.now());
  });
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(ask([&](Reader& r) { return accounts::Accounts::login_of(r, found[1].text); }), "gate");
}

TEST_P(Accounts, a_second_factor_is_asked_for_and_each_code_works_once) {
  const Caller admin = as("admin");
  const TotpSecret secret = act([&](Tx& tx) { return house_.accounts.begin_totp(tx, admin); });
  EXPECT_EQ(enter("admin", kPassword).refused, "") << "not in force before it is confirmed";
  const auto stored = ask([](Reader& r) {
    return r.one("SELECT totp FROM accounts WHERE login = 'admin'", [](const db::Row& row) { return std::string(row.blob(0)); });
  });
  ASSERT_TRUE(stored);
  // The fake world's bytes are known only to the room: read the secret back from the address that was shown.
  std::string raw;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : secret.secret) {
    held = held << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    if ((bits += 5) >= 8) raw += static_cast<char>(held >> (bits -= 8) & 255);
  }
  EXPECT_EQ(stored->find(raw), std::string::npos) << "sealed at rest";
  const auto code = [&](int steps) { return totp_code(raw, totp_step(world_.clock.now()) + steps); };
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.confirm_totp(tx, admin, "000000"); }), "accounts.wrong_code");
  EXPECT_EQ(refused([&](Tx& tx) { house_.accounts.confirm_totp(tx, admin, code(-1)); }), "");
  EXPECT_EQ(enter("admin", kPassword).refused, "accounts.code_needed");
  EXPECT_EQ(enter("admin", kPassword, "192.0.2.7", code(5)).refused, "accounts.wrong_code");
  const std::string now = code(0);
  EXPECT_TRUE(enter("admin", kPassword, "192.0.2.7", now).in);
  EXPECT_EQ(enter("admin", kPassword, "192.0.2.7", now).refused, "accounts.wrong_code") << "seen once, gone";
  EXPECT_EQ(enter("admin", "wrong", "192.0.2.7", code(1)).refused, "accounts.wrong_login");
  pass(std::chrono::seconds(60));
  Attempt attempt{"admin", "192.0.2.7", "", "000000"};
  EXPECT_FALSE(act([&](Tx& tx) { return house_.accounts.end_own_totp(tx, admin, attempt); }));
  attempt.code = code(0);
  EXPECT_TRUE(act([&](Tx& tx) { return house_.accounts.end_own_totp(tx, admin, attempt); }));
  EXPECT_TRUE(enter("admin", kPassword).in);
}

TEST_P(Accounts, the_first_admin_gets_the_given_password_or_one_in_a_file_that_only_the_owner_reads) {
  TestDatabase fresh(GetParam());
  House::Plan plan;
  plan.directory = fresh.directory();
  plan.node_key = Secret(std::string(kKeyBytes, 'k'));
  plan.accounts.cost = PasswordCost::for_tests();
  House house(std::move(plan), fresh.database(), world_.world);
  house.open();
  make_first_admin(house.accounts, house.lane, world_.world, fresh.directory(), {});
  const std::string file = fresh.directory() + "/admin-password";
  struct stat about {};
  ASSERT_EQ(::stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  std::string password;
  std::ifstream(file) >> password;
  EXPECT_EQ(password.size(), 20U);
  Reader reader(house.lane.session());
  EXPECT_TRUE(house.accounts.judge(reader, {"admin", "", "", ""}, password, world_.clock.now(), world_.ids).right);
  make_first_admin(house.accounts, house.lane, world_.world, fresh.directory(), Secret("another"));
  EXPECT_TRUE(house.accounts.judge(reader, {"admin", "", "", ""}, password, world_.clock.now(), world_.ids).right);
}

TEST(AccountsRules, a_password_is_long_unlike_the_login_and_not_widely_known) {
  EXPECT_EQ(weakness("gate", "correct horse", 10), "");
  EXPECT_EQ(weakness("gate", "里坊社区安全密码测试", 10), "");
  EXPECT_NE(weakness("gate", "short", 10), "");
  EXPECT_NE(weakness("gate", "Password123", 10), "");
  EXPECT_NE(weakness("gate", "aaaaaaaaaaaa", 10), "");
  EXPECT_NE(weakness("gate", "abcdefghijkl", 10), "");
  EXPECT_NE(weakness("gate", "gate-gate-12", 10), "");
  EXPECT_NE(weakness("gate", std::string(600, 'x') + "y", 10), "");
}

TEST(AccountsRules, a_right_covers_itself_and_its_room) {
  EXPECT_TRUE(covers("*", "cases.read"));
  EXPECT_TRUE(covers("cases.*", "cases.read"));
  EXPECT_TRUE(covers("cases.*", "cases.*"));
  EXPECT_FALSE(covers("cases.*", "*"));
  EXPECT_FALSE(covers("cases.*", "casesx.read"));
  EXPECT_FALSE(covers("cases.read", "cases.*"));
  EXPECT_FALSE(covers("cases.read", "cases.reader"));
}

}  // namespace
}  // namespace lifang::accounts
