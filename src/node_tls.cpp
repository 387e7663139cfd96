#include "node_tls.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "authority_page.hpp"
#include "base/refusal.hpp"
#include "platform/http/tls.hpp"
#include "platform/http/url.hpp"

namespace lifang {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestToken = 128;
constexpr std::size_t kLongestChallenge = 4096;
constexpr auto kSoon = std::chrono::hours(24 * 14);  ///< a certificate that ends within it should have been renewed

std::string text_of(const std::string& file) {
  if (file.starts_with("-----BEGIN")) return file;
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Refusal(RefusalKind::invalid, "http.bad_certificate", "cannot read " + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Changes with every rewriting of a file, also through a symbolic link as ACME clients keep them.
std::string stamp_of(const std::string& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return "absent";
  return fmt::format("{}/{}/{}/{}.{}", facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec);
}

std::string day(Time t) { return to_rfc3339(t).substr(0, 10); }

http::Response page_of(std::string html) {
  http::Response response;
  response.content_type = "text/html; charset=utf-8";
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Cache-Control", "no-cache");
  response.body = std::move(html);
  return response;
}

http::Response download(std::string type, std::string name, std::string body) {
  http::Response response;
  response.content_type = std::move(type);
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Cache-Control", "no-cache");
  response.body = std::move(body);
  return response;
}

http::Response nothing_here() { return http::problem(404, "http.no_route", "there is nothing at this path"); }

/// "ward.lan:8080" → "ward.lan", "[::1]:80" → "[::1]".
std::string_view host_of(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

std::string bare(std::string_view host) {
  return std::string(host.starts_with('[') ? host.substr(1, host.size() - 2) : host);
}

}  // namespace

std::vector<std::string> names_of_this_machine() {
  std::vector<std::string> names;
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0 && authority::is_name(host.data())) {
    const std::string name = host.data();
    names.push_back(name.substr(0, name.find('.')) + ".local");  // multicast DNS
    if (name != "localhost") names.push_back(name);
  }
  names.emplace_back("localhost");
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return names;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> keep(all, ::freeifaddrs);
  for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_UP) == 0) continue;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (one->ifa_addr->sa_family == AF_INET) {
      ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr, text.data(), text.size());
    } else if (one->ifa_addr->sa_family == AF_INET6) {
      const auto& address = reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr;
      if (IN6_IS_ADDR_LINKLOCAL(&address)) continue;  // needs its interface beside it: nobody types that
      ::inet_ntop(AF_INET6, &address, text.data(), text.size());
    } else {
      continue;
    }
    names.emplace_back(text.data());
  }
  return names;
}

NodeTls::NodeTls(const config::Config& config, fs::path directory, std::function<std::vector<std::string>()> machine, World& world)
    : directory_(std::move(directory)),
      world_(world),
      district_(config.district),
      public_url_(config.http.public_url),
      asked_(config.http.names),
      machine_(std::move(machine)) {
  if (const auto url = http::parse_url(public_url_); url && authority::is_name(url->host)) asked_.push_back(url->host);
  if (config.http.local_authority || config.mqtt.local_authority)
    authority_ = std::make_unique<authority::Authority>(directory_ / "authority", authority::Authority::Root{district_, asked_},
                                                        wanted_names(), world_);
  http_ = begin(config.http.tls_certificate, config.http.tls_key, config.http.local_authority);
  mqtt_ = begin(config.mqtt.tls_certificate, config.mqtt.tls_key, config.mqtt.local_authority);
  fs::create_directories(directory_ / "acme" / ".well-known" / "acme-challenge");
}

/// What the operator wishes comes first; what the machine calls itself is a help.
std::vector<std::string> NodeTls::wanted_names() const {
  std::vector<std::string> names = asked_;
  for (std::string& name : machine_())
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  return names;
}

