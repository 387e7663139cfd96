#include "platform/authority/authority.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "base/refusal.hpp"
#include "support/fake_world.hpp"
#include "support/test_database.hpp"

namespace lifang::authority {
namespace {

using std::chrono::hours;

class LocalAuthority : public testing::Test {
 protected:
  Authority open(const std::vector<std::string>& names = {"ward.lan", "192.168.1.10"}) {
    return Authority(folder_, {"府苑新村", names}, names, world_.world);
  }
  std::string refusal() {
    try {
      open();
      return "";
    } catch (const Refusal& refused) {
      return refused.code;
    }
  }
  static unsigned mode_of(const std::filesystem::path& file) {
    struct stat facts {};
    return ::stat(file.c_str(), &facts) == 0 ? facts.st_mode & 0777U : 0U;
  }

  FakeWorld world_;
  TestDatabase home_{db::Engine::sqlite};
  std::filesystem::path folder_ = std::filesystem::path(home_.directory()) / "authority";
};

TEST_F(LocalAuthority, makes_a_root_of_ten_years_and_a_certificate_for_the_names_of_the_node) {
  const Authority made = open();
  EXPECT_EQ(made.root_facts().until, std::chrono::floor<std::chrono::seconds>(world_.clock.now() + Authority::kRootLife));
  EXPECT_EQ(made.facts().names, (std::vector<std::string>{"ward.lan", "192.168.1.10"}));
  EXPECT_EQ(made.facts().until, std::chrono::floor<std::chrono::seconds>(world_.clock.now() + Authority::kNodeLife));
  EXPECT_EQ(made.root_facts().fingerprint.size(), 95U);
  EXPECT_EQ(made.root().find("PRIVATE"), std::string::npos);
  for (const char* file : {"root.key", "root.pem", "node.key", "node.pem"}) EXPECT_EQ(mode_of(folder_ / file), 0600U) << file;
  EXPECT_EQ(mode_of(folder_), 0700U);
}

TEST_F(LocalAuthority, is_the_same_after_a_restart) {
  const std::string root = open().root(), certificate = open().certificate();
  world_.clock.advance(hours(24 * 100));
  EXPECT_EQ(open().root(), root);
  EXPECT_EQ(open().certificate(), certificate);
}

TEST_F(LocalAuthority, renews_the_node_s_certificate_a_month_before_it_ends_and_keeps_the_root) {
  Authority authority = open();
  const std::string root = authority.root(), certificate = authority.certificate();
  const std::vector<std::string> names{"ward.lan", "192.168.1.10"};
  world_.clock.advance(hours(24 * 169));
  EXPECT_FALSE(authority.renew(names, world_.world));
  world_.clock.advance(hours(24 * 2));
  EXPECT_TRUE(authority.renew(names, world_.world));
  EXPECT_NE(authority.certificate(), certificate);
  EXPECT_EQ(authority.root(), root);
  EXPECT_EQ(open().certificate(), authority.certificate()) << "what was renewed is what a restart finds";
  // At the end of the root nothing can be made that lasts longer: once, and not again at every look.
  world_.clock.set(authority.root_facts().until - hours(24 * 20));
  EXPECT_TRUE(authority.renew(names, world_.world));
  EXPECT_FALSE(authority.renew(names, world_.world));
}

TEST_F(LocalAuthority, a_new_address_gets_a_new_certificate) {
  Authority authority = open();
  EXPECT_TRUE(authority.renew({"ward.lan", "192.168.1.11"}, world_.world));
  EXPECT_FALSE(authority.renew({"192.168.1.11", "WARD.lan"}, world_.world)) << "the same in another order and spelling";
}

TEST_F(LocalAuthority, speaks_for_nothing_on_the_internet_but_what_it_was_made_with) {
  Authority authority = open({"ward.example.com", "203.0.113.9", "2001:db8::7"});
  EXPECT_TRUE(authority.left_out().empty());
  authority.renew({"ward.example.com", "bank.example", "8.8.8.8", "203.0.113.10", "10.1.2.3", "2001:db8::1", "gate.local", "bad name"},
                  world_.world);
  EXPECT_EQ(authority.left_out(), (std::vector<std::string>{"bad name", "bank.example", "8.8.8.8", "203.0.113.10", "2001:db8::1"}));
  EXPECT_EQ(authority.facts().names, (std::vector<std::string>{"ward.example.com", "10.1.2.3", "gate.local"}));
}

TEST_F(LocalAuthority, a_root_without_its_key_is_never_replaced_silently) {
  open();
  std::filesystem::permissions(folder_ / "root.key", std::filesystem::perms::group_read, std::filesystem::perm_options::add);
  EXPECT_EQ(refusal(), "authority.damaged") << "others could have read it";
  std::filesystem::remove(folder_ / "root.key");
  EXPECT_EQ(refusal(), "authority.damaged");
  std::ofstream(folder_ / "root.key") << "no key";
  EXPECT_EQ(refusal(), "authority.damaged");
  std::filesystem::remove_all(folder_);
  EXPECT_EQ(refusal(), "");
}

TEST_F(LocalAuthority, a_damaged_certificate_of_the_node_is_made_anew) {
  const std::string root = open().root();
  std::ofstream(folder_ / "node.pem") << "no certificate";
  const Authority again = open();
  EXPECT_EQ(again.root(), root);
  EXPECT_EQ(again.facts().names.size(), 2U);
}

TEST(NamesOfCertificates, are_hosts_and_addresses) {
  for (const char* good : {"ward", "ward.lan", "10.0.0.1", "fd00::1", "xn--fiq228c.local"}) EXPECT_TRUE(is_name(good)) << good;
  for (const char* bad : {"", "a b", ".lan", "lan.", "a..b", "-a", "a,DNS:b", "里坊.lan", "http://a", "*.lan"}) EXPECT_FALSE(is_name(bad)) << bad;
}

}  // namespace
}  // namespace lifang::authority
