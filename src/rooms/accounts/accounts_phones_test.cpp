// Bound phones over HTTP.
#include "rooms/accounts/accounts_phones.hpp"

#include <gtest/gtest.h>

#include "support/http_house.hpp"

namespace lifang::accounts {
namespace {

class BoundPhones : public testing::TestWithParam<db::Engine> {
 protected:
  BoundPhones() : ward_(GetParam()) {
    ward_.place("fuyuan", places::Kind::compound);
    wang_ = ward_.login("wang", "guard", "fuyuan");
    li_ = ward_.login("li", "guard", "fuyuan");
  }
  http::Reply bind(const std::string& token, const std::string& pin, const std::string& phone = {}) {
    return ward_.ask("POST", "/api/v1/accounts/phones", token,
                     R"({"name":"岗亭手机","pin":")" + pin + "\"" + (phone.empty() ? "" : ",\"phone\":\"" + phone + "\"") + "}");
  }
  http::Reply enter(const std::string& phone, const std::string& login, const std::string& pin) {
    return ward_.ask("POST", "/api/v1/sessions/pin", {}, R"({"phone":")" + phone + R"(","login":")" + login + R"(","pin":")" + pin + "\"}");
  }
  int me(const std::string& token) { return ward_.ask("GET", "/api/v1/sessions/me", token).status; }

  std::string account_of(const std::string& desk, const std::string& login) {
    return std::string(parse_json(ward_.ask("GET", "/api/v1/accounts?login=" + login, desk).body).at("items").as_array().at(0).at("id").as_string());
  }

  HttpHouse ward_;
  std::string wang_, li_;
};
BOTH_ENGINES(BoundPhones);

TEST_P(BoundPhones, a_shared_phone_changes_hands_with_the_pin) {
  EXPECT_EQ(HttpHouse::code_of(bind(wang_, "1234")), "accounts.weak_pin");
  const std::string phone = HttpHouse::text_of(bind(wang_, "2580"), "token");
  ASSERT_FALSE(phone.empty());
  EXPECT_EQ(bind(li_, "9173", phone).status, 201);
  const auto first = enter(phone, "wang", "2580");
  ASSERT_EQ(first.status, 200) << first.body;
  const std::string token = HttpHouse::text_of(first, "token");
  EXPECT_EQ(me(token), 200);
  // Li takes the phone over: Wang is out on it, but not where he logged in with his password.
  EXPECT_EQ(enter(phone, "li", "9173").status, 200);
  EXPECT_EQ(me(token), 401);
  EXPECT_EQ(me(wang_), 200);
  EXPECT_NE(ward_.ask("GET", "/api/v1/accounts/phones", wang_).body.find("\"in_hand\":\"li\""), std::string::npos);
}

TEST_P(BoundPhones, a_pin_is_worth_nothing_on_another_phone_and_little_after_five_mistakes) {
  const std::string phone = HttpHouse::text_of(bind(wang_, "2580"), "token");
  EXPECT_EQ(enter("lfp_made_up", "wang", "2580").status, 401);
  EXPECT_EQ(enter(phone, "li", "2580").status, 401);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(enter(phone, "wang", "0852").status, 401);
  EXPECT_EQ(enter(phone, "wang", "2580").status, 401) << "unbound";
  EXPECT_EQ(bind(wang_, "2580", phone).status, 201);
  EXPECT_EQ(enter(phone, "wang", "2580").status, 200);
}

