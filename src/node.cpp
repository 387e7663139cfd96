#include "node.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstdio>
#include <fstream>

#include "house_live.hpp"
#include "librarian.hpp"
#include "node_shell.hpp"
#include "backup.hpp"
#include "platform/db/migrate.hpp"
#include "platform/http/routes.hpp"
#include "rooms/accounts/accounts_codes.hpp"
#include "rooms/accounts/accounts_first.hpp"
#include "rooms/exchange/exchange.hpp"
#include "rooms/notices/notices_bridge.hpp"
#include "rooms/notices/notices_phone.hpp"
#include "rooms/notices/notices_webhook.hpp"

namespace lifang {

DirectoryLock::DirectoryLock(const std::filesystem::path& directory) {
  ::umask(S_IRWXG | S_IRWXO);
  std::filesystem::create_directories(directory);
  const std::string path = (directory / "lifang.lock").string();
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ < 0) throw Refusal(RefusalKind::unavailable, "node.no_directory", "cannot write in " + directory.string());
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const auto n = ::pread(descriptor_, holder, sizeof holder - 1, 0);
    ::close(descriptor_);
    throw conflict("node.held", fmt::format("{} is held by process {}; nothing was changed", directory.string(),
                                            n > 0 ? holder : "?"));
  }
  const std::string me = fmt::format("{}", ::getpid());
  if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, me.data(), me.size(), 0) < 0)
    std::fprintf(stderr, "node: cannot note the process number in %s\n", path.c_str());
}

DirectoryLock::~DirectoryLock() { ::close(descriptor_); }

std::string database_url(const config::Config& config, const std::filesystem::path& directory) {
  if (!config.database.url.empty()) return config.database.url;
  std::string remembered;
  std::ifstream in(directory / kDatabaseFile);
  if (std::getline(in, remembered) && !remembered.empty()) return remembered;
  return "sqlite:" + (directory / "lifang.db").string();
}

void remember_database(const std::filesystem::path& directory, const std::string& url) {
  const auto file = directory / kDatabaseFile;
  std::string before;
  if (std::ifstream in(file); in) std::getline(in, before);
  if (!url.starts_with("postgres")) {
    std::filesystem::remove(file);
    return;
  }
  if (url == before) return;
  const auto part = file.string() + ".part";
  std::filesystem::remove(part);
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const std::string line = url + "\n";
  const bool written = descriptor >= 0 && ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!written) throw Refusal(RefusalKind::unavailable, "node.no_directory", "cannot write " + part);
  std::filesystem::rename(part, file);
}

std::unique_ptr<db::Database> open_database(const config::Config& config, const std::filesystem::path& directory, Time now) {
  must_be_restored_whole(directory);
  db::Database::Options options;
  // Who does not wait for the disk has no use for a log that is there beforehand.
  options.roomy_log = config.database.synchronous == config::Synchronous::full;
  options.synchronous = options.roomy_log ? "FULL" : "NORMAL";
  const std::string url = database_url(config, directory);
  if (url.starts_with("postgres") && std::filesystem::exists(directory / "lifang.db"))
    throw conflict("node.two_databases", (directory / "lifang.db").string() + " stands beside the database that is asked for. To take its "
                                         "rows over: lifang backup, then lifang restore --database; otherwise move it away");
  auto database = db::Database::open(url, options);
  const auto session = database->connect();
  db::migrate(*session, embedded::schemas(), now);
  remember_database(directory, url);
  return database;
}

