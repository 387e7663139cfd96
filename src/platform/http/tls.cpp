#include "platform/http/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <climits>
#include <fstream>
#include <iterator>

#include "base/check.hpp"
#include "base/refusal.hpp"

namespace lifang::http {
namespace {

// A socket BIO whose writes never raise SIGPIPE, which OpenSSL's own does.
int bio_write(BIO* bio, const char* from, int n) {
  BIO_clear_retry_flags(bio);
  const auto done = ::send(static_cast<int>(BIO_get_fd(bio, nullptr)), from,
                           static_cast<std::size_t>(n), MSG_NOSIGNAL);
  if (done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
    BIO_set_retry_write(bio);
  return static_cast<int>(done);
}

const BIO_METHOD* quiet_socket() {
  static const BIO_METHOD* const method = [] {
    const BIO_METHOD* plain = BIO_s_socket();
    BIO_METHOD* quiet = BIO_meth_new(BIO_TYPE_SOCKET, "socket without SIGPIPE");
    check(quiet != nullptr, "no memory for a BIO method");
    BIO_meth_set_write(quiet, bio_write);
    BIO_meth_set_read(quiet, BIO_meth_get_read(plain));
    BIO_meth_set_puts(quiet, BIO_meth_get_puts(plain));
    BIO_meth_set_ctrl(quiet, BIO_meth_get_ctrl(plain));
    BIO_meth_set_create(quiet, BIO_meth_get_create(plain));
    BIO_meth_set_destroy(quiet, BIO_meth_get_destroy(plain));
    return quiet;
  }();
  return method;
}

Refusal bad_certificate(const std::string& detail) {
  ERR_clear_error();
  return {RefusalKind::invalid, "http.bad_certificate", detail};
}

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using PemText = std::unique_ptr<BIO, FreeBio>;

std::string pem_text(const std::string& text_or_path) {
  if (text_or_path.starts_with("-----BEGIN")) return text_or_path;
  std::ifstream file(text_or_path, std::ios::binary);
  if (!file) throw bad_certificate("cannot read " + text_or_path);
  return {std::istreambuf_iterator<char>(file), {}};
}

PemText pem_bio(const std::string& text) {
  return PemText(
      BIO_new_mem_buf(text.data(), static_cast<int>(std::min<std::size_t>(text.size(), INT_MAX))));
}

void use_chain(SSL_CTX* context, const std::string& text) {
  const PemText bio = pem_bio(text);
  X509* first = PEM_read_bio_X509_AUX(bio.get(), nullptr, nullptr, nullptr);
  if (!first) throw bad_certificate("there is no certificate in the PEM text");
  const bool used = SSL_CTX_use_certificate(context, first) == 1;
  X509_free(first);
  if (!used) throw bad_certificate("the certificate cannot be used");
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, next) == 1) continue;
    X509_free(next);
    throw bad_certificate("the chain of the certificate cannot be used");
  }
  ERR_clear_error();  // the end of the text leaves "no start line" behind
}

// Whoever offers only other protocols goes on without ALPN: plain HTTP/1.1 over TLS.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned in_size, void*) {
  static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, ours.data(), ours.size(), in, in_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

void common_rules(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                   SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}
void TlsSession::Free::operator()(ssl_st* session) const {
  SSL_free(session);
}

TlsContext::TlsContext(ssl_ctx_st* context) : context_(context) {
  check(context != nullptr, "no memory for a TLS context");
  common_rules(context);
}

std::shared_ptr<const TlsContext> TlsContext::server(const std::string& certificate,
                                                     const std::string& key) {
  std::shared_ptr<TlsContext> made(new TlsContext(SSL_CTX_new(TLS_server_method())));
  SSL_CTX* context = made->get();
  use_chain(context, pem_text(certificate));
  const std::string key_text = pem_text(key);
  const PemText bio = pem_bio(key_text);
  // An empty pass phrase instead of a question on the terminal.
  EVP_PKEY* private_key =
      PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>(""));
  if (!private_key) throw bad_certificate("there is no readable private key in the PEM text");
  const bool used =
      SSL_CTX_use_PrivateKey(context, private_key) == 1 && SSL_CTX_check_private_key(context) == 1;
  EVP_PKEY_free(private_key);
  if (!used) throw bad_certificate("the private key does not belong to the certificate");
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  static constexpr unsigned char session_name[] = "lifang";
  SSL_CTX_set_session_id_context(context, session_name, sizeof session_name - 1);
  return made;
}

std::shared_ptr<const TlsContext> TlsContext::client(const std::string& authorities) {
  std::shared_ptr<TlsContext> made(new TlsContext(SSL_CTX_new(TLS_client_method())));
  SSL_CTX* context = made->get();
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  if (authorities.empty()) {
    SSL_CTX_set_default_verify_paths(context);
    return made;
  }
  const std::string text = pem_text(authorities);
  const PemText bio = pem_bio(text);
  bool any = false;
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    any = X509_STORE_add_cert(SSL_CTX_get_cert_store(context), next) == 1 || any;
    X509_free(next);
  }
  ERR_clear_error();
  if (!any) throw bad_certificate("there is no certificate of an authority in the PEM text");
  return made;
}

TlsSession::TlsSession(std::shared_ptr<const TlsContext> context, int socket)
    : context_(std::move(context)), session_(SSL_new(context_->get())) {
  check(session_ != nullptr, "no memory for a TLS session");
  BIO* bio = BIO_new(quiet_socket());
  check(bio != nullptr, "no memory for a BIO");
  BIO_set_fd(bio, socket, BIO_NOCLOSE);
  SSL_set_bio(session_.get(), bio, bio);
  SSL_set_accept_state(session_.get());
}

TlsSession::TlsSession(std::shared_ptr<const TlsContext> context, int socket,
                       const std::string& host)
    : TlsSession(std::move(context), socket) {
  SSL* session = session_.get();
  SSL_set_connect_state(session);
  X509_VERIFY_PARAM* wanted = SSL_get0_param(session);
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) != 1) {
    ERR_clear_error();
    check(X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size()) == 1,
          "a host name that TLS cannot check");
    SSL_set_tlsext_host_name(session, host.c_str());
  }
}

Moved TlsSession::outcome(int result) {
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_NONE:
      return Moved::some;
    case SSL_ERROR_WANT_READ:
      return Moved::want_read;
    case SSL_ERROR_WANT_WRITE:
      return Moved::want_write;
    case SSL_ERROR_ZERO_RETURN:
      return Moved::closed;
    default:
      ERR_clear_error();
      return Moved::failed;
  }
}

Moved TlsSession::handshake() {
  ERR_clear_error();
  return outcome(SSL_do_handshake(session_.get()));
}

Moved TlsSession::read(char* to, std::size_t room, std::size_t& got) {
  ERR_clear_error();
  return outcome(SSL_read_ex(session_.get(), to, room, &got));
}

Moved TlsSession::write(std::string_view from, std::size_t& put) {
  ERR_clear_error();
  return outcome(SSL_write_ex(session_.get(), from.data(), from.size(), &put));
}

void TlsSession::shutdown() {
  ERR_clear_error();
  SSL_shutdown(session_.get());
  ERR_clear_error();
}

bool TlsSession::pending() const {
  return SSL_pending(session_.get()) > 0;
}

}  // namespace lifang::http
