// Ways in without a password, over HTTP and on both engines: codes to phones, and WeChat.
#include "rooms/accounts/accounts_codes.hpp"

#include <gtest/gtest.h>

#include "rooms/accounts/accounts_totp.hpp"
#include "rooms/notices/notices_phone.hpp"
#include "support/http_house.hpp"

namespace lifang::accounts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class WaysIn : public testing::TestWithParam<db::Engine> {
 protected:
  WaysIn() : ward_(GetParam()) {
    ward_.place("fuyuan", places::Kind::compound);
    wang_ = resident("wang", "13800000001");
  }
  void connect(const std::string& app_id = "wx1") {
    House& house = ward_.house();
    house.phones->use({notices::Medium::sms});
    notices::Phones::AtOnce at_once;
    at_once.say = [this](const std::string& number, const std::string& words) {
      const std::lock_guard lock(mutex_);
      said_.emplace_back(number, words);
    };
    at_once.identify = [this](const std::string& code) { return sandbox_.identify(code); };
    at_once.wechat_app_id = app_id;
    house.phones->use(std::move(at_once));
  }
  std::string person(const std::string& phone) {
    people::PersonWords words{"王小明", phone, {}, {}, {}, {}, places::PlaceId{"fuyuan"}};
    return ward_.house().lane.get([&](Tx& tx) { return ward_.house().people.add(tx, Caller::system(), words).id.text; });
  }
  /// @returns the token of a login by password
  std::string resident(const std::string& login, const std::string& phone, const std::string& role = "resident") {
    return ward_.login(login, role, "fuyuan", person(phone));
  }
  http::Reply ask(const std::string& phone) { return ward_.ask("POST", "/api/v1/sessions/code/ask", {}, R"({"phone":")" + phone + "\"}"); }
  http::Reply enter(const std::string& phone, const std::string& code, const std::string& more = {}) {
    return ward_.ask("POST", "/api/v1/sessions/code", {}, R"({"phone":")" + phone + R"(","code":")" + code + "\"" + more + "}");
  }
  http::Reply wechat(const std::string& code) { return ward_.ask("POST", "/api/v1/sessions/wechat", {}, R"({"code":")" + code + "\"}"); }
  std::vector<std::pair<std::string, std::string>> said() {
    ward_.house().lane.now([](Tx&) {});  // what follows a commit has run
    const std::lock_guard lock(mutex_);
    return said_;
  }
  /// The six digits of the newest message.
  std::string code() {
    const auto all = said();
    if (all.empty()) return "none";
    const std::string& words = all.back().second;
    return words.substr(words.find_first_of("0123456789"), 6);
  }
  static std::string other_than(const std::string& code) { return (code[0] == '9' ? '0' : static_cast<char>(code[0] + 1)) + code.substr(1); }
  std::int64_t rows(const std::string& sql) {
    return ward_.house().lane.get([&](Tx& tx) { return tx.value<std::int64_t>(sql).value_or(-1); });
  }

  HttpHouse ward_;
  std::mutex mutex_;
  std::vector<std::pair<std::string, std::string>> said_;
  notices::SandboxGateway sandbox_;
  std::string wang_;
};
BOTH_ENGINES(WaysIn);

TEST_P(WaysIn, a_code_to_the_phone_opens_a_session_once) {
  connect();
  const auto asked = ask("138-0000-0001");
  ASSERT_EQ(asked.status, 200) << asked.body;
  ASSERT_EQ(said().size(), 1U);
  EXPECT_EQ(said()[0].first, "13800000001");
  const std::string sent = code();
  const auto in = enter("+86 13800000001", sent);
  ASSERT_EQ(in.status, 200) << in.body;
  EXPECT_EQ(HttpHouse::text_of(in, "login"), "wang");
  EXPECT_EQ(ward_.ask("GET", "/api/v1/sessions/me", HttpHouse::text_of(in, "token")).status, 200);
  EXPECT_EQ(HttpHouse::code_of(enter("13800000001", sent)), "accounts.wrong_code") << "once";
  EXPECT_EQ(rows("SELECT COUNT(*) FROM accounts_codes"), 0);
}

TEST_P(WaysIn, a_number_that_nobody_has_is_answered_alike_and_hears_nothing) {
  connect();
  const auto known = ask("13800000001"), unknown = ask("13800000009");
  EXPECT_EQ(known.status, unknown.status);
  EXPECT_EQ(known.body, unknown.body) << "the clock stands still, so to the letter";
  EXPECT_EQ(said().size(), 1U);
  EXPECT_EQ(enter("13800000001", "000000x").body, enter("13800000009", "000000x").body);
  EXPECT_EQ(HttpHouse::code_of(ask("12")), "accounts.bad_phone");
  EXPECT_EQ(ask("13800000001").status, ask("13800000009").status) << "too soon, both";
}