House::Plan plan_of(const config::Config& config, const std::filesystem::path& directory, Ids& ids) {
  House::Plan plan;
  plan.directory = directory.string();
  plan.node_key = read_or_make_key(directory / "keys" / "node.key", ids);
  plan.offset_minutes = config.zone_offset_minutes;
  plan.workers = config.http.threads;
  plan.public_url = config.http.public_url;
  plan.readings.keep_raw = std::chrono::hours(24 * std::int64_t{config.readings.raw_days});
  plan.readings.keep_personal = std::chrono::hours(24 * std::int64_t{std::min(config.readings.personal_days, config.readings.raw_days)});
  plan.readings.keep_rollups = std::chrono::hours(24 * std::int64_t{config.readings.rollup_days});
  plan.accounts.session_lifetime = config.accounts.session_lifetime;
  plan.accounts.session_idle = config.accounts.session_idle;
  plan.accounts.min_password_length = config.accounts.min_password_length;
  plan.accounts.login_attempts = config.accounts.login_attempts;
  plan.accounts.self_registration = config.accounts.self_registration;
  plan.accounts.login_window = config.accounts.login_window;
  plan.files.max_upload = static_cast<std::int64_t>(config.files.max_upload);
  plan.files.days[files::Kind::clip] = config.files.video_days;
  plan.files.days[files::Kind::picture] = config.files.picture_days;
  plan.evidence_kept = std::chrono::hours(24 * std::int64_t{config.files.evidence_days});
  plan.webhooks_inside = config.webhooks.inside;
  plan.weekly_paper = config.paper.weekly;
  plan.accounts.cost = {config.accounts.password_passes, std::size_t{config.accounts.password_memory_kib} << 10};
  return plan;
}

namespace {

/// What pages ask before anybody has logged in.
struct About {
  static constexpr std::string_view schema_name = "node.About";
  std::string district;
  std::int32_t zone_offset_minutes = 0;  ///< east of UTC
  std::string version;
};
BOOST_DESCRIBE_STRUCT(About, (), (district, zone_offset_minutes, version))

std::string first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  if (!std::getline(in, line) || line.empty())
    throw Refusal(RefusalKind::unavailable, "node.no_secret", "cannot read a secret from " + path);
  return line;
}

/// The telephone, if there is one: the same gateway for all media.
void add_phones(const config::Phones& config, House& house, const Clock& clock, std::vector<std::unique_ptr<notices::Channel>>& channels,
                std::function<void(std::function<void()>)> express) {
  if (config.gateway == config::Gateway::off) return;
  std::shared_ptr<notices::Gateway> gateway;
  if (config.gateway == config::Gateway::sandbox) gateway = std::make_shared<notices::SandboxGateway>(config.wechat_template);
  else gateway = std::make_shared<notices::HttpGateway>(config.url, first_line(config.secret_file), clock, config.wechat_template);
  using notices::Medium;
  const auto openid_of = [&house](Reader& reader, const std::string& person) { return accounts::openid_of(reader, house.vault, person); };
  std::set<Medium> media{Medium::voice, Medium::sms};
  // WeChat takes no words of an official account but into a template that is registered there.
  if (!config.wechat_template.empty()) media.insert(Medium::wechat);
  for (const Medium medium : {Medium::voice, Medium::sms, Medium::wechat})
    channels.push_back(std::make_unique<notices::PhoneChannel>(medium, house.readers, house.people, gateway, openid_of));
  channels.push_back(std::make_unique<notices::BridgeChannel>(house.readers, house.people, gateway));
  house.bridges->open();
  house.phones->use(media);
  house.phones->use(notices::OpenidOf(openid_of));
  notices::Phones::AtOnce at_once;
  at_once.wechat_app_id = config.wechat_app_id;
  at_once.identify = [gateway](const std::string& code) { return gateway->identify(code); };
  at_once.say = [gateway, express = std::move(express)](const std::string& number, const std::string& words) {
    express([gateway, number, words] { gateway->send(Medium::sms, number, words, {}); });
  };
  house.phones->use(std::move(at_once));
}

mqtt::Config mqtt_of(const config::Mqtt& from, const NodeTls::Shown& tls) {
  mqtt::Config to;
  to.host = from.host;
  to.port = from.port;
  to.tls_port = from.tls_port;
  to.tls_certificate = tls.certificate;
  to.tls_key = tls.key;
  to.io_threads = from.threads;
  to.max_connections = from.max_connections;
  to.max_packet = from.max_packet;
  to.max_connect_packet = std::min(from.max_connect_packet, from.max_packet);
  to.max_unacknowledged = from.max_unacknowledged;
  to.max_buffered = from.max_buffered;
  to.connect_timeout = from.connect_timeout;
  to.write_timeout = from.write_timeout;
  return to;
}