TEST_P(BoundPhones, a_code_of_the_desk_binds_without_a_password_once_and_for_a_quarter_of_an_hour) {
  const std::string desk = ward_.login("desk", "admin");
  ward_.house().lane.now([](Tx& tx) {
    tx.run("UPDATE accounts SET password = '' WHERE login = 'wang'");  // a guard who has none
  });
  const std::string wang = account_of(desk, "wang");
  const auto code = [&] { return HttpHouse::text_of(ward_.ask("POST", "/api/v1/accounts/" + wang + "/bind-code", desk, "{}"), "code"); };
  const auto bind = [&](const std::string& typed, const std::string& pin = "2580", const std::string& phone = {}) {
    return ward_.ask("POST", "/api/v1/sessions/bind", {},
                     R"({"code":")" + typed + R"(","name":"岗亭手机","pin":")" + pin + "\"" + (phone.empty() ? "" : ",\"phone\":\"" + phone + "\"") + "}");
  };
  EXPECT_EQ(ward_.ask("POST", "/api/v1/accounts/" + wang + "/bind-code", li_, "{}").status, 403) << "guards give no codes";
  const std::string first = code();
  EXPECT_EQ(first.size(), 9U);
  const std::string second = code();
  EXPECT_EQ(HttpHouse::code_of(bind(first)), "accounts.wrong_bind_code") << "a newer one has taken its place";
  EXPECT_EQ(HttpHouse::code_of(bind(second, "1111")), "accounts.weak_pin");
  std::string typed = second;
  for (char& c : typed) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto in = bind(" " + typed);
  ASSERT_EQ(in.status, 201) << in.body;
  EXPECT_EQ(me(HttpHouse::text_of(in, "token")), 200);
  EXPECT_EQ(HttpHouse::code_of(bind(second)), "accounts.wrong_bind_code") << "once";
  const std::string phone(parse_json(in.body).at("phone").at("token").as_string());
  EXPECT_EQ(enter(phone, "wang", "2580").status, 200);
  const std::string third = code();
  ward_.world().clock.advance(std::chrono::minutes(16));
  EXPECT_EQ(HttpHouse::code_of(bind(third)), "accounts.wrong_bind_code") << "too old";
}

TEST_P(BoundPhones, guessing_codes_is_stopped) {
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(HttpHouse::code_of(ward_.ask("POST", "/api/v1/sessions/bind", {}, R"({"code":"AAAA-AAAA","name":"x","pin":"2580"})")), "accounts.wrong_bind_code");
  EXPECT_EQ(ward_.ask("POST", "/api/v1/sessions/bind", {}, R"({"code":"AAAA-AAAA","name":"x","pin":"2580"})").status, 429);
}

TEST_P(BoundPhones, the_phone_says_who_may_take_it_and_how_many_tries_are_left) {
  const std::string phone = HttpHouse::text_of(bind(wang_, "2580"), "token");
  bind(li_, "9173", phone);
  const auto facts = [&] { return ward_.ask("POST", "/api/v1/sessions/phone", {}, R"({"phone":")" + phone + "\"}"); };
  EXPECT_NE(facts().body.find(R"("login":"li")"), std::string::npos);
  EXPECT_NE(facts().body.find(R"("left":5)"), std::string::npos);
  EXPECT_EQ(HttpHouse::code_of(enter(phone, "wang", "0852")), "accounts.wrong_pin");
  EXPECT_NE(facts().body.find(R"("left":4)"), std::string::npos);
  for (int i = 0; i < 3; ++i) enter(phone, "wang", "0852");
  EXPECT_EQ(HttpHouse::code_of(enter(phone, "wang", "0852")), "accounts.pin_locked");
  EXPECT_EQ(facts().body.find(R"("login":"wang")"), std::string::npos) << "the desk binds him anew";
  EXPECT_EQ(HttpHouse::code_of(enter("lfp_made_up", "wang", "2580")), "accounts.wrong_login") << "nothing is told to a stranger";
  EXPECT_EQ(ward_.ask("POST", "/api/v1/sessions/phone", {}, R"({"phone":"lfp_made_up"})").status, 404);
}