TEST_P(WaysIn, five_wrong_tries_or_five_minutes_end_a_code) {
  connect();
  ask("13800000001");
  const std::string first = code();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(enter("13800000001", other_than(first)).status, 401);
  EXPECT_EQ(HttpHouse::code_of(enter("13800000001", first)), "accounts.wrong_code") << "the sixth is too late, also with the right one";
  ward_.world().clock.advance(minutes(2));
  EXPECT_EQ(ask("13800000001").status, 200);
  ward_.world().clock.advance(minutes(5));
  EXPECT_EQ(HttpHouse::code_of(enter("13800000001", code())), "accounts.wrong_code");
  ward_.world().clock.advance(minutes(1));
  EXPECT_EQ(ask("13800000001").status, 200);
  EXPECT_EQ(enter("13800000001", code()).status, 200);
}

TEST_P(WaysIn, a_number_is_not_flooded_and_an_address_does_not_flood) {
  connect();
  EXPECT_EQ(ask("13800000001").status, 200);
  EXPECT_EQ(HttpHouse::code_of(ask("13800000001")), "accounts.too_many_codes");
  for (int i = 0; i < 4; ++i) {
    ward_.world().clock.advance(minutes(2));
    EXPECT_EQ(ask("13800000001").status, 200);
  }
  ward_.world().clock.advance(minutes(2));
  EXPECT_EQ(ask("13800000001").status, 429) << "five an hour";
  EXPECT_EQ(said().size(), 5U);
  for (int i = 5; i < PhoneCodes::kAddressAnHour; ++i) EXPECT_EQ(ask("13800001" + std::to_string(100 + i)).status, 200);
  EXPECT_EQ(ask("13800001" + std::to_string(999)).status, 429) << "so many an hour from one address";
  ward_.world().clock.advance(hours(1));
  EXPECT_EQ(ask("13800000001").status, 200);
}

TEST_P(WaysIn, neither_the_code_nor_the_number_can_be_read_in_the_database_or_the_audit) {
  connect();
  ask("13800000001");
  const std::string sent = code();
  EXPECT_EQ(rows("SELECT COUNT(*) FROM accounts_codes WHERE code LIKE '%" + sent + "%' OR number LIKE '%13800000001%'"), 0);
  EXPECT_EQ(rows("SELECT COUNT(*) FROM notices_messages"), 0) << "no queue keeps it either";
  enter("13800000001", sent);
  const auto audit = ward_.ask("GET", "/api/v1/audit?limit=500", ward_.login("root", "admin"));
  ASSERT_EQ(audit.status, 200);
  EXPECT_NE(audit.body.find("accounts.code_asked"), std::string::npos);
  EXPECT_NE(audit.body.find("accounts.entered"), std::string::npos);
  EXPECT_EQ(audit.body.find("13800000001"), std::string::npos);
  EXPECT_EQ(audit.body.find(sent), std::string::npos);
}

TEST_P(WaysIn, staff_are_not_let_in_by_a_text_message) {
  connect();
  resident("boss", "13800000002", "property");
  EXPECT_EQ(ask("13800000002").body, ask("13800000008").body);
  EXPECT_TRUE(said().empty());
}

TEST_P(WaysIn, a_couple_with_one_phone_says_who_it_is) {
  connect();
  resident("li", "13800000001");
  ask("13800000001");
  const std::string sent = code();
  const auto which = enter("13800000001", sent);
  EXPECT_EQ(which.status, 409);
  EXPECT_NE(which.body.find(R"(["li","wang"])"), std::string::npos) << which.body;
  EXPECT_EQ(HttpHouse::text_of(enter("13800000001", sent, R"(,"login":"Li")"), "login"), "li");
  EXPECT_EQ(HttpHouse::code_of(enter("13800000001", "000000x", R"(,"login":"li")")), "accounts.wrong_code");
}

TEST_P(WaysIn, a_password_that_others_made_ends_with_the_first_code) {
  connect();
  const std::string root = ward_.login("root", "admin");
  const std::string account = HttpHouse::text_of(ward_.ask("GET", "/api/v1/sessions/me", wang_), "account");
  EXPECT_TRUE(ward_.ask("POST", "/api/v1/accounts/" + account + "/password", root, R"({"password":"handed out 77"})").good());
  ask("13800000001");
  const auto in = enter("13800000001", code());
  ASSERT_EQ(in.status, 200) << in.body;
  EXPECT_NE(in.body.find(R"("must_change_password":false)"), std::string::npos);
  EXPECT_EQ(ward_.ask("POST", "/api/v1/sessions", {}, R"({"login":"wang","password":"handed out 77"})").status, 401);
}

