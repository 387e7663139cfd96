// A node over https: handshakes that verify, certificates that change under way, the local authority and its page.
#include "node_tls.hpp"

#include <sys/stat.h>

#include <fstream>

#include "backup.hpp"
#include "node_shell.hpp"
#include "support/certificate.hpp"
#include "support/raw_client.hpp"
#include "support/test_node.hpp"

namespace lifang {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

Time real_now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::trunc) << text; }

/// The clock of the house follows the real one at first: handshakes ask the machine's.
class NodeOverTls : public testing::Test {
 protected:
  NodeOverTls() {
    write(folder_.path() / "chain.pem", first_.certificate);
    write(folder_.path() / "key.pem", first_.key);
  }
  void serve(const std::function<void(config::Config&)>& change) {
    node_.emplace(folder_.path(), [&](config::Config& config) {
      config.http.plain_port = 0;
      config.mqtt.tls_port = 0;
      change(config);
    });
    node_->world().clock.set(real_now());
    node_->node().look_at_certificates();  // what was made under the other clock has long ended
  }
  void serve_files() {
    serve([&](config::Config& config) {
      config.http.tls_certificate = config.mqtt.tls_certificate = folder_.path() / "chain.pem";
      config.http.tls_key = config.mqtt.tls_key = folder_.path() / "key.pem";
    });
  }
  void serve_local() {
    serve([](config::Config& config) { config.http.local_authority = config.mqtt.local_authority = true; });
  }
  http::Reply secure(const std::string& target, const std::string& trusted) {
    http::Client client("https://localhost:" + std::to_string(node_->node().http_port()), {.authorities = trusted});
    return client.get(target);
  }
  http::Reply plain(const std::string& method, const std::string& target, const http::Pairs& headers = {}, const std::string& body = {}) {
    http::Client client("http://localhost:" + std::to_string(node_->node().http_plain_port()));
    return client.request(method, target, headers, body);
  }
  std::string ready() { return node_->shell("GET", "/readyz").body; }
  std::string root() { return plain("GET", "/authority/root.pem").body; }

  TestFolder folder_;
  Certificate first_ = Certificate::make("first", "DNS:localhost,IP:127.0.0.1");
  Certificate second_ = Certificate::make("second", "DNS:localhost,IP:127.0.0.1");
  std::optional<TestNode> node_;
};

TEST_F(NodeOverTls, takes_up_a_renewed_certificate_without_a_restart) {
  serve_files();
  EXPECT_EQ(secure("/healthz", first_.certificate).status, 200);
  write(folder_.path() / "chain.pem", second_.certificate);
  node_->node().look_at_certificates();
  EXPECT_EQ(secure("/healthz", first_.certificate).status, 200) << "half a renewal changes nothing";
  EXPECT_NE(ready().find("cannot be used"), std::string::npos) << ready();
  EXPECT_EQ(node_->shell("GET", "/readyz").status, 200) << "it serves all the same";
  write(folder_.path() / "key.pem", second_.key);
  node_->node().look_at_certificates();
  EXPECT_EQ(secure("/healthz", second_.certificate).status, 200);
  EXPECT_EQ(secure("/healthz", first_.certificate).failure, http::Failure::tls);
  EXPECT_EQ(ready().find("cannot be used"), std::string::npos) << ready();
}

TEST_F(NodeOverTls, a_broken_certificate_keeps_the_old_one_and_says_so) {
  serve_files();
  for (const std::string& broken : {std::string("no certificate"), std::string()}) {
    write(folder_.path() / "chain.pem", broken);
    node_->node().look_at_certificates();
    EXPECT_EQ(secure("/healthz", first_.certificate).status, 200);
    EXPECT_NE(ready().find("the new certificate cannot be used"), std::string::npos) << ready();
  }
  fs::remove(folder_.path() / "chain.pem");
  node_->node().look_at_certificates();
  EXPECT_EQ(secure("/healthz", first_.certificate).status, 200);
  EXPECT_NE(node_->shell("GET", "/metrics").body.find("\nlifang_tls_trouble 1"), std::string::npos);
  write(folder_.path() / "chain.pem", first_.certificate);
  node_->node().look_at_certificates();
  EXPECT_EQ(ready().find("cannot be used"), std::string::npos);
}

