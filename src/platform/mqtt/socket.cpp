#include "platform/mqtt/socket.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "base/check.hpp"
#include "base/refusal.hpp"

namespace lifang::mqtt {
namespace {

[[noreturn]] void bad_certificate(const std::string& what) {
  char words[256] = "";
  ERR_error_string_n(ERR_get_error(), words, sizeof words);
  ERR_clear_error();
  throw Refusal(RefusalKind::invalid, "mqtt.bad_certificate", what + ": " + words);
}

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

Bio open_pem(const std::string& text_or_path) {
  const bool is_text = text_or_path.starts_with("-----BEGIN");
  Bio bio(is_text ? BIO_new_mem_buf(text_or_path.data(), static_cast<int>(text_or_path.size()))
                  : BIO_new_file(text_or_path.c_str(), "r"),
          &BIO_free);
  if (!bio) bad_certificate(text_or_path);
  return bio;
}

ssl_ctx_st* new_context(const SSL_METHOD* method) {
  SSL_CTX* context = SSL_CTX_new(method);
  check(context != nullptr, "no TLS context");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // An idle connection gives its record buffers back: 14 KB instead of 70.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Tickets resume a session without memory of ours.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  return context;
}

}  // namespace

std::shared_ptr<Tls> Tls::server(const std::string& certificate, const std::string& key) {
  std::shared_ptr<Tls> tls(new Tls(new_context(TLS_server_method()), true));
  SSL_CTX* context = tls->context_;
  SSL_CTX_set_num_tickets(context, 1);
  using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
  const Bio chain = open_pem(certificate);
  const Certificate leaf(PEM_read_bio_X509_AUX(chain.get(), nullptr, nullptr, nullptr), &X509_free);
  if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1) bad_certificate("certificate");
  while (X509* above = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr))
    if (SSL_CTX_add0_chain_cert(context, above) != 1) bad_certificate("chain");
  ERR_clear_error();  // the end of the file is an error to PEM_read
  const Bio key_file = open_pem(key);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> secret(
      PEM_read_bio_PrivateKey(key_file.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  if (!secret || SSL_CTX_use_PrivateKey(context, secret.get()) != 1) bad_certificate("key");
  if (SSL_CTX_check_private_key(context) != 1)
    bad_certificate("key does not belong to certificate");
  return tls;
}

std::shared_ptr<Tls> Tls::client(const std::string& authorities) {
  std::shared_ptr<Tls> tls(new Tls(new_context(TLS_client_method()), false));
  // OpenSSL writes without MSG_NOSIGNAL; a server that goes away must not end the program.
  struct sigaction now {};
  if (::sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL)
    ::signal(SIGPIPE, SIG_IGN);
  if (authorities.empty()) {
    SSL_CTX_set_verify(tls->context_, SSL_VERIFY_NONE, nullptr);
    return tls;
  }
  SSL_CTX_set_verify(tls->context_, SSL_VERIFY_PEER, nullptr);
  const Bio file = open_pem(authorities);
  X509_STORE* store = SSL_CTX_get_cert_store(tls->context_);
  std::size_t trusted = 0;
  while (X509* authority = PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr)) {
    X509_STORE_add_cert(store, authority);
    X509_free(authority);
    ++trusted;
  }
  if (trusted == 0) bad_certificate("authorities");
  ERR_clear_error();
  return tls;
}

Tls::~Tls() {
  SSL_CTX_free(context_);
}

Socket::Socket(int descriptor, const Tls* tls, const std::string& host) : descriptor_(descriptor) {
  if (!tls) return;
  ssl_ = SSL_new(tls->context());
  check(ssl_ != nullptr && SSL_set_fd(ssl_, descriptor) == 1, "no TLS connection");
  if (tls->is_server()) {
    SSL_set_accept_state(ssl_);
    return;
  }
  SSL_set_connect_state(ssl_);
  const bool is_address =
      host.find_first_not_of("0123456789.") == std::string::npos || host.find(':') != host.npos;
  if (host.empty()) return;
  if (is_address) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), host.c_str());
  } else {
    SSL_set1_host(ssl_, host.c_str());
    SSL_set_tlsext_host_name(ssl_, const_cast<char*>(host.c_str()));
  }
}

Socket::Socket(Socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), ssl_(std::exchange(other.ssl_, nullptr)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(ssl_, other.ssl_);
  return *this;
}

Socket::~Socket() {
  if (ssl_) SSL_free(ssl_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Socket::shaking_hands() const {
  return ssl_ && !SSL_is_init_finished(ssl_);
}

std::ptrdiff_t Socket::tls_result(int result) {
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return kAgain;
    case SSL_ERROR_ZERO_RETURN:
      return kClosed;
    default:
      ERR_clear_error();
      return kFailed;
  }
}

std::ptrdiff_t Socket::read(char* to, std::size_t room) {
  if (ssl_) {
    ERR_clear_error();
    std::size_t n = 0;
    const int result = SSL_read_ex(ssl_, to, room, &n);
    return result == 1 ? static_cast<std::ptrdiff_t>(n) : tls_result(result);
  }
  const ssize_t n = ::recv(descriptor_, to, room, 0);
  if (n >= 0) return n;
  return errno == EAGAIN || errno == EINTR ? kAgain : kFailed;
}

std::ptrdiff_t Socket::write(const char* from, std::size_t size) {
  if (ssl_) {
    ERR_clear_error();
    std::size_t n = 0;
    const int result = SSL_write_ex(ssl_, from, size, &n);
    return result == 1 ? static_cast<std::ptrdiff_t>(n) : tls_result(result);
  }
  const ssize_t n = ::send(descriptor_, from, size, MSG_NOSIGNAL);
  if (n >= 0) return n;
  return errno == EAGAIN || errno == EINTR ? kAgain : kFailed;
}

void Socket::finish() {
  if (ssl_ && !shaking_hands()) {
    ERR_clear_error();
    SSL_shutdown(ssl_);
    ERR_clear_error();
  }
  ::shutdown(descriptor_, SHUT_WR);
}

}  // namespace lifang::mqtt