TEST_P(WaysIn, without_a_gateway_there_is_no_such_way) {
  EXPECT_EQ(ward_.ask("GET", "/api/v1/sessions/ways").body, R"({"password":true,"code":false,"wechat":false})");
  EXPECT_EQ(HttpHouse::code_of(ask("13800000001")), "accounts.no_codes");
  EXPECT_EQ(HttpHouse::code_of(wechat("sandbox-wang")), "accounts.no_wechat");
  EXPECT_EQ(ward_.ask("GET", "/api/v1/sessions/wechat").status, 404);
  EXPECT_EQ(HttpHouse::code_of(ward_.ask("POST", "/api/v1/accounts/wechat", wang_, R"({"code":"sandbox-wang"})")), "accounts.no_wechat");
  connect("");
  EXPECT_EQ(HttpHouse::code_of(wechat("sandbox-wang")), "accounts.no_wechat") << "a gateway alone is not enough";
}

TEST_P(WaysIn, a_foreign_page_logs_nobody_in) {
  connect();
  ask("13800000001");
  const http::Pairs foreign{{"Sec-Fetch-Site", "cross-site"}};
  const std::string body = R"({"phone":"13800000001","code":")" + code() + R"(","cookie":true})";
  EXPECT_EQ(HttpHouse::code_of(ward_.ask("POST", "/api/v1/sessions/code", {}, body, foreign)), "accounts.cross_site");
  EXPECT_EQ(HttpHouse::code_of(ward_.ask("POST", "/api/v1/sessions/wechat", {}, R"({"code":"sandbox-x","cookie":true})", foreign)),
            "accounts.cross_site");
  const auto in = ward_.ask("POST", "/api/v1/sessions/code", {}, body, {{"Sec-Fetch-Site", "same-origin"}});
  EXPECT_EQ(in.status, 200);
  EXPECT_NE(in.header("Set-Cookie").find("HttpOnly; SameSite=Strict"), std::string_view::npos);
  EXPECT_EQ(in.body.find("lfs_"), std::string::npos);
}

TEST_P(WaysIn, wechat_is_bound_by_somebody_who_is_in_and_then_opens) {
  connect();
  const auto stranger = wechat("sandbox-xiaoming");
  ASSERT_EQ(stranger.status, 200) << stranger.body;
  const std::string ticket = HttpHouse::text_of(stranger, "ticket");
  ASSERT_FALSE(ticket.empty());
  EXPECT_EQ(ticket.find("openid"), std::string::npos);
  EXPECT_NE(ward_.ask("GET", "/api/v1/accounts/wechat", wang_).body.find(R"("bound":false)"), std::string::npos);
  EXPECT_EQ(ward_.ask("POST", "/api/v1/accounts/wechat", wang_, R"({"ticket":")" + ticket + "\"}").status, 200);
  EXPECT_NE(ward_.ask("GET", "/api/v1/accounts/wechat", wang_).body.find(R"("bound":true)"), std::string::npos);
  const auto in = wechat("sandbox-xiaoming");
  EXPECT_NE(in.body.find(R"("login":"wang")"), std::string::npos) << in.body;
  EXPECT_EQ(rows("SELECT COUNT(*) FROM accounts_wechat WHERE openid LIKE '%openid%' OR openid LIKE '%xiaoming%'"), 0);
  // Another login does not take it over; ended, it opens nothing.
  const std::string li = resident("li", "13800000003");
  EXPECT_EQ(HttpHouse::code_of(ward_.ask("POST", "/api/v1/accounts/wechat", li, R"({"code":"sandbox-xiaoming"})")), "accounts.bound_elsewhere");
  EXPECT_EQ(ward_.ask("DELETE", "/api/v1/accounts/wechat", wang_).status, 200);
  EXPECT_EQ(HttpHouse::code_of(ward_.ask("DELETE", "/api/v1/accounts/wechat", wang_)), "accounts.not_bound");
  EXPECT_FALSE(HttpHouse::text_of(wechat("sandbox-xiaoming"), "ticket").empty());
  EXPECT_EQ(HttpHouse::code_of(wechat("stolen")), "accounts.wrong_code");
}

