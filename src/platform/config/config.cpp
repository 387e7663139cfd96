#include "platform/config/config.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/reflect.hpp"
#include "base/refusal.hpp"

namespace lifang::config {
namespace {

namespace json = boost::json;

template <class T>
std::string spelt(const T& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

json::value to_value(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    json::object object;
    for (const auto& [key, item] : *table) object[key.str()] = to_value(item);
    return object;
  }
  if (const auto* array = node.as_array()) {
    json::array items;
    for (const auto& item : *array) items.push_back(to_value(item));
    return items;
  }
  if (const auto* text = node.as_string()) return json::value(text->get());
  if (const auto* number = node.as_integer()) return json::value(number->get());
  if (const auto* number = node.as_floating_point()) return json::value(number->get());
  if (const auto* flag = node.as_boolean()) return json::value(flag->get());
  if (const auto* time = node.as_date_time()) return json::value(spelt(time->get()));
  if (const auto* date = node.as_date()) return json::value(spelt(date->get()));
  if (const auto* time = node.as_time()) return json::value(spelt(time->get()));
  return nullptr;
}

/// "/http/port" → "http.port".
std::string dotted(std::string_view pointer) {
  std::string key(pointer.substr(std::min<std::size_t>(1, pointer.size())));
  for (char& c : key) c = c == '/' ? '.' : c;
  return key;
}

/// The line of the deepest table or value on the way to `key`; 0 if there is none.
std::uint32_t line_of(const toml::table& root, std::string_view key) {
  const toml::node* node = &root;
  std::uint32_t line = 0;
  while (!key.empty()) {
    const auto dot = key.find('.');
    const std::string_view step = key.substr(0, dot);
    key.remove_prefix(dot == std::string_view::npos ? key.size() : dot + 1);
    const auto* table = node->as_table();
    const toml::node* next = table == nullptr ? nullptr : table->get(step);
    if (next == nullptr) break;
    node = next;
    line = node->source().begin.line;
  }
  return line;
}

struct Source {
  const toml::table& table;
  std::string_view name;