http::Config http_of(const config::Http& from, const NodeTls::Shown& tls, const std::filesystem::path& directory,
                     const http::Routes& routes) {
  http::Config to;
  to.host = from.host;
  to.port = from.port;
  to.unix_path = (directory / "lifang.sock").string();
  to.threads = from.threads;
  to.tls_certificate = tls.certificate;
  to.tls_key = tls.key;
  to.plain_port = from.plain_port;
  to.max_connections = from.max_connections;
  to.max_body = from.max_body;
  to.body_room = [&routes](std::string_view method, std::string_view path) { return routes.body_room(method, path); };
  to.spill_directory = (directory / "files").string();
  to.body_memory = from.body_memory;
  to.header_timeout = from.header_timeout;
  to.idle_timeout = from.idle_timeout;
  to.write_timeout = from.write_timeout;
  return to;
}

}  // namespace

Node::Node(config::Config config, std::filesystem::path directory, World& world, const Steady& steady,
           const std::optional<Secret>& first_password)
    : config_(std::move(config)),
      directory_(std::move(directory)),
      world_(world),
      tls_(config_, directory_, names_of_this_machine, world_) {
  std::filesystem::create_directories(directory_ / "files");
  forget_unfinished_backups(directory_);
  database_ = open_database(config_, directory_, world_.clock.now());
  house_ = std::make_unique<House>(plan_of(config_, directory_, world_.ids), *database_, world_);
  House& house = *house_;
  house.routes->bound(std::size_t{config_.http.max_body}, config_.limits.requests_a_minute);
  const porch::Limits limits{0, config_.readings.max_ahead.count(), config_.mqtt.max_values, 32};
  intake_ = std::make_unique<porch::Intake>(
      house.lane, house.metrics, house.devices.refusals(), [&house](Tx& tx, readings::Batch& batch) { house.take(tx, batch); },
      std::size_t{config_.limits.lane_waiting});
  http_porch_ = std::make_unique<porch::HttpPorch>(
      porch::HttpPorch{house.devices, house.files, house.vault, *intake_, house.metrics, world_, limits});
  porch::add_routes(*house.routes, *http_porch_);
  live_ = std::make_unique<http::Live>(house.bus, house.readers, *house.routes, house.metrics, may_hear,
                                       [&house](std::string_view word) { return is_room(word, *house.routes); });
  mqtt_ = std::make_unique<porch::MqttPorch>(
      porch::MqttPorch::Parts{house.lane, house.bus, house.devices, house.vault, *intake_, house.metrics, world_},
      mqtt_of(config_.mqtt, tls_.mqtt()), limits, steady);
  add_own_routes();
  std::vector<std::unique_ptr<notices::Channel>> channels;
  channels.push_back(std::make_unique<notices::WebhookChannel>(house.readers, house.notices, world_.clock, house.plan.webhooks_inside));
  add_phones(config_.phones, house, world_.clock, channels,
             [this](std::function<void()> work) { courier_->express(std::move(work)); });
  courier_ = std::make_unique<Courier>(house.lane, house.readers, house.notices, world_.clock, std::move(channels));
  house.notices.on_queued([this] { courier_->wake(); });
  librarian_ = std::make_unique<Librarian>(house.lane, house.readers, house.exchange->captures(), world_);
  house.exchange->captures().on_queued([this] { librarian_->wake(); });
  house.open();
  house.lane.start();
  // Before anything listens: an early login must find its account.
  accounts::make_first_admin(house.accounts, house.lane, world_, directory_, first_password);
  courier_->start();
  librarian_->start();
  auto http = http_of(config_.http, tls_.http(), directory_, *house.routes);
  http.refused = [this](const http::Request& request, std::string_view code) {
    porch::note_refused(*http_porch_, request, code, {});
  };
  http_ = std::make_unique<http::Server>(
      std::move(http), world_.clock, [this, &house](http::Request&& request, http::Responder responder) {
        if (tls_.on() && !request.tls && request.remote_address != "unix")
          return answer_counted(std::move(responder), tls_.plainly(request, http_->port()));
        house.routes->handle(std::move(request), std::move(responder));
      });
  mqtt_->start();
  tender_ = std::thread([this] { tend(); });
}