TEST_P(WaysIn, wechat_is_bound_by_a_code_to_the_phone) {
  connect();
  const std::string ticket = HttpHouse::text_of(wechat("sandbox-new"), "ticket");
  ask("13800000001");
  EXPECT_EQ(enter("13800000001", code(), R"(,"ticket":")" + ticket + "\"").status, 200);
  EXPECT_NE(wechat("sandbox-new").body.find(R"("login":"wang")"), std::string::npos);
}

TEST_P(WaysIn, the_openid_is_kept_sealed_for_messages_and_goes_with_the_binding) {
  connect();
  const std::string person = HttpHouse::text_of(ward_.ask("GET", "/api/v1/sessions/me", wang_), "person");
  const auto openid = [&](const std::string& whose) {
    return ward_.house().lane.get([&](Tx& tx) { return openid_of(tx, ward_.house().vault, whose); });
  };
  EXPECT_FALSE(openid(person));
  ward_.ask("POST", "/api/v1/accounts/wechat", wang_, R"({"code":"sandbox-xiaoming"})");
  EXPECT_EQ(openid(person), "openid-xiaoming");
  EXPECT_FALSE(openid("person_somebody_else"));
  const bool sqlite = GetParam() == db::Engine::sqlite;
  EXPECT_EQ(rows(std::string("SELECT COUNT(*) FROM accounts_wechat WHERE ") +
                 (sqlite ? "instr(CAST(sealed AS TEXT), 'xiaoming') > 0" : "position('xiaoming'::bytea IN sealed) > 0")),
            0);
  // Bound before openids were kept: the next login brings it back.
  ward_.house().lane.now([](Tx& tx) { tx.run("UPDATE accounts_wechat SET sealed = NULL"); });
  EXPECT_FALSE(openid(person));
  EXPECT_NE(wechat("sandbox-xiaoming").body.find(R"("login":"wang")"), std::string::npos);
  EXPECT_EQ(openid(person), "openid-xiaoming");
  EXPECT_EQ(ward_.ask("GET", "/api/v1/accounts/wechat", wang_).body.find("xiaoming"), std::string::npos) << "no answer shows it";
  ward_.ask("DELETE", "/api/v1/accounts/wechat", wang_);
  EXPECT_FALSE(openid(person));
}

TEST_P(WaysIn, a_ticket_ends_and_cannot_be_made_up) {
  connect();
  const std::string ticket = HttpHouse::text_of(wechat("sandbox-late"), "ticket");
  std::string bent = ticket;
  bent[bent.size() / 2] = bent[bent.size() / 2] == 'A' ? 'B' : 'A';
  const auto bind = [&](const std::string& words) { return ward_.ask("POST", "/api/v1/accounts/wechat", wang_, R"({"ticket":")" + words + "\"}"); };
  EXPECT_EQ(HttpHouse::code_of(bind(bent)), "accounts.bad_ticket");
  EXPECT_EQ(HttpHouse::code_of(bind("")), "accounts.bad_ticket");
  ward_.world().clock.advance(minutes(10));
  EXPECT_EQ(HttpHouse::code_of(bind(ticket)), "accounts.bad_ticket");
}

TEST_P(WaysIn, staff_are_not_bound_and_a_closed_login_is_forgotten) {
  connect();
  const std::string boss = resident("boss", "13800000002", "property");
  EXPECT_EQ(HttpHouse::code_of(ward_.ask("POST", "/api/v1/accounts/wechat", boss, R"({"code":"sandbox-boss"})")), "accounts.not_for_staff");
  ward_.login("root", "admin");  // somebody is left
  ward_.ask("POST", "/api/v1/accounts/wechat", wang_, R"({"code":"sandbox-wang"})");
  EXPECT_EQ(rows("SELECT COUNT(*) FROM accounts_wechat"), 1);
  const std::string account = HttpHouse::text_of(ward_.ask("GET", "/api/v1/sessions/me", wang_), "account");
  ward_.house().lane.now([&](Tx& tx) { ward_.house().accounts.close(tx, Caller::system(), AccountId{account}); });
  EXPECT_EQ(rows("SELECT COUNT(*) FROM accounts_wechat"), 0);
}

TEST_P(WaysIn, what_has_ended_is_swept_away) {
  connect();
  ask("13800000001");
  ward_.world().clock.advance(hours(2));
  ward_.house().lane.now([](Tx& tx) { PhoneCodes::sweep(tx, 100); });
  EXPECT_EQ(rows("SELECT COUNT(*) FROM accounts_codes"), 0);
  EXPECT_EQ(rows("SELECT COUNT(*) FROM accounts_asks"), 0);
}

