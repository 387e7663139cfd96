// Loop: one thread, its io_context and its connections. Internal to the server; Asio stays behind
// this header.
#pragma once
#include <array>
#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <mutex>
#include <thread>

#include "platform/http/server.hpp"
#include "platform/http/tls.hpp"

namespace lifang::http::detail {

class Connection;
using Executor = boost::asio::io_context::executor_type;  // concrete: any_io_executor costs a third
/// A file descriptor whose readiness is waited for; reading and writing are plain system calls.
using Watch = boost::asio::posix::basic_stream_descriptor<Executor>;

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

/// What the server refused by itself, in the order of `refusal_names`.
enum class Refusing {
  bad_request,
  bad_body,
  bad_host,
  bad_target,
  bad_length,
  transfer_coding,
  expectation,
  target_too_long,
  header_too_large,
  too_large,
  timeout,
  busy,
  no_room,
  too_many_connections,
  tls,
  slow_reader,
  unanswered,
  internal,
  count_
};
inline constexpr std::array<std::string_view, static_cast<std::size_t>(Refusing::count_)>
    refusal_names{"http.bad_request",
                  "http.bad_body",
                  "http.bad_host",
                  "http.bad_target",
                  "http.bad_length",
                  "http.transfer_coding",
                  "http.expectation",
                  "http.target_too_long",
                  "http.header_too_large",
                  "http.too_large",
                  "http.timeout",
                  "http.busy",
                  "http.no_room",
                  "http.too_many_connections",
                  "http.tls",
                  "http.slow_reader",
                  "http.unanswered",
                  "http.internal"};

/// Counts of one loop; only sums are shown.
struct alignas(64) Tally {
  std::atomic<std::uint64_t> connections{0}, connections_now{0}, requests{0}, streams{0},
      streams_now{0};
  std::atomic<std::uint64_t> bytes_in{0}, bytes_out{0};
  std::array<std::atomic<std::uint64_t>, refusal_names.size()> refused{};
  void refuse(Refusing why) {
    refused[static_cast<std::size_t>(why)].fetch_add(1, std::memory_order_relaxed);
  }
  void refuse(std::string_view code);
};

/// What all loops of a server share.
struct Shared {
  Shared(Config config_, const Clock& clock_, OnRequest handler_)
      : config(std::move(config_)), clock(clock_), handler(std::move(handler_)) {}
  Config config;
  const Clock& clock;
  OnRequest handler;
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> body_bytes{0};
  std::mutex tls_mutex;
  std::shared_ptr<const TlsContext> tls;  ///< under tls_mutex

  std::shared_ptr<const TlsContext> current_tls() {
    const std::lock_guard lock(tls_mutex);
    return tls;
  }
};

/// The way to a loop's thread for those who may outlive it (Responder, Stream).
class Gate {
 public:
  explicit Gate(boost::asio::io_context& io) : io_(&io) {}
  /// False when the loop is gone: `work` then never runs.
  template <class Work>
  bool post(Work&& work) {
    const std::lock_guard lock(mutex_);
    if (!io_) return false;
    boost::asio::post(io_->get_executor(), std::forward<Work>(work));
    return true;
  }
  void shut() {
    const std::lock_guard lock(mutex_);
    io_ = nullptr;
  }

 private:
  std::mutex mutex_;
  boost::asio::io_context* io_;
};

class Loop {
 public:
  explicit Loop(Shared& shared);
  ~Loop();

  Shared& shared() { return shared_; }
  const Config& config() const { return shared_.config; }
  boost::asio::io_context& io() { return io_; }
  const std::shared_ptr<Gate>& gate() const { return gate_; }
  Tally& tally() { return tally_; }

  /// The loop whose thread this is, or null.
  static const Loop* current();

  // From any thread:
  void start();
  void join();
  void post_adopt(Descriptor socket, std::string remote, std::shared_ptr<const TlsContext> tls);
  void post_listen(Descriptor socket, bool tls, std::vector<Loop*> loops);
  void post_stop(Duration grace);
  void sweep(Duration passed);  ///< returns when it is done

  // On the loop's own thread:
  /// Time since the start in steps of the sweep: deadlines need no clock of their own.
  Duration elapsed() const { return elapsed_; }
  bool stopping() const { return stopping_; }
  std::string_view date();
  std::array<char, 64 * 1024>& scratch() { return scratch_; }
  void forget(Connection& connection);

 private:
  struct Listener {
    Watch watch;
    bool tls = false;
    std::vector<Loop*> loops;
    std::size_t next = 0;
  };
  void adopt(Descriptor socket, std::string remote, std::shared_ptr<const TlsContext> tls);
  void watch_listener(const std::shared_ptr<Listener>& listener);
  bool accept_some(Listener& listener);
  void greet(Listener& listener, Descriptor socket, std::string remote);
  void begin_stop(Duration grace);
  void look_around(Duration passed);
  void arm_timer();
  void finish_if_done();

  Shared& shared_;
  Tally tally_;
  Duration elapsed_{0}, stop_at_{0};
  bool stopping_ = false;
  std::int64_t date_second_ = -1;
  std::string date_;
  std::array<char, 64 * 1024> scratch_;
  boost::asio::io_context io_{1};
  std::shared_ptr<Gate> gate_;
  boost::asio::executor_work_guard<Executor> guard_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer_;
  std::vector<std::shared_ptr<Listener>> listeners_,
      full_;  ///< full_: waiting for descriptors to be free
  std::vector<std::shared_ptr<Connection>> connections_;
  std::thread thread_;
};

}  // namespace lifang::http::detail
