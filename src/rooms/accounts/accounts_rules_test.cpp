#include <gtest/gtest.h>

#include "rooms/accounts/accounts_totp.hpp"

namespace lifang::accounts {
namespace {

/// RFC 6238, appendix B, SHA-1; eight digits there, the last six of them here.
TEST(AccountsRules, one_time_codes_are_those_of_the_rfc) {
  const std::string secret = "12345678901234567890";
  EXPECT_EQ(totp_code(secret, 59 / 30), "287082");
  EXPECT_EQ(totp_code(secret, 1111111109 / 30), "081804");
  EXPECT_EQ(totp_code(secret, 20000000000 / 30), "353130");
  EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
}

}  // namespace
}  // namespace lifang::accounts