class FirstLogin : public WaysIn {
 protected:
  FirstLogin() {
    ward_.place("fuyuan-101", places::Kind::home, "fuyuan");
    connect();
  }
  std::string resident_at_home(const std::string& phone) {
    const std::string id = person(phone);
    House& house = ward_.house();
    house.lane.now([&](Tx& tx) {
      const auto home = house.people.add_household(tx, Caller::system(), {places::PlaceId{"fuyuan-101"}, people::HouseholdKind::owned});
      house.people.move_in(tx, Caller::system(), home.id, {people::PersonId{id}, people::ResidentRole::owner, {}});
    });
    return id;
  }
  std::int64_t logins() { return rows("SELECT COUNT(*) FROM accounts"); }
};
BOTH_ENGINES(FirstLogin);

TEST_P(FirstLogin, a_resident_in_the_register_has_a_login_by_the_first_right_code) {
  const std::string id = resident_at_home("13800000002");
  const std::int64_t before = logins();
  ASSERT_EQ(ask("13800000002").status, 200);
  ASSERT_EQ(said().size(), 1U);
  const std::string sent = code();
  EXPECT_EQ(logins(), before) << "asking makes nothing";
  EXPECT_EQ(enter("13800000002", other_than(sent)).status, 401);
  EXPECT_EQ(logins(), before) << "nor does a wrong code";
  const auto in = enter("13800000002", sent);
  ASSERT_EQ(in.status, 200) << in.body;
  EXPECT_EQ(logins(), before + 1);
  const std::string token = HttpHouse::text_of(in, "token");
  const auto me = ward_.ask("GET", "/api/v1/sessions/me", token);
  EXPECT_EQ(HttpHouse::text_of(me, "person"), id);
  EXPECT_EQ(HttpHouse::text_of(me, "login").find("138"), std::string::npos) << "a login tells no number";
  EXPECT_EQ(ward_.ask("GET", "/api/v1/cases?reported=true", token).status, 200);
  EXPECT_EQ(ward_.ask("GET", "/api/v1/people", token).status, 403) << "a resident and no more";
  EXPECT_EQ(rows("SELECT COUNT(*) FROM audit_entries WHERE action = 'accounts.self_registered'"), 1);
  EXPECT_EQ(rows("SELECT COUNT(*) FROM accounts_assignments WHERE role = 'resident' AND path = '/fuyuan/' AND account IN "
                 "(SELECT id FROM accounts WHERE person = '" + id + "')"), 1);
  ward_.world().clock.advance(minutes(2));
  ask("13800000002");
  EXPECT_EQ(enter("13800000002", code()).status, 200);
  EXPECT_EQ(logins(), before + 1) << "the second time it is their login";
}

TEST_P(FirstLogin, of_several_persons_with_one_number_the_desk_decides_and_outsiders_learn_nothing) {
  resident_at_home("13800000003");
  resident_at_home("13800000003");
  const std::int64_t before = logins();
  const auto shared = ask("13800000003"), unknown = ask("13800000009");
  EXPECT_EQ(shared.status, unknown.status);
  EXPECT_EQ(shared.body, unknown.body) << "one answer for every number";
  ASSERT_EQ(said().size(), 1U) << "they alone are told";
  EXPECT_NE(said()[0].second.find("前台"), std::string::npos);
  EXPECT_EQ(HttpHouse::code_of(enter("13800000003", "123456")), HttpHouse::code_of(enter("13800000009", "123456")));
  EXPECT_EQ(logins(), before);
}

TEST_P(FirstLogin, nobody_is_registered_who_lives_nowhere_or_whose_login_was_closed) {
  person("13800000004");  // in the register, in no household
  ask("13800000004");
  EXPECT_TRUE(said().empty());
  ward_.login("desk", "admin");
  const std::string id = resident_at_home("13800000005");
  House& house = ward_.house();
  ward_.login("zhou", "resident", "fuyuan", id);
  house.lane.now([&](Tx& tx) { house.accounts.close(tx, Caller::system(), *Accounts::find_by_login(tx, "zhou")); });
  ask("13800000005");
  EXPECT_TRUE(said().empty()) << "what the desk closed stays closed";
  const std::string guard = resident_at_home("13800000006");
  ward_.login("guard", "guard", "fuyuan", guard);
  ask("13800000006");
  EXPECT_TRUE(said().empty()) << "staff have their own way in";
}

}  // namespace
}  // namespace lifang::accounts