TEST_F(NodeOverTls, says_when_a_certificate_ends_soon) {
  serve_local();
  EXPECT_EQ(ready(), "ready\n");
  serve_files();  // made for a day
  EXPECT_NE(ready().find("the certificate ends on"), std::string::npos) << ready();
}

TEST_F(NodeOverTls, without_tls_there_is_only_the_way_to_https) {
  serve_files();
  const auto port = std::to_string(node_->node().http_port());
  const auto sent = plain("GET", "/console/?a=b%20c");
  EXPECT_EQ(sent.status, 308);
  EXPECT_EQ(sent.header("Location"), "https://localhost:" + port + "/console/?a=b%20c");
  EXPECT_EQ(plain("GET", "/api/v1/node").status, 308);
  const auto login = plain("POST", "/api/v1/sessions", {}, R"({"login":"admin","password":"correct horse 7"})");
  EXPECT_EQ(login.status, 403) << "a password in the clear is not sent on in silence";
  EXPECT_NE(login.body.find("http.https_only"), std::string::npos);
  EXPECT_EQ(plain("GET", "/authority").status, 404) << "there is no local authority";
  // Nobody is sent to another host by a strange request line.
  for (const std::string& target : {std::string("//evil.example/"), std::string("http://evil.example/x")}) {
    http::RawClient raw(node_->node().http_plain_port());
    const std::string answer = raw.say("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").rest();
    EXPECT_EQ(answer.find("Location: https://evil"), std::string::npos) << answer;
    EXPECT_EQ(answer.find(port + "//"), std::string::npos) << target << "\n" << answer;
  }
  const std::string counted = node_->shell("GET", "/metrics").body;
  EXPECT_NE(counted.find("lifang_refused_total{reason=\"http.https_only\"} 1\n"), std::string::npos) << counted;
  EXPECT_NE(counted.find("lifang_refused_total{reason=\"http.no_route\"} 1\n"), std::string::npos);
  EXPECT_NE(counted.find("lifang_refused_total{reason=\"http.bad_target\"}"), std::string::npos);
}

TEST_F(NodeOverTls, a_router_s_port_is_taken_from_the_public_address) {
  serve([&](config::Config& config) {
    config.http.local_authority = true;
    config.http.public_url = "https://localhost:9443/";
  });
  EXPECT_EQ(plain("GET", "/x").header("Location"), "https://localhost:9443/x");
}

