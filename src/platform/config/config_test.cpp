#include "platform/config/config.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/reflect.hpp"
#include "base/refusal.hpp"
#include "support/paths.hpp"

namespace lifang::config {
namespace {

Refusal refusal_of(std::string_view toml) {
  try {
    parse(toml, "config.toml");
  } catch (const Refusal& r) {
    return r;
  }
  ADD_FAILURE() << "was accepted: " << toml;
  return {RefusalKind::invalid, "none"};
}

TEST(Config, has_a_default_for_every_key) {
  const Config config = parse("", "config.toml");
  EXPECT_EQ(to_json(config), to_json(Config{}));
  EXPECT_EQ(config.http.port, 8080);
  EXPECT_EQ(config.readings.raw_days, 400U);
  EXPECT_EQ(config.zone_offset_minutes, 480);
}

TEST(Config, reads_toml) {
  const Config config = parse(R"(
district = "西湖区"
zone_offset_minutes = 0
[http]
host = "0.0.0.0"
port = 443
idle_timeout = "PT2M"
[database]
url = "postgresql://ward@/lifang"
synchronous = "normal"
[readings]
raw_days = 30
)",
                              "config.toml");
  EXPECT_EQ(config.district, "西湖区");
  EXPECT_EQ(config.http.port, 443);
  EXPECT_EQ(config.http.idle_timeout, std::chrono::minutes(2));
  EXPECT_EQ(config.http.threads, 2U);
  EXPECT_EQ(config.database.synchronous, Synchronous::normal);
  EXPECT_EQ(config.readings.raw_days, 30U);
}

TEST(Config, names_the_unknown_key_and_its_line) {
  const Refusal r = refusal_of("district = \"x\"\n[http]\nport = 1\nprot = 2\n");
  EXPECT_EQ(r.code, "config.unknown_key");
  EXPECT_EQ(r.field, "http.prot");
  EXPECT_TRUE(r.detail.starts_with("config.toml:4: http.prot: unknown; known are host, port,"))
      << r.detail;
  EXPECT_EQ(refusal_of("[htpt]\n").field, "htpt");
}

TEST(Config, names_the_value_that_is_wrong) {
  EXPECT_EQ(refusal_of("\n[http]\nport = 70000").detail,
            "config.toml:3: http.port: not between 0 and 65535");
  EXPECT_EQ(refusal_of("[http]\nport = \"x\"").detail,
            "config.toml:2: http.port: expected a whole number, found a string");
  EXPECT_EQ(refusal_of("[http]\nidle_timeout = 75").field, "http.idle_timeout");
  EXPECT_EQ(refusal_of("[http]\nidle_timeout = \"75 s\"").field, "http.idle_timeout");
  EXPECT_EQ(refusal_of("[http]\nidle_timeout = 07:32:00").field, "http.idle_timeout");
  EXPECT_EQ(refusal_of("[database]\nsynchronous = \"off\"").detail,
            "config.toml:2: database.synchronous: not one of full, normal");
  EXPECT_EQ(refusal_of("http = 3").detail,
            "config.toml:1: http: expected an object, found a number");
}

TEST(Config, demands_what_belongs_together) {
  const std::pair<const char*, const char*> wrong[] = {
      {"[http]\ntls_key = \"k.pem\"", "http.tls_key"},
      {"[mqtt]\ntls_certificate = \"c.pem\"", "mqtt.tls_key"},
      {"[mqtt]\ntls_port = 8883", "mqtt.tls_port"},
      {"[http]\nthreads = 0", "http.threads"},
      {"[http]\nplain_port = 80", "http.plain_port"},
      {"[phones]\nwechat_app_id = \"wx1\"", "phones.wechat_app_id"},
      {"[phones]\ngateway = \"sandbox\"\nwechat_template = \"t1\"", "phones.wechat_template"},
      {"[http]\npublic_url = \"ward.example\"", "http.public_url"},
      {"[mqtt]\nmax_unacknowledged = 0", "mqtt.max_unacknowledged"},
      {"[mqtt]\nmax_packet = 268435456", "mqtt.max_packet"},
      {"[database]\nurl = \"mysql://x\"", "database.url"},
      {"[readings]\nraw_days = 4000", "readings.rollup_days"},
      {"[readings]\nraw_days = 0", "readings.raw_days"},
      {"[accounts]\nmin_password_length = 1", "accounts.min_password_length"},
      {"[files]\nvideo_days = 7", "files.video_days"},
      {"[files]\nevidence_days = 29", "files.evidence_days"},
      {"zone_offset_minutes = 900", "zone_offset_minutes"},
      {"district = \"\"", "district"},
  };
  for (const auto& [toml, key] : wrong) {
    const Refusal r = refusal_of(toml);
    EXPECT_EQ(r.code, "config.invalid") << toml;
    EXPECT_EQ(r.field, key) << toml << " " << r.detail;
  }
}

TEST(Config, refuses_what_is_no_toml) {
  const Refusal r = refusal_of("a = 1\nb = = 2\n");
  EXPECT_EQ(r.kind, RefusalKind::unreadable);
  EXPECT_EQ(r.code, "config.unreadable");
  EXPECT_TRUE(r.detail.starts_with("config.toml:2: ")) << r.detail;
  EXPECT_EQ(refusal_of("a = 1\na = 2").code, "config.unreadable");
}

TEST(Config, says_when_the_file_is_not_there) {
  try {
    load("/nonexistent/config.toml");
    FAIL();
  } catch (const Refusal& r) {
    EXPECT_EQ(r.code, "config.no_file");
  }
}

TEST(Config, takes_the_admin_password_from_the_environment_once) {
  ::setenv("LIFANG_ADMIN_PASSWORD", "opensesame", 1);
  const auto password = take_admin_password();
  ASSERT_TRUE(password);
  EXPECT_EQ(password->expose(), "opensesame");
  EXPECT_FALSE(take_admin_password());
}

/// Every key with its default, as TOML writes it.
void list_keys(const auto& section, const std::string& prefix,
               std::vector<std::pair<std::string, std::string>>& keys) {
  for_each_member(section, [&](std::string_view name, const auto& member) {
    const std::string key = prefix + std::string(name);
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (DescribedStruct<Member>)
      list_keys(member, key + ".", keys);
    else
      keys.emplace_back(key, to_json(member));
  });
}

TEST(Config, is_documented_key_by_key_in_both_languages) {
  std::vector<std::pair<std::string, std::string>> keys;
  list_keys(Config{}, "", keys);
  ASSERT_GT(keys.size(), 30U);
  for (const char* name : {"configuration.md", "configuration.zh-CN.md"}) {
    std::ifstream stream(source_dir() + "/docs/operate/" + name);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    std::size_t rows = 0;
    for (const auto& [key, value] : keys) {
      const std::string row = "\n| `" + key + "` | `" + value + "` | ";
      EXPECT_NE(text.find(row), std::string::npos) << name << " lacks the row" << row;
    }
    for (auto at = text.find("\n| `"); at != std::string::npos; at = text.find("\n| `", at + 1))
      ++rows;
    EXPECT_EQ(rows, keys.size()) << name << " has rows of keys that are gone";
  }
}

}  // namespace
}  // namespace lifang::config
