// Server: HTTP/1.1 over TCP, TLS and a Unix socket, without a thread a connection.
#pragma once
#include <functional>
#include <map>
#include <optional>

#include "base/world.hpp"
#include "platform/http/message.hpp"

namespace lifang::http {

namespace detail {
class Exchange;
class StreamEnd;
class Loop;
}  // namespace detail

/// An answer that goes on: the writing end of server-sent events. A shared handle, safe from any
/// thread; the connection ends when close() is called, the last handle goes, the client leaves or
/// is too slow.
class Stream {
 public:
  Stream() = default;
  explicit Stream(std::shared_ptr<detail::StreamEnd> end) : end_(std::move(end)) {}

  /// Queues complete events ("data: …\n\n"). False if the stream has ended, also by this very call:
  /// a client whose queue would grow over Config::stream_queue is too slow, is cut off and counted.
  bool send(Bytes bytes);
  /// Ends the stream after what is queued.
  void close();
  bool closed() const;
  /// Called once, on any thread, when the stream has ended for whatever reason; at once if it has
  /// already. It must be quick, and must not hold this Stream itself.
  void on_close(std::function<void()> told);

 private:
  std::shared_ptr<detail::StreamEnd> end_;
};

/// The one chance to answer a request, from any thread. Going away unanswered answers 500
/// http.unanswered.
class Responder {
 public:
  Responder() = default;
  explicit Responder(std::unique_ptr<detail::Exchange> exchange);
  Responder(Responder&&) noexcept;
  Responder& operator=(Responder&&) noexcept;
  ~Responder();

  /// Once; a second answer is a Bug. Nothing happens if the client has left in the meantime.
  void answer(Response&& response);
  /// Instead of answer(): sends `head` (status, headers, Content-Type text/event-stream unless
  /// given, and its body as the first bytes), then whatever the stream is told.
  Stream stream(Response head);

 private:
  std::unique_ptr<detail::Exchange> exchange_;
};

/// Runs on the thread of the connection: it must be quick, or hand the Responder to someone who has
/// time. An exception that leaves it is answered 500 http.internal.
using OnRequest = std::function<void(Request&&, Responder)>;

struct Config {
  std::string host = "127.0.0.1";  ///< empty: no TCP
  std::uint16_t port = 0;          ///< 0: the kernel chooses, see Server::port()
  std::string
      unix_path;  ///< empty: no Unix socket; mode 0600, a stale one is replaced, removed at stop
  std::size_t threads = 2;

  /// TLS on the TCP port where both are given: PEM text ("-----BEGIN …") or the path of a PEM file
  /// (the certificate with its chain).
  std::string tls_certificate;
  std::string tls_key;
  /// Beside TLS: a second port on the same host without it; its requests have `tls` false.
  std::optional<std::uint16_t> plain_port{};

  /// Hears what the server refuses by itself of a request whose path it could read (413, 408 …).
  /// On the thread of the connection; must be quick and must not throw.
  std::function<void(const Request&, std::string_view code)> refused{};

  std::size_t max_connections = 4096;
  std::size_t max_header = 32 * 1024;       ///< bytes of request line and fields
  std::size_t max_body = 16 * 1024 * 1024;  ///< bytes, where body_room says nothing
  struct BodyRoom {
    std::size_t limit = 0;  ///< bytes; beyond: 413
    bool to_file = false;   ///< whoever takes the request reads Request::body_file as well as Request::body
  };
  /// Asked with method and decoded path before the body is read; without it all bodies may have max_body and go to files.
  std::function<BodyRoom(std::string_view method, std::string_view path)> body_room;
  std::size_t spill_over = 1024 * 1024;  ///< bytes; larger bodies that may go to a file in spill_directory do
  std::string spill_directory;           ///< empty: bodies stay in memory
  std::size_t body_memory =
      256 * 1024 * 1024;  ///< bytes of all bodies being received; beyond: 503 http.busy
  std::size_t stream_queue = 1024 * 1024;  ///< bytes that may wait for one slow reader of a stream

  Duration header_timeout{10'000};  ///< from the first byte (or the connect, with TLS handshake) to
                                    ///< the end of the header
  Duration body_timeout{30'000};    ///< for the body, plus a second for every 4 KiB received
  Duration idle_timeout{75'000};    ///< between requests
  Duration write_timeout{30'000};   ///< without any progress towards a client that does not read
  Duration heartbeat{15'000};       ///< of silence on a stream, then a comment line is sent
  Duration sweep_every{
      500};  ///< granularity of all of these; 0: only Server::sweep() moves the time
};

/// Since the start, except those that say "now".
struct Counters {
  std::uint64_t connections = 0, connections_now = 0, requests = 0, streams = 0, streams_now = 0;
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::map<std::string, std::uint64_t>
      refused;  ///< by code: "http.too_large", "http.slow_reader" …
};

class Server {
 public:
  /// Listens and serves from here on. Throws Refusal http.cannot_listen, http.bad_certificate.
  /// `clock` gives the Date header; it and whatever `handler` uses outlive the server.
  Server(Config config, const Clock& clock, OnRequest handler);
  ~Server();  ///< stop() without grace
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;  ///< the bound TCP port, 0 without TCP
  std::uint16_t plain_port() const;  ///< of Config::plain_port, 0 without
  /// New connections use the new certificate, running ones go on. Throws Refusal
  /// http.bad_certificate and keeps the old one.
  void reload_tls(const std::string& certificate, const std::string& key);
  /// Stops accepting, ends streams and idle connections, lets running requests finish for at most
  /// `grace`, cuts the rest, joins the threads. Not from a handler.
  void stop(Duration grace = Duration{10'000});
  /// One look at all time-outs as if `passed` had gone by (tests; otherwise a timer does it).
  void sweep(Duration passed);
  Counters counters() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lifang::http