  [[noreturn]] void refuse(std::string_view code, const std::string& key,
                           std::string_view why) const {
    const std::uint32_t line = line_of(table, key);
    throw Refusal(RefusalKind::invalid, std::string(code),
                  fmt::format("{}:{}: {}: {}", name, std::max(line, 1U),
                              key.empty() ? "(whole file)" : key, why),
                  key);
  }
  void demand(bool holds, const char* key, std::string_view why) const {
    if (!holds) refuse("config.invalid", key, why);
  }
};

void check_tls(const Source& source, const char* key, const std::string& certificate,
               const std::string& tls_key) {
  source.demand(certificate.empty() == tls_key.empty(), key,
                "TLS needs both tls_certificate and tls_key");
}

/// What a type cannot say: bounds, and keys that belong together.
void check_values(const Source& source, const Config& c) {
  const auto demand = [&](bool holds, const char* key, std::string_view why) {
    source.demand(holds, key, why);
  };
  demand(c.zone_offset_minutes >= -12 * 60 && c.zone_offset_minutes <= 14 * 60,
         "zone_offset_minutes", "not between -720 and 840");
  demand(!c.district.empty(), "district", "must not be empty");
  check_tls(source, "http.tls_key", c.http.tls_certificate, c.http.tls_key);
  check_tls(source, "mqtt.tls_key", c.mqtt.tls_certificate, c.mqtt.tls_key);
  demand(!source.table.at_path("mqtt.tls_port") || c.mqtt.local_authority || !c.mqtt.tls_key.empty(), "mqtt.tls_port",
         "opens nothing without TLS: tls_certificate and tls_key, or local_authority");
  demand(!c.http.plain_port || c.http.local_authority || !c.http.tls_key.empty(), "http.plain_port",
         "needs TLS beside it: tls_certificate and tls_key, or local_authority");
  demand(c.phones.wechat_app_id.empty() || c.phones.gateway != Gateway::off, "phones.wechat_app_id",
         "a login by WeChat needs a gateway");
  demand(c.phones.wechat_template.empty() || !c.phones.wechat_app_id.empty(), "phones.wechat_template",
         "who is written to by WeChat is bound by a login: set wechat_app_id");
  demand(c.http.threads >= 1 && c.http.threads <= 256, "http.threads", "not between 1 and 256");
  demand(c.mqtt.threads >= 1 && c.mqtt.threads <= 255, "mqtt.threads", "not between 1 and 255");
  demand(c.http.max_connections >= 1, "http.max_connections", "must be at least 1");
  demand(c.mqtt.max_connections >= 1, "mqtt.max_connections", "must be at least 1");
  demand(c.http.max_body >= 1024, "http.max_body", "must be at least 1024 bytes");
  demand(c.http.body_memory >= c.http.max_body, "http.body_memory",
         "must be at least http.max_body");
  demand(c.http.public_url.empty() || c.http.public_url.starts_with("http://") ||
             c.http.public_url.starts_with("https://"),
         "http.public_url", "must begin with http:// or https://");
  demand(c.mqtt.max_packet >= 1024 && c.mqtt.max_packet <= 268'435'455, "mqtt.max_packet",
         "not between 1024 and 268435455 (the protocol's own limit)");
  demand(c.mqtt.max_connect_packet >= 256, "mqtt.max_connect_packet", "must be at least 256 bytes");
  demand(c.mqtt.max_buffered >= c.mqtt.max_packet, "mqtt.max_buffered",
         "must be at least mqtt.max_packet");
  demand(c.mqtt.max_unacknowledged >= 1 && c.mqtt.max_unacknowledged <= 4096,
         "mqtt.max_unacknowledged", "not between 1 and 4096");
  demand(c.mqtt.max_values >= 1, "mqtt.max_values", "must be at least 1");
  demand(c.http.header_timeout.count() > 0, "http.header_timeout", "must be longer than nothing");
  demand(c.http.idle_timeout.count() > 0, "http.idle_timeout", "must be longer than nothing");
  demand(c.http.write_timeout.count() > 0, "http.write_timeout", "must be longer than nothing");
  demand(c.mqtt.connect_timeout.count() > 0, "mqtt.connect_timeout", "must be longer than nothing");
  demand(c.mqtt.write_timeout.count() > 0, "mqtt.write_timeout", "must be longer than nothing");
  const std::string& url = c.database.url;
  demand(url.empty() || url.starts_with("sqlite:") || url.starts_with("postgres://") ||
             url.starts_with("postgresql://"),
         "database.url", "must begin with postgresql:// or sqlite:");
  demand(c.readings.raw_days >= 1, "readings.raw_days", "must be at least 1");
  demand(c.readings.rollup_days >= c.readings.raw_days, "readings.rollup_days",
         "must be at least readings.raw_days");
  demand(c.readings.personal_days >= 1, "readings.personal_days", "must be at least 1");
  demand(c.phones.gateway != Gateway::http || !c.phones.url.empty(), "phones.url", "a gateway of the kind http needs its address");
  demand(c.phones.gateway != Gateway::http || !c.phones.secret_file.empty(), "phones.secret_file",
         "a gateway of the kind http needs a secret to sign with");
  demand(c.accounts.min_password_length >= 6, "accounts.min_password_length", "must be at least 6");
  demand(c.accounts.login_attempts >= 1, "accounts.login_attempts", "must be at least 1");
  demand(c.accounts.session_idle.count() > 0, "accounts.session_idle",
         "must be longer than nothing");
  demand(c.accounts.session_lifetime >= c.accounts.session_idle, "accounts.session_lifetime",
         "must be at least accounts.session_idle");
  demand(c.accounts.password_passes >= 1, "accounts.password_passes", "must be at least 1");
  demand(c.accounts.password_memory_kib >= 8 && c.accounts.password_memory_kib <= 4U << 20,
         "accounts.password_memory_kib", "not between 8 and 4194304");
  demand(c.limits.lane_waiting >= 1, "limits.lane_waiting", "must be at least 1");
  // Video is evidence of falling objects: thirty days are the least that it must be kept.
  demand(c.files.video_days >= 30, "files.video_days", "must be at least 30");
  demand(c.files.picture_days >= 1, "files.picture_days", "must be at least 1");
  demand(c.files.evidence_days >= 30, "files.evidence_days", "must be at least 30");
}

}  // namespace

Config parse(std::string_view text, std::string_view name) {
  toml::table table;
  try {
    table = toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    throw Refusal(RefusalKind::unreadable, "config.unreadable",
                  fmt::format("{}:{}: {}", name, error.source().begin.line, error.description()));
  }
  const Source source{table, name};
  Config config;
  try {
    config = read<Config>(to_value(table));
  } catch (const Refusal& refusal) {
    source.refuse(refusal.code == "json.unknown_member" ? "config.unknown_key" : "config.invalid",
                  dotted(refusal.field), refusal.detail);
  }
  check_values(source, config);
  return config;
}

Config load(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) throw missing("config.no_file", fmt::format("{}: cannot be read", file.string()));
  return parse(text, file.string());
}

std::optional<Secret> take_admin_password() {
  const char* value = std::getenv("LIFANG_ADMIN_PASSWORD");
  if (value == nullptr || *value == '\0') return std::nullopt;
  Secret password{std::string(value)};
  ::unsetenv("LIFANG_ADMIN_PASSWORD");
  return password;
}

}  // namespace lifang::config
