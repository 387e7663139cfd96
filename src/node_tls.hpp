// NodeTls: which certificate a node shows, that it stays a good one, and what is answered without it.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/world.hpp"
#include "platform/authority/authority.hpp"
#include "platform/config/config.hpp"
#include "platform/http/message.hpp"

namespace lifang {

/// "ward", "ward.local" and the addresses of this machine on its networks: those that phones nearby can reach.
std::vector<std::string> names_of_this_machine();

/// Files that an operator or an ACME client keeps, or the local authority; one of them for HTTP, maybe another for MQTT.
class NodeTls {
 public:
  /// Where the certificates of one listener come from, and which it shows now.
  struct Shown {
    std::string certificate, key;  ///< PEM texts; empty: no TLS
    authority::Facts facts;
  };
  using Use = std::function<void(const std::string& certificate, const std::string& key)>;

  /// `machine`: names beside the configured ones, asked at every look. Throws Refusal http.bad_certificate,
  /// authority.damaged.
  NodeTls(const config::Config& config, std::filesystem::path directory, std::function<std::vector<std::string>()> machine, World& world);

  bool on() const { return http_.on; }
  /// What the listeners begin with.
  Shown http() const { return shown(http_); }
  Shown mqtt() const { return shown(mqtt_); }
  /// Looks whether files have changed or the local certificate ends soon, and gives what is new to the listener. A pair
  /// that cannot be used leaves the old one in place and is told by `note` until it is mended. Any thread, often.
  void look(const Use& use_http, const Use& use_mqtt);
  /// What somebody should know, in a line; empty: all is well.
  std::string note() const;
  /// When the certificate that pages are shown with ends.
  std::optional<Time> ends() const;

  /// The challenge of an ACME server (RFC 8555 §8.3), from DIR/acme/.well-known/acme-challenge/: a file's text, or 404.
  http::Response challenge(const std::string& token) const;
  /// Page, certificate and profile of the local authority; `leaf` is what stands behind "/authority/", or empty.
  http::Response authority(const std::string& leaf, const http::Request& request) const;
  /// What came without TLS although there is some: the two above are answered, everything else is sent to https.
  http::Response plainly(const http::Request& request, std::uint16_t tls_port) const;
  /// The paper with the fingerprint. @throws Refusal missing node.no_authority
  std::string paper() const;
  /// Root's facts. @throws as above
  authority::Facts root() const;

 private:
  struct Listener {
    bool on = false, local = false;
    bool borrowed = false;  ///< shows the local certificate until its files are there
    std::string certificate_file, key_file;
    std::string stamp;  ///< of both files when they were last looked at
    Shown shown;
    std::string trouble;
  };
  Shown shown(const Listener& listener) const;
  Listener begin(const std::string& certificate, const std::string& key, bool local);
  void look(Listener& listener, const Use& use);
  std::vector<std::string> wanted_names() const;
  std::string address_for(std::string_view host, std::uint16_t tls_port) const;
  void must_have_authority() const;

  std::filesystem::path directory_;
  World& world_;
  std::string district_, public_url_;
  std::vector<std::string> asked_;  ///< names that the operator wishes
  std::function<std::vector<std::string>()> machine_;
  mutable std::mutex mutex_;  ///< over what follows
  std::unique_ptr<authority::Authority> authority_;
  std::string trouble_;  ///< of the local authority
  Listener http_, mqtt_;
};

}  // namespace lifang