NodeTls::Listener NodeTls::begin(const std::string& certificate, const std::string& key, bool local) {
  Listener listener;
  listener.on = local || !certificate.empty();
  listener.certificate_file = certificate;
  listener.key_file = key;
  listener.local = certificate.empty();
  if (!listener.on) return listener;
  if (!certificate.empty()) {
    listener.stamp = stamp_of(certificate) + stamp_of(key);
    try {
      listener.shown = {text_of(certificate), text_of(key), {}};
      http::TlsContext::server(listener.shown.certificate, listener.shown.key);
      listener.shown.facts = authority::facts_of(listener.shown.certificate);
      return listener;
    } catch (const Refusal& refusal) {
      // The first certificate of an ACME client is still to come: until then our own will do, if there is one.
      if (!local) throw;
      listener.borrowed = true;
      listener.trouble = refusal.detail + "; the local authority's certificate is shown instead";
    }
  }
  listener.shown = {authority_->certificate(), authority_->key(), authority_->facts()};
  return listener;
}

NodeTls::Shown NodeTls::shown(const Listener& listener) const {
  const std::lock_guard lock(mutex_);
  return listener.shown;
}

void NodeTls::look(const Use& use_http, const Use& use_mqtt) {
  const std::lock_guard lock(mutex_);
  try {
    if (authority_) authority_->renew(wanted_names(), world_);
    trouble_.clear();
  } catch (const Refusal& refusal) {
    trouble_ = "the local certificate cannot be renewed: " + refusal.detail;
  }
  look(http_, use_http);
  look(mqtt_, use_mqtt);
}

void NodeTls::look(Listener& listener, const Use& use) {
  if (!listener.on) return;
  // The stamp comes first: whatever is written while we read changes it, and we read again.
  const std::string stamp = listener.local ? "" : stamp_of(listener.certificate_file) + stamp_of(listener.key_file);
  const bool changed = stamp != listener.stamp;
  const bool ours = listener.local || listener.borrowed;
  if (!changed && (!ours || listener.shown.certificate == authority_->certificate())) return;
  listener.stamp = stamp;
  try {
    Shown fresh;
    if (changed) fresh = {text_of(listener.certificate_file), text_of(listener.key_file), {}};
    else fresh = {authority_->certificate(), authority_->key(), {}};
    fresh.facts = authority::facts_of(fresh.certificate);
    if (fresh.facts.until <= world_.clock.now()) throw Refusal(RefusalKind::invalid, "http.bad_certificate", "it ended on " + day(fresh.facts.until));
    use(fresh.certificate, fresh.key);
    listener.shown = std::move(fresh);
    if (!changed) return;
    listener.borrowed = false;
    listener.trouble.clear();
  } catch (const Refusal& refusal) {
    listener.trouble = fmt::format("the new certificate cannot be used ({}); the one until {} stays", refusal.detail, day(listener.shown.facts.until));
  }
}

std::string NodeTls::note() const {
  const std::lock_guard lock(mutex_);
  std::string text = trouble_;
  const auto say = [&](const std::string& words) {
    if (!words.empty()) text += (text.empty() ? "" : "; ") + words;
  };
  const Time now = world_.clock.now();
  for (const Listener* listener : {&http_, &mqtt_}) {
    const std::string what = listener == &http_ ? "pages: " : "devices: ";
    if (!listener->on) continue;
    if (!listener->trouble.empty()) say(what + listener->trouble);
    if (listener->shown.facts.until - now < kSoon) say(what + "the certificate ends on " + day(listener->shown.facts.until));
  }
  if (!authority_) return text;
  for (const std::string& name : authority_->left_out())
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) say("the local root may not speak for " + name);
  if (authority_->root_facts().until - now < std::chrono::hours(24 * 365))
    say("the local root ends on " + day(authority_->root_facts().until) + ": phones must install a new one before");
  return text;
}

std::optional<Time> NodeTls::ends() const {
  const std::lock_guard lock(mutex_);
  if (!http_.on) return std::nullopt;
  return http_.shown.facts.until;
}

// ---- what is answered ---------------------------------------------------------------------------------------------

