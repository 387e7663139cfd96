// TLS over a non-blocking socket: OpenSSL driven directly, for the server and the client. Knows no
// event loop.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace lifang::http {

/// Certificates and rules, shared by many sessions. TLS 1.2 with ECDHE and AEAD ciphers, or
/// TLS 1.3; ALPN http/1.1.
class TlsContext {
 public:
  /// Both as PEM text or the path of a PEM file. Throws Refusal http.bad_certificate.
  static std::shared_ptr<const TlsContext> server(const std::string& certificate,
                                                  const std::string& key);
  /// `authorities`: PEM text or a path; empty: the machine's. Throws Refusal http.bad_certificate.
  static std::shared_ptr<const TlsContext> client(const std::string& authorities);

  ssl_ctx_st* get() const { return context_.get(); }

 private:
  explicit TlsContext(ssl_ctx_st* context);
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  std::unique_ptr<ssl_ctx_st, Free> context_;
};

/// What became of an attempt to move bytes over a non-blocking socket.
enum class Moved { some, want_read, want_write, closed, failed };

class TlsSession {
 public:
  /// As server. `socket` stays the caller's.
  TlsSession(std::shared_ptr<const TlsContext> context, int socket);
  /// As client, which demands a certificate for `host`, a name or an address.
  TlsSession(std::shared_ptr<const TlsContext> context, int socket, const std::string& host);

  Moved handshake();
  Moved read(char* to, std::size_t room, std::size_t& got);
  Moved write(std::string_view from, std::size_t& put);
  /// Says goodbye (close_notify), without waiting for the other's.
  void shutdown();
  /// Whether decrypted bytes wait that no readiness of the socket will tell of.
  bool pending() const;

 private:
  Moved outcome(int result);
  struct Free {
    void operator()(ssl_st* session) const;
  };
  std::shared_ptr<const TlsContext> context_;
  std::unique_ptr<ssl_st, Free> session_;
};

}  // namespace lifang::http
