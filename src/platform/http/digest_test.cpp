// Digest against the example of RFC 2617 §3.5, and challenges as servers write them.
#include "platform/http/digest.hpp"

#include <gtest/gtest.h>

namespace lifang::http {
namespace {

TEST(Digest, answers_as_the_example_of_the_rfc_does) {
  const auto challenge = read_digest_challenge(
      "Digest realm=\"testrealm@" "host.com\", qop=\"auth,auth-int\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
      "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");
  ASSERT_TRUE(challenge);
  EXPECT_EQ(digest_answer(*challenge, {"Mufasa", "Circle Of Life"}, "GET", "/dir/index.html", "0a4f113b", 1),
            "Digest username=\"Mufasa\", realm=\"testrealm@" "host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
            "uri=\"/dir/index.html\", qop=auth, nc=00000001, cnonce=\"0a4f113b\", "
            "response=\"6629fae49393a05397450978507c4ef1\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");
}

TEST(Digest, a_server_without_qop_gets_the_older_answer) {
  const auto challenge = read_digest_challenge("digest realm=testrealm@" "host.com, nonce=dcd98b7102dd2f0e8b11d0f600bfb0c093");
  ASSERT_TRUE(challenge);
  EXPECT_FALSE(challenge->qop_auth);
  // RFC 2069 with the figures of the same example.
  EXPECT_NE(digest_answer(*challenge, {"Mufasa", "Circle Of Life"}, "GET", "/dir/index.html", "", 1)
                .find("response=\"670fd8c2df070c60b045671b8b24ff02\""),
            std::string::npos);
}

TEST(Digest, algorithm_is_named_back_and_a_quote_does_not_end_a_word) {
  const auto challenge = read_digest_challenge("Digest realm=\"a\\\"b\" , algorithm=md5, qop=\"auth\", nonce=\"n\"");
  ASSERT_TRUE(challenge);
  EXPECT_EQ(challenge->realm, "a\"b");
  const auto answer = digest_answer(*challenge, {"u", "p"}, "POST", "/VIID/System/Register", "c", 10);
  EXPECT_NE(answer.find("realm=\"a\\\"b\""), std::string::npos);
  EXPECT_NE(answer.find("nc=0000000a"), std::string::npos);
  EXPECT_TRUE(answer.ends_with(", algorithm=MD5"));
}

TEST(Digest, what_it_cannot_answer_is_no_challenge) {
  for (const char* header :
       {"", "Digest", "Digest ", "Basic realm=\"x\"", "Digest realm=\"x\"", "Digest nonce=\"x\"", "Digestrealm=\"x\", nonce=\"y\"",
        "Digest realm=\"x\", nonce=\"y\", algorithm=SHA-256", "Digest realm=\"x\", nonce=\"y\", qop=\"auth-int\"",
        "Digest realm=\"x, nonce=\"y\"", "Digest realm=\"x\", nonce=\"y\", stray"})
    EXPECT_FALSE(read_digest_challenge(header)) << header;
}

}  // namespace
}  // namespace lifang::http