TEST_F(NodeOverTls, answers_the_challenge_of_an_acme_server_and_nothing_else_of_that_folder) {
  serve_files();
  const fs::path folder = folder_.path() / "acme" / ".well-known" / "acme-challenge";
  write(folder / "tok_en-1", "tok_en-1.thumbprint");
  write(folder_.path() / "acme" / "secret", "s");
  fs::create_symlink(folder_.path() / "key.pem", folder / "link");
  fs::create_directory(folder / "folder");
  write(folder / "huge", std::string(5000, 'x'));
  const auto answer = plain("GET", "/.well-known/acme-challenge/tok_en-1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "tok_en-1.thumbprint");
  EXPECT_EQ(secure("/.well-known/acme-challenge/tok_en-1", first_.certificate).body, "tok_en-1.thumbprint");
  for (const char* other : {"", "nothing", "link", "folder", "huge", "a.b", "%2e%2e%2f%2e%2e%2fsecret", "..%5csecret", "a/b", "."}) {
    const std::string target = std::string("/.well-known/acme-challenge/") + other;
    const int status = plain("GET", target).status;
    EXPECT_TRUE(status == 404 || status == 400 || status == 308) << target << " " << status;
    EXPECT_EQ(secure(target, first_.certificate).body.find("PRIVATE"), std::string::npos);
  }
  http::RawClient raw(node_->node().http_plain_port());
  EXPECT_EQ(raw.say("GET /.well-known/acme-challenge/../../secret HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").rest().find("\r\n\r\ns"),
            std::string::npos);
}

TEST_F(NodeOverTls, a_handshake_verifies_against_the_local_root) {
  serve_local();
  const std::string trusted = root();
  EXPECT_EQ(secure("/healthz", trusted).body, "ok\n");
  EXPECT_EQ(secure("/healthz", first_.certificate).failure, http::Failure::tls);
  http::Client by_address("https://127.0.0.1:" + std::to_string(node_->node().http_port()), {.authorities = trusted});
  EXPECT_EQ(by_address.get("/healthz").status, 200);
  EXPECT_NE(node_->node().mqtt_tls_port(), 0);
  // Nine months on the certificate has been renewed, and the same root still holds.
  const std::string before = node_->node().tls().http().certificate;
  node_->world().clock.advance(hours(24 * 180));
  node_->node().look_at_certificates();
  EXPECT_NE(node_->node().tls().http().certificate, before);
  EXPECT_EQ(node_->node().tls().mqtt().certificate, node_->node().tls().http().certificate);
  EXPECT_EQ(root(), trusted);
}

TEST_F(NodeOverTls, the_page_of_the_authority_needs_no_login_and_no_tls) {
  serve_local();
  const auto page = plain("GET", "/authority");
  EXPECT_EQ(page.status, 200);
  const std::string facts = authority::facts_of(root()).fingerprint;
  std::string spaced = facts.substr(0, 11);
  std::replace(spaced.begin(), spaced.end(), ':', ' ');
  for (const std::string& words : {std::string("先核对指纹"), std::string("Compare the fingerprint first"), spaced,
                                   std::string("HarmonyOS"), std::string("iPhone"), std::string("/authority/root.crt")})
    EXPECT_NE(page.body.find(words), std::string::npos) << words;
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
  EXPECT_NE(page.header("Content-Security-Policy").find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(plain("GET", "/authority/root.crt").header("Content-Type"), "application/x-x509-ca-cert");
  const auto profile = plain("GET", "/authority/root.mobileconfig");
  EXPECT_EQ(profile.header("Content-Type"), "application/x-apple-aspen-config");
  EXPECT_NE(profile.body.find("com.apple.security.root"), std::string::npos);
  EXPECT_EQ(secure("/authority", root()).status, 200);
  const auto paper = node_->shell("GET", "/api/v1/node/authority/paper");
  EXPECT_NE(paper.body.find(spaced), std::string::npos);
  EXPECT_EQ(secure("/api/v1/node/authority/paper", root()).status, 401) << "the paper comes from the node's own people";
}

TEST_F(NodeOverTls, the_key_of_the_root_never_leaves) {
  serve_local();
  for (const char* target : {"/authority/root.key", "/authority/node.key", "/authority/node.pem", "/authority/..%2fauthority%2froot.key",
                             "/authority/root.pem/../root.key", "/.well-known/acme-challenge/..%2f..%2f..%2fauthority%2froot.key"}) {
    EXPECT_EQ(plain("GET", target).body.find("PRIVATE"), std::string::npos) << target;
    EXPECT_EQ(secure(target, root()).body.find("PRIVATE"), std::string::npos) << target;
  }
  EXPECT_EQ(root().find("PRIVATE"), std::string::npos);
  struct stat facts {};
  ASSERT_EQ(::stat((folder_.path() / "authority" / "root.key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  // A backup is not sealed, so the root's key stays at home.
  const auto file = folder_.path() / "out.tar.zst";
  EXPECT_TRUE(node_->shell("POST", "/api/v1/node/backup", R"({"file":")" + file.string() + "\"}").good());
  const fs::path again = folder_.path() / "again";
  RealWorld own;
  restore(again, file, "", own.world);
  EXPECT_TRUE(fs::exists(again / "keys" / "node.key"));
  EXPECT_FALSE(fs::exists(again / "authority"));
}

TEST_F(NodeOverTls, shows_its_own_certificate_until_the_first_of_the_acme_client_is_there) {
  serve([&](config::Config& config) {
    config.http.local_authority = true;
    config.http.tls_certificate = folder_.path() / "later.pem";
    config.http.tls_key = folder_.path() / "later.key";
  });
  EXPECT_EQ(secure("/healthz", root()).status, 200);
  EXPECT_NE(ready().find("shown instead"), std::string::npos) << ready();
  write(folder_.path() / "later.key", second_.key);
  write(folder_.path() / "later.pem", second_.certificate);
  node_->node().look_at_certificates();
  EXPECT_EQ(secure("/healthz", second_.certificate).status, 200);
}

}  // namespace
}  // namespace lifang
