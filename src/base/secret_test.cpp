#include "base/secret.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>
#include <type_traits>

#include "base/refusal.hpp"
#include "base/text.hpp"
#include "support/fake_world.hpp"

namespace lifang {
namespace {

namespace fs = std::filesystem;

/// A directory of the test's own, gone afterwards.
struct Scratch {
  fs::path path = fs::path(testing::TempDir()) / ("lifang-secret-" + std::to_string(getpid()));
  Scratch() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Scratch() { fs::remove_all(path); }
};

template <class Do>
std::string code_of(Do act) {
  try {
    act();
  } catch (const Refusal& r) {
    return r.code;
  }
  return "none";
}

TEST(Secret, seals_and_opens_only_in_its_place) {
  FakeWorld fake;
  const Secret key = make_key(fake.ids);
  const std::string place = place_of_field("people", "person_1", "phone");
  const std::string sealed = seal(key, "13812345678", place, fake.ids);
  EXPECT_EQ(unseal(key, sealed, place), "13812345678");
  EXPECT_EQ(sealed.find("138"), std::string::npos);
  EXPECT_FALSE(unseal(key, sealed, place_of_field("people", "person_2", "phone")));
  EXPECT_FALSE(unseal(key, sealed, place_of_field("people", "person_", "1phone")));
  EXPECT_FALSE(unseal(make_key(fake.ids), sealed, place));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string bent = sealed;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    EXPECT_FALSE(unseal(key, bent, place)) << i;
    EXPECT_FALSE(unseal(key, sealed.substr(0, i), place)) << i;
  }
  EXPECT_EQ(unseal(key, seal(key, "", place, fake.ids), place), "");
}

TEST(Secret, seals_the_same_text_differently_each_time) {
  FakeWorld fake;
  const Secret key = make_key(fake.ids);
  EXPECT_NE(seal(key, "x", "p", fake.ids), seal(key, "x", "p", fake.ids));
}

TEST(Secret, wraps_a_key_for_one_owner) {
  FakeWorld fake;
  const Vault vault(make_key(fake.ids));
  const std::string wrapped = vault.make_wrapped_key("person_1", fake.ids);
  const auto key = vault.unwrap(wrapped, "person_1");
  ASSERT_TRUE(key);
  EXPECT_EQ(unseal(*key, seal(*key, "a", "p", fake.ids), "p"), "a");
  EXPECT_FALSE(vault.unwrap(wrapped, "person_2"));
  EXPECT_FALSE(Vault(make_key(fake.ids)).unwrap(wrapped, "person_1"));
}

TEST(Secret, looks_up_blindly) {
  const Vault vault(Secret(std::string(32, 'k')));
  const std::string index = vault.blind_index("people.phone", "13812345678");
  EXPECT_EQ(index.size(), 32U);
  EXPECT_EQ(index, Vault(Secret(std::string(32, 'k'))).blind_index("people.phone", "13812345678"));
  EXPECT_NE(index, vault.blind_index("people.identity", "13812345678"));
  EXPECT_NE(vault.blind_index("a", "bc"), vault.blind_index("ab", "c"));
  EXPECT_NE(index, Vault(Secret(std::string(32, 'l'))).blind_index("people.phone", "13812345678"));
}

TEST(Secret, signs) {
  const Vault vault(Secret(std::string(32, 'k')));
  const std::string signature = vault.sign("files", "file_1");
  EXPECT_TRUE(vault.is_signed("files", "file_1", signature));
  EXPECT_FALSE(vault.is_signed("files", "file_2", signature));
  EXPECT_FALSE(vault.is_signed("cookies", "file_1", signature));
  EXPECT_FALSE(vault.is_signed("files", "file_1", ""));
}

TEST(Secret, makes_the_node_key_once_and_keeps_it_private) {
  FakeWorld fake;
  const Scratch scratch;
  const fs::path path = scratch.path / "keys" / "node.key";
  const Secret made = read_or_make_key(path, fake.ids);
  EXPECT_EQ(made.expose().size(), kKeyBytes);
  struct stat status = {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat(path.parent_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  EXPECT_EQ(read_or_make_key(path, fake.ids).expose(), made.expose());
  EXPECT_EQ(std::distance(fs::directory_iterator(path.parent_path()), {}), 1);
}

TEST(Secret, refuses_a_key_that_is_damaged_or_open_to_others) {
  FakeWorld fake;
  const Scratch scratch;
  const fs::path path = scratch.path / "node.key";
  std::ofstream(path) << std::string(63, 'a');
  ::chmod(path.c_str(), 0600);
  EXPECT_EQ(code_of([&] { read_or_make_key(path, fake.ids); }), "keys.damaged");
  std::ofstream(path) << std::string(64, 'a') << "\n";
  EXPECT_EQ(code_of([&] { read_or_make_key(path, fake.ids); }), "none");
  ::chmod(path.c_str(), 0640);
  EXPECT_EQ(code_of([&] { read_or_make_key(path, fake.ids); }), "keys.too_open");
  EXPECT_EQ(code_of([&] { read_or_make_key(path / "below", fake.ids); }), "keys.unreadable");
}

TEST(Secret, knows_a_password_again) {
  FakeWorld fake;
  const auto cost = PasswordCost::for_tests();
  const std::string hash = hash_password("correct horse", cost, fake.ids);
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << hash;
  EXPECT_TRUE(verify_password(hash, "correct horse"));
  EXPECT_FALSE(verify_password(hash, "correct hors"));
  EXPECT_FALSE(verify_password(hash, ""));
  EXPECT_FALSE(verify_password("", ""));
  EXPECT_FALSE(verify_password(std::string(500, 'x'), "x"));
  EXPECT_NE(hash, hash_password("correct horse", cost, fake.ids));
  EXPECT_FALSE(is_outdated(hash, cost));
  EXPECT_TRUE(is_outdated(hash, {2, 8192}));
  verify_nobody("anything", cost);
}

TEST(Secret, makes_tokens) {
  FakeWorld fake;
  const std::string token = make_token(fake.ids);
  EXPECT_EQ(token.size(), 3U + 43U);
  EXPECT_TRUE(token.starts_with("lf_"));
  EXPECT_NE(token, make_token(fake.ids));
  EXPECT_EQ(hash_token(token).size(), 64U);
  EXPECT_EQ(hash_token(token), hash_token(token));
}

TEST(Secret, hashes_as_the_standards_say) {
  // FIPS 180-4 "abc"; RFC 4231 test case 2; BLAKE2b-256 of "abc" (b2sum -l 256).
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(blake2b_hex("abc"), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  Blake2b pieces;
  pieces.add("a");
  pieces.add("bc");
  EXPECT_EQ(pieces.finish_hex(), blake2b_hex("abc"));
  Sha256 more;
  more.add("ab");
  more.add("c");
  EXPECT_EQ(more.finish_hex(), sha256_hex("abc"));
}

TEST(Secret, moves_but_does_not_copy_by_itself) {
  static_assert(!std::is_copy_constructible_v<Secret>);
  Secret one(std::string("a short one"));
  Secret two = std::move(one);
  EXPECT_TRUE(one.empty());
  EXPECT_EQ(two.expose(), "a short one");
  EXPECT_EQ(two.copy().expose(), two.expose());
}

}  // namespace
}  // namespace lifang
