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

}  // namespace
}  // namespace lifang::accounts