Node::~Node() { stop(); }

void Node::stop() {
  if (stopping_.exchange(true)) return;
  mqtt_->stop();
  live_->stop();
  http_->stop();
  tender_bell_.notify_all();
  tender_.join();
  courier_->stop();
  librarian_->stop();
  house_->routes->stop();
  // What was noted of devices since the last write; nobody is left to hear how it went.
  house_->lane.submit([this](Tx& tx) { house_->devices.refusals().write(tx); }, [](std::exception_ptr) {});
  house_->lane.submit([this](Tx& tx) { house_->rules.live().close(tx); }, [](std::exception_ptr) {});
  house_->lane.stop();
}

void Node::tend() {
  House& house = *house_;
  const auto in_reader = [&house](const std::function<void(Reader&)>& fn) {
    auto lease = house.readers.lease();
    fn(lease.reader());
  };
  const auto in_tx = [&house](const std::function<void(Tx&)>& fn) { house.lane.now(fn); };
  while (!stopping_) {
    bool more = false;
    try {
      more = house.readings.tend(in_reader, in_tx);
      intake_->hold(house.readings.swollen());
    } catch (const std::exception& error) {
      std::fprintf(stderr, "node: folding readings waits: %s\n", error.what());
    }
    look_at_certificates();
    beat();
    tell_of_devices();
    std::unique_lock lock(tender_mutex_);
    if (!stopping_ && !more) tender_bell_.wait_for(lock, std::chrono::seconds(1));
  }
}

void Node::look_at_certificates() {
  try {
    tls_.look([this](const std::string& certificate, const std::string& key) { http_->reload_tls(certificate, key); },
              [this](const std::string& certificate, const std::string& key) { mqtt_->server().reload_tls(certificate, key); });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "node: looking at the certificates: %s\n", error.what());
  }
}

/// Of what is answered past the routes, refusals are counted here.
void Node::answer_counted(http::Responder responder, http::Response&& response) {
  if (!response.refused.empty()) house_->metrics.refused(response.refused);
  responder.answer(std::move(response));
}

void Node::add_certificates() {
  http::Routes& routes = *house_->routes;
  for (const char* leaf : {"", "/root.crt", "/root.pem", "/root.mobileconfig"})
    routes.free("GET", std::string("/authority") + leaf, "How phones get to trust the node's own authority, and its root",
                [this](http::Request&& request, http::Responder responder) {
                  answer_counted(std::move(responder),
                                 tls_.authority(request.path.substr(std::min<std::size_t>(request.path.size(), 11)), request));
                });
  routes.free("GET", "/.well-known/acme-challenge/{token}", "What an ACME server asks for, from DIR/acme",
              [this](http::Request&& request, http::Responder responder) {
                answer_counted(std::move(responder), tls_.challenge(request.path.substr(request.path.rfind('/') + 1)));
              });
  routes.get("/api/v1/node/authority/paper", "node.verify", "The paper with the fingerprint of the local root, to be printed",
             [this](Reader&, const http::Call&) {
               http::Response response;
               response.content_type = "text/html; charset=utf-8";
               response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
               response.body = tls_.paper();
               return response;
             });
}

void Node::add_own_routes() {
  add_shell_routes(*house_, directory_);
  house_->routes->otherwise([this](http::Request&& request, http::Responder responder) {
    answer_counted(std::move(responder), pages_.answer(request));
  });
  house_->routes->get("/api/v1/node", http::kAnyone, "Which district this is, and in which zone its days begin",
                      [this](Reader&, const http::Call&) { return About{config_.district, config_.zone_offset_minutes, LIFANG_VERSION}; });
  add_health();
  add_certificates();
}

}  // namespace lifang