TEST_P(BoundPhones, the_property_manager_gives_codes_to_guards_and_to_nobody_above_them) {
  ward_.place("yuli", places::Kind::compound);
  const std::string admin = ward_.login("desk", "admin");
  const std::string manager = ward_.login("manager", "property", "fuyuan");
  ward_.login("street", "street", "fuyuan");
  ward_.login("yang", "guard", "yuli");
  const auto ask_for = [&](const std::string& login) {
    return ward_.ask("POST", "/api/v1/accounts/" + account_of(admin, login) + "/bind-code", manager, "{}");
  };
  const auto made = ask_for("wang");
  ASSERT_EQ(made.status, 201) << made.body;
  const auto in = ward_.ask("POST", "/api/v1/sessions/bind", {},
                            R"({"code":")" + HttpHouse::text_of(made, "code") + R"(","name":"岗亭手机","pin":"2580"})");
  EXPECT_EQ(in.status, 201) << in.body;
  ward_.login("granny", "resident", "fuyuan");
  EXPECT_EQ(HttpHouse::code_of(ask_for("granny")), "accounts.not_staff_bind") << "nobody becomes a resident by a code";
  EXPECT_EQ(HttpHouse::code_of(ask_for("street")), "accounts.beyond_own") << "a login that may do more than they";
  EXPECT_EQ(ask_for("desk").status, 404) << "not of their place";
  EXPECT_EQ(ask_for("yang").status, 404) << "another company's guard";
  EXPECT_EQ(ward_.ask("POST", "/api/v1/accounts/" + account_of(admin, "wang") + "/password", manager, R"({"password":"correct horse 9"})").status, 403)
      << "phones alone";
}

TEST_P(BoundPhones, the_desk_takes_a_login_off_a_lost_phone_and_out_of_it) {
  const std::string desk = ward_.login("desk", "admin");
  const std::string phone = HttpHouse::text_of(bind(wang_, "2580"), "token");
  const std::string token = HttpHouse::text_of(enter(phone, "wang", "2580"), "token");
  const std::string wang = account_of(desk, "wang");
  const auto phones = ward_.ask("GET", "/api/v1/accounts/" + wang + "/phones", desk);
  const std::string id(parse_json(phones.body).at("items").as_array().at(0).at("id").as_string());
  EXPECT_NE(phones.body.find(R"("in_hand":"wang")"), std::string::npos);
  EXPECT_EQ(ward_.ask("GET", "/api/v1/accounts/" + wang + "/phones/" + id, desk).status, 200);
  EXPECT_EQ(ward_.ask("DELETE", "/api/v1/accounts/" + wang + "/phones/" + id, li_).status, 403);
  EXPECT_EQ(ward_.ask("DELETE", "/api/v1/accounts/" + wang + "/phones/" + id, desk).status, 200);
  EXPECT_EQ(me(token), 401);
  EXPECT_EQ(me(wang_), 200) << "elsewhere he is still in";
  EXPECT_EQ(enter(phone, "wang", "2580").status, 401);
}

TEST_P(BoundPhones, a_new_password_and_a_log_out_everywhere_end_the_pins_of_other_phones) {
  const std::string desk = ward_.login("desk", "admin");
  const std::string wang = account_of(desk, "wang");
  const std::string lost = HttpHouse::text_of(bind(wang_, "2580"), "token"), kept = HttpHouse::text_of(bind(wang_, "7391"), "token");
  bind(li_, "9173", lost);
  const std::string token = HttpHouse::text_of(enter(kept, "wang", "7391"), "token");
  const auto changed = ward_.ask("POST", "/api/v1/accounts/me/password", token,
                                 R"({"current":")" + std::string(HttpHouse::kPassword) + R"(","password":"correct horse 9"})");
  ASSERT_LT(changed.status, 300) << changed.body;
  EXPECT_EQ(enter(lost, "wang", "2580").status, 401);
  EXPECT_EQ(enter(lost, "li", "9173").status, 200) << "nobody else's";
  EXPECT_EQ(enter(kept, "wang", "7391").status, 200) << "the phone that did it keeps its own";
  EXPECT_LT(ward_.ask("DELETE", "/api/v1/accounts/" + wang + "/sessions", desk).status, 300);
  EXPECT_EQ(enter(kept, "wang", "7391").status, 401);
}

}  // namespace
}  // namespace lifang::accounts
