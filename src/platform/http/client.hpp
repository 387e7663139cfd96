// Client: a small blocking HTTP/1.1 client over TCP, TLS or a Unix socket, for one server at a
// time.
#pragma once
#include <atomic>
#include <functional>
#include <memory>

#include "base/time.hpp"
#include "platform/http/event_reader.hpp"
#include "platform/http/message.hpp"
#include "platform/http/tls.hpp"
#include "platform/http/url.hpp"

namespace lifang::http {

/// Why there is no answer. Normal outcomes, so values and no exceptions.
enum class Failure {
  none,
  cancelled,
  resolve,          ///< no address for that name
  private_address,  ///< Client::Config::public_only, and the name leads inside
  connect,
  tls,  ///< handshake or certificate
  timeout,
  protocol,  ///< what came is no HTTP/1.1
  too_large,
  closed,  ///< the server closed before its answer was complete
};
std::string_view failure_name(Failure failure);

struct Reply {
  Failure failure = Failure::none;
  int status = 0;  ///< 0 while there is no answer
  Pairs headers;
  std::string body;

  bool good() const { return failure == Failure::none && status >= 200 && status < 300; }
  /// The first of that name in any case of letters; empty where there is none.
  std::string_view header(std::string_view name) const;
};

/// Keeps its connection between requests and opens a new one where needed. Follows no redirects.
/// One thread at a time, but for cancel().
class Client {
 public:
  struct Config {
    std::string unix_path{};  ///< instead of TCP; the URL's host then only fills the Host header
    Duration timeout{
        30'000};  ///< for a whole request, connect included (not the look-up of the name)
    Duration silence{60'000};  ///< for events(): at most this long without a byte
    bool public_only =
        false;  ///< refuses names and addresses inside (webhooks): checks what it connects to
    std::string authorities{};                  ///< PEM text or path; empty: the machine's
    std::size_t max_answer = 64 * 1024 * 1024;  ///< bytes
  };

  /// `url` gives scheme, host and port. Throws Refusal http.bad_url, http.bad_certificate.
  explicit Client(std::string_view url) : Client(url, Config{}) {}
  Client(std::string_view url, Config config);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// `target` is an encoded path with its query. Host and Content-Length are added.
  Reply request(std::string_view method, std::string_view target, const Pairs& headers = {},
                std::string_view body = {});
  Reply get(std::string_view target, const Pairs& headers = {}) {
    return request("GET", target, headers);
  }
  Reply post(std::string_view target, std::string_view json, Pairs headers = {});
  Reply put(std::string_view target, std::string_view json, Pairs headers = {});

  /// Reads server-sent events until `tell` returns false, cancel() is called or the stream ends
  /// (`closed`). An answer other than 200 comes back as from request().
  Reply events(std::string_view target, const Pairs& headers,
               const std::function<bool(const Event&)>& tell);

  /// From any thread: ends the request that runs, and every later one, with Failure::cancelled.
  void cancel();

 private:
  struct Talk;
  Failure open();
  Failure connect_to(const void* address, unsigned size, int family);
  Failure start_tls();
  bool is_stale() const;
  void close();
  void arm(Duration d);
  Failure wait(short events);
  Failure send(std::string_view text);
  Failure receive(std::string& to);
  std::string head_of(std::string_view method, std::string_view target, const Pairs& headers,
                      std::string_view body) const;
  Failure read_head(Talk& talk);
  Failure read_body(Talk& talk, const std::function<bool(std::string_view)>& piece);
  Failure exchange(Talk& talk, std::string_view method, std::string_view target,
                   const Pairs& headers, std::string_view body);

  Url url_;
  Config config_;
  std::shared_ptr<const TlsContext> context_;
  std::unique_ptr<TlsSession> tls_;
  int socket_ = -1, timer_ = -1;
  std::atomic<bool> cancelled_{false};
};

}  // namespace lifang::http
