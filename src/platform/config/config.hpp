// Config: what an operator may set, read from TOML. Every key is explained in
// docs/operate/configuration.md.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace lifang::config {

struct Http {
  std::string host = "127.0.0.1";  ///< address to listen on; 0.0.0.0 or :: for all
  std::uint16_t port = 8080;       ///< 0: the kernel chooses
  std::string tls_certificate;     ///< PEM file with the chain; TLS is on when both files are named
  std::string tls_key;             ///< PEM file
  bool local_authority = false;    ///< TLS by a certificate of the node's own authority
  std::vector<std::string> names;  ///< names and addresses of that certificate, beside the machine's
  std::optional<std::uint16_t>
      plain_port;  ///< beside TLS: redirects, ACME challenges, the page of the authority
  std::string
      public_url;  ///< how people reach the node ("https://ward.example"), for links and codes
  std::uint32_t threads = 2;
  std::uint32_t max_connections = 4096;
  std::uint64_t max_body = 4U << 20;                  ///< bytes of a request, uploads excepted
  std::uint64_t body_memory = 256U << 20;              ///< bytes of all requests being received
  Duration header_timeout = std::chrono::seconds(10);  ///< for request line and header
  Duration idle_timeout = std::chrono::seconds(75);    ///< between two requests of a connection
  Duration write_timeout =
      std::chrono::seconds(30);  ///< a client that takes nothing for so long is closed
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(Http, (),
                      (host, port, tls_certificate, tls_key, local_authority, names, plain_port,
                       public_url, threads, max_connections, max_body, body_memory, header_timeout, idle_timeout, write_timeout))

struct Mqtt {
  std::string host = "127.0.0.1";
  std::uint16_t port = 1883;      ///< 0: the kernel chooses
  std::uint16_t tls_port = 8883;  ///< listened on when both files are named
  std::string tls_certificate;
  std::string tls_key;
  bool local_authority = false;  ///< as for http: the same certificate
  std::uint32_t threads = 1;
  std::uint32_t max_connections = 10'000;
  std::uint32_t max_packet = 256U << 10;   ///< bytes of one MQTT packet
  std::uint32_t max_connect_packet = 16U << 10;  ///< bytes of a CONNECT: nobody is known yet
  std::uint16_t max_unacknowledged = 100;  ///< publishes of one connection that wait for the commit
  std::uint32_t max_values = 1000;         ///< of one message
  std::uint64_t max_buffered = 256U
                               << 20;  ///< bytes of unfinished packets, all connections together
  Duration connect_timeout = std::chrono::seconds(10);  ///< from the TCP connection to the CONNECT
  Duration write_timeout = std::chrono::seconds(30);
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(Mqtt, (),
                      (host, port, tls_port, tls_certificate, tls_key, local_authority, threads,
                       max_connections, max_packet, max_connect_packet, max_unacknowledged, max_values, max_buffered,
                       connect_timeout, write_timeout))

/// How far SQLite goes before a commit counts.
enum class Synchronous {
  full,    ///< on disk: what was acknowledged survives a power cut
  normal,  ///< survives a kill, but a power cut may take the last commits
};
BOOST_DESCRIBE_ENUM(Synchronous, full, normal)

struct Database {
  std::string url;  ///< empty: SQLite at DIR/lifang.db; else "postgresql://…" or "sqlite:PATH"
  Synchronous synchronous = Synchronous::full;
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(Database, (), (url, synchronous))

struct Readings {
  std::uint32_t raw_days = 400;      ///< single values, counted from their arrival
  std::uint32_t rollup_days = 3650;  ///< hourly and daily figures
  std::uint32_t personal_days = 90;  ///< plates, faces and persons that cameras read, counted from their arrival
  Duration max_ahead =
      std::chrono::hours(24);  ///< a reading further ahead of the server's clock is refused
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(Readings, (), (raw_days, rollup_days, personal_days, max_ahead))

struct Accounts {
  Duration session_lifetime = std::chrono::hours(30 * 24);  ///< from the login
  Duration session_idle = std::chrono::hours(7 * 24);       ///< without any request
  std::uint32_t min_password_length = 10;                   ///< characters
  std::uint32_t login_attempts = 10;                 ///< a login and address may fail so often …
  Duration login_window = std::chrono::minutes(15);  ///< … within this time
  bool self_registration = true;  ///< a code to the phone opens a registered resident's first login
  std::uint32_t password_passes = 2;                 ///< of Argon2id
  std::uint32_t password_memory_kib = 64U << 10;     ///< of Argon2id
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(Accounts, (),
                      (session_lifetime, session_idle, min_password_length, login_attempts,
                       login_window, self_registration, password_passes, password_memory_kib))

struct Files {
  std::uint64_t max_upload = 64U << 20;  ///< bytes of one file
  std::uint32_t video_days = 30;    ///< how long clips are kept that no case or situation holds
  std::uint32_t picture_days = 90;  ///< the same for pictures
  std::uint32_t evidence_days = 365;  ///< how long a situation, a case or a round holds its files after it ended
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(Files, (), (max_upload, video_days, picture_days, evidence_days))

struct Webhooks {
  bool inside = false;  ///< receivers may stand in the node's own network
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(Webhooks, (), (inside))

struct Paper {
  bool weekly = true;  ///< who is in charge of a compound is reminded of the stairwells' page
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(Paper, (), (weekly))

enum class Gateway {
  off,      ///< people are reached in the app alone
  sandbox,  ///< calls and messages are logged, nobody is called
  http,     ///< a signed POST to `url`
};
BOOST_DESCRIBE_ENUM(Gateway, off, sandbox, http)

struct Phones {
  Gateway gateway = Gateway::off;
  std::string url;          ///< of the gateway
  std::string secret_file;  ///< its first line signs what we send
  std::string wechat_app_id;  ///< of the official account; empty: nobody logs in by WeChat
  std::string wechat_template;  ///< of its messages; empty: nobody is written to by WeChat
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(Phones, (), (gateway, url, secret_file, wechat_app_id, wechat_template))

struct Limits {
  std::uint32_t requests_a_minute = 12'000;  ///< of one account or API key; beyond it 429; 0: no limit
  std::uint32_t lane_waiting =
      80'000;  ///< values that may wait for the lane before sockets are left unread
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(Limits, (), (requests_a_minute, lane_waiting))

/// One node. All keys have defaults: an empty file is a valid one.
struct Config {
  std::string district = "示范城区";       ///< name of the district, as shown
  std::int32_t zone_offset_minutes = 480;  ///< the district's zone: minutes east of UTC
  Http http;
  Mqtt mqtt;
  Database database;
  Readings readings;
  Accounts accounts;
  Files files;
  Webhooks webhooks;
  Paper paper;
  Phones phones;
  Limits limits;
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(Config, (),
                      (district, zone_offset_minutes, http, mqtt, database, readings, accounts,
                       files, webhooks, paper, phones, limits))

/// Reads TOML. `name` stands in the messages. Throws Refusal: (unreadable) `config.unreadable` for
/// text that is no TOML, (invalid) `config.unknown_key`, `config.invalid` for values; `field` is
/// the dotted key, `detail` begins with "NAME:LINE: KEY: ".
Config parse(std::string_view toml, std::string_view name);

/// Reads the file. Throws as `parse` does, and Refusal (missing) `config.no_file`.
Config load(const std::filesystem::path& file);

/// The password of the first `admin`, from LIFANG_ADMIN_PASSWORD: the only thing that is taken from
/// the environment. Removed from it, so that no child process sees it.
std::optional<Secret> take_admin_password();

}  // namespace lifang::config