http::Response NodeTls::challenge(const std::string& token) const {
  const bool fits = !token.empty() && token.size() <= kLongestToken &&
                    std::all_of(token.begin(), token.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
                    });
  if (!fits) return nothing_here();  // base64url and nothing else (RFC 8555 §8.3): no dot, no slash
  const fs::path file = directory_ / "acme" / ".well-known" / "acme-challenge" / token;
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0) return nothing_here();
  std::array<char, kLongestChallenge + 1> bytes{};
  struct stat facts {};
  const bool plain = ::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
  const auto size = plain ? ::read(descriptor, bytes.data(), bytes.size()) : -1;
  ::close(descriptor);
  if (size < 0 || size > static_cast<ssize_t>(kLongestChallenge)) return nothing_here();
  http::Response response;
  response.content_type = "application/octet-stream";
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.body.assign(bytes.data(), static_cast<std::size_t>(size));
  return response;
}

http::Response NodeTls::authority(const std::string& leaf, const http::Request& request) const {
  const std::lock_guard lock(mutex_);
  if (!authority_) return nothing_here();
  if (leaf.empty()) {
    const auto url = http::parse_url(public_url_);
    const std::string own = fmt::format("https://{}/", host_of(request.header("Host")));
    return page_of(authority_page(district_, authority_->root_facts(), url ? public_url_ : own));
  }
  if (leaf == "root.crt") return download("application/x-x509-ca-cert", "lifang-root.crt", authority_->root_der());
  if (leaf == "root.pem") return download("application/x-pem-file", "lifang-root.pem", authority_->root());
  if (leaf == "root.mobileconfig")
    return download("application/x-apple-aspen-config", "lifang-root.mobileconfig",
                    authority_profile(district_, authority_->root_facts(), authority_->root_der()));
  return nothing_here();
}

std::string NodeTls::address_for(std::string_view host, std::uint16_t tls_port) const {
  // Behind a router the port that people reach is not the one that we listen on: the operator said which.
  if (const auto url = http::parse_url(public_url_); url && public_url_.starts_with("https://") && url->host == bare(host)) {
    std::string address = public_url_;
    while (address.ends_with('/')) address.pop_back();
    return address;
  }
  return tls_port == 443 ? fmt::format("https://{}", host) : fmt::format("https://{}:{}", host, tls_port);
}

http::Response NodeTls::plainly(const http::Request& request, std::uint16_t tls_port) const {
  constexpr std::string_view kChallenge = "/.well-known/acme-challenge/", kAuthority = "/authority";
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (reads && request.path.starts_with(kChallenge)) return challenge(request.path.substr(kChallenge.size()));
  if (reads && request.path == kAuthority) return authority("", request);
  if (reads && request.path.starts_with("/authority/")) return authority(request.path.substr(kAuthority.size() + 1), request);
  // What was to be changed has been said in the clear: to send it on would hide that.
  if (!reads) return http::problem(403, "http.https_only", "only over https: what was sent here could be read on its way");
  const std::string_view host = host_of(request.header("Host"));
  if (host.empty()) return http::problem(400, "http.bad_host", "the Host is no name");
  // "http://elsewhere/" and "//elsewhere/" are no paths of ours to send anybody to.
  if (!request.target.starts_with('/') || request.target.starts_with("//")) return http::problem(400, "http.bad_target", "a path is wanted");
  http::Response response;
  response.status = 308;
  response.headers.emplace_back("Location", address_for(host, tls_port) + request.target);
  return response;
}

void NodeTls::must_have_authority() const {
  if (!authority_) throw missing("node.no_authority", "this node has no local authority: http.local_authority = true makes one");
}

std::string NodeTls::paper() const {
  const std::lock_guard lock(mutex_);
  must_have_authority();
  const std::string address = !public_url_.empty() ? public_url_ : fmt::format("https://{}/", authority_->facts().names.front());
  return authority_paper(district_, authority_->root_facts(), address);
}

authority::Facts NodeTls::root() const {
  const std::lock_guard lock(mutex_);
  must_have_authority();
  return authority_->root_facts();
}

}  // namespace lifang
