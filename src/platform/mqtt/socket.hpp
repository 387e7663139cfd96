// Socket: the bytes of one connection, plain or through TLS; never blocks. Tls: the server's or
// client's side of it.
#pragma once
#include <cstddef>
#include <memory>
#include <string>

struct ssl_st;
struct ssl_ctx_st;

namespace lifang::mqtt {

class Tls {
 public:
  /// A server's side. PEM text ("-----BEGIN …") or the path of a PEM file, the certificate with its
  /// chain. Throws Refusal mqtt.bad_certificate.
  static std::shared_ptr<Tls> server(const std::string& certificate, const std::string& key);
  /// A client's side. Trusts the certificates in `authorities` (text or path); empty: checks
  /// nothing, for tests and simulated devices.
  static std::shared_ptr<Tls> client(const std::string& authorities);
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  ssl_ctx_st* context() const { return context_; }
  bool is_server() const { return is_server_; }

 private:
  Tls(ssl_ctx_st* context, bool is_server) : context_(context), is_server_(is_server) {}
  ssl_ctx_st* context_;
  bool is_server_;
};

class Socket {
 public:
  static constexpr std::ptrdiff_t kClosed = 0;   ///< the peer has ended its side
  static constexpr std::ptrdiff_t kAgain = -1;   ///< nothing now: wait for the next event
  static constexpr std::ptrdiff_t kFailed = -2;  ///< gone

  Socket() = default;
  /// Takes over a connected, non-blocking descriptor. Null `tls`: plain. `host`: the name that a
  /// server's certificate must bear, where a client checks it.
  Socket(int descriptor, const Tls* tls, const std::string& host = {});
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();

  std::ptrdiff_t read(char* to, std::size_t room);
  std::ptrdiff_t write(const char* from, std::size_t size);
  /// Says that nothing more comes from our side; the peer may still speak.
  void finish();
  /// TLS and the handshake did not come to an end yet.
  bool shaking_hands() const;
  int descriptor() const { return descriptor_; }
  bool is_tls() const { return ssl_ != nullptr; }

 private:
  std::ptrdiff_t tls_result(int result);

  int descriptor_ = -1;
  ssl_st* ssl_ = nullptr;
};

}  // namespace lifang::mqtt
