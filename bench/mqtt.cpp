// How many QoS 1 messages a second does the MQTT server take and acknowledge, and what does an idle
// connection cost? Yardstick of the same run: a bare epoll loop that knows just enough of MQTT to
// answer, written below.
//   bench_mqtt [--seconds S] [--connections N] [--idle N]
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <fstream>
#include <thread>

#include "base/real_world.hpp"
#include "platform/mqtt/clients.hpp"
#include "platform/mqtt/server.hpp"
#include "platform/mqtt/session.hpp"

using namespace lifang;
using namespace lifang::mqtt;

namespace {

const std::string kPayload =
    R"({"ts":1700000000000,"values":{"pm25":151.0,"pm10":203.5,"temperature":21.4,"humidity":48.25,"noise":52.1}})";

double seconds_of(const Steady& steady) {
  return static_cast<double>(steady.elapsed().count()) / 1000.0;
}

double cpu(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

/// What a load measured: messages a second, and the server's side of the work, which other programs
/// on the machine disturb less.
struct Speed {
  double rate = 0;
  double server_us = 0;  ///< CPU time of all threads but the load's, a message
};

/// Acknowledges on the spot, or (as the lane would) from another thread, a round at a time.
class Sink final : public Receiver {
 public:
  explicit Sink(bool elsewhere) : elsewhere_(elsewhere) {
    if (elsewhere_) lane_ = std::thread([this] { run(); });
  }
  ~Sink() override {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    filled_.notify_one();
    if (lane_.joinable()) lane_.join();
  }
  std::optional<Admission> connect(const Newcomer&) override {
    return Admission{Reason::success, {++devices_, nullptr}};
  }
  std::optional<Reason> publish(const Incoming& message) override {
    touched_ += static_cast<std::size_t>(message.payload.back());
    if (!elsewhere_) return Reason::success;
    round_.push_back({message.connection, message.ticket, Reason::success});
    return std::nullopt;
  }
  Reason subscribe(ConnectionId, const Device&, std::string_view, std::uint8_t qos) override {
    return static_cast<Reason>(qos);
  }
  void batch_end(unsigned) override {
    if (round_.empty()) return;
    {
      const std::lock_guard lock(mutex_);
      waiting_.insert(waiting_.end(), round_.begin(), round_.end());
    }
    round_.clear();
    filled_.notify_one();
  }
  Server* server = nullptr;

 private:
  void run() {
    std::vector<Ack> batch;
    std::unique_lock lock(mutex_);
    while (true) {
      filled_.wait(lock, [&] { return over_ || !waiting_.empty(); });
      if (over_) return;
      batch.swap(waiting_);
      lock.unlock();
      server->acknowledge(batch);
      batch.clear();
      lock.lock();
    }
  }

  const bool elsewhere_;
  std::uint64_t devices_ = 0;
  std::size_t touched_ = 0;
  std::vector<Ack> round_, waiting_;
  std::mutex mutex_;
  std::condition_variable filled_;
  bool over_ = false;
  std::thread lane_;
};

/// The yardstick: accepts, reads, answers CONNECT and PUBLISH, checks nothing.
class Bare {
 public:
  Bare() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
    ::listen(listener_, 4096);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Bare() {
    over_ = true;
    thread_.join();
    ::close(listener_);
  }
  std::uint16_t port = 0;

 private:
  void run() {
    const int epoll = ::epoll_create1(0);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = listener_;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener_, &event);
    std::vector<int> open;
    epoll_event events[512];
    while (!over_) {
      const int n = ::epoll_wait(epoll, events, 512, 100);
      for (int i = 0; i < n; ++i) {
        if (events[i].data.fd != listener_) {
          answer(events[i].data.fd);
          continue;
        }
        int descriptor;
        while ((descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0) {
          const int on = 1;
          ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
          event.data.fd = descriptor;
          ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
          open.push_back(descriptor);
        }
      }
    }
    for (const int descriptor : open) ::close(descriptor);
    ::close(epoll);
  }
  void answer(int descriptor) {
    const ssize_t got = ::recv(descriptor, in_, sizeof in_, 0);
    if (got <= 0) {
      if (got == 0) ::close(descriptor);
      return;
    }
    std::size_t out = 0;
    const auto u = [&](std::size_t i) { return static_cast<unsigned char>(in_[i]); };
    for (std::size_t at = 0; at + 2 < static_cast<std::size_t>(got);) {
      std::size_t head = 2, length = u(at + 1) & 0x7F;
      if (u(at + 1) >= 128) length |= static_cast<std::size_t>(u(at + 2) & 0x7F) << 7, ++head;
      if (u(at) >> 4 == 1) {
        std::memcpy(out_ + out, "\x20\2\0\0", 4), out += 4;
      } else if (u(at) >> 4 == 3) {
        const std::size_t topic = static_cast<std::size_t>(u(at + head)) << 8 | u(at + head + 1);
        const std::size_t id = at + head + 2 + topic;
        for (std::size_t i = id + 2; i < at + head + length; ++i) touched_ += u(i);
        out_[out++] = 0x40, out_[out++] = 2, out_[out++] = in_[id], out_[out++] = in_[id + 1];
      }
      at += head + length;
    }
    if (out > 0 && ::send(descriptor, out_, out, MSG_NOSIGNAL) < 0) return;
  }

  int listener_ = -1;
  std::atomic<bool> over_{false};
  std::size_t touched_ = 0;
  char in_[65536];
  char out_[65536];
  std::thread thread_;
};

/// Keeps every window full and counts what comes back.
class Load final : public Clients::Listener {
 public:
  Load(std::uint16_t port, std::size_t connections, std::uint16_t window)
      : clients_(*this, steady_),
        packet_(prebuild(Version::v3, "v1/devices/me/telemetry", kPayload, 1)) {
    ClientConfig config;
    config.port = port;
    config.window = window;
    config.user = "device";
    config.password = "secret";
    for (std::size_t i = 0; i < connections; ++i) {
      config.client_id = fmt::format("device-{}", i);
      clients_.open(config);
      if (i % 256 == 255) clients_.poll(Duration{0});
    }
    while (in_ < connections) clients_.poll(Duration{1000});
  }
  Speed run(double seconds) {
    for (std::size_t i = 0; i < in_; ++i)
      while (clients_.publish(i, packet_)) continue;
    going_ = true;
    const double warm = seconds_of(steady_) + 0.3;
    while (seconds_of(steady_) < warm) clients_.poll(Duration{10});
    const double begun = seconds_of(steady_);
    const std::uint64_t before = acks_;
    const double others = cpu(CLOCK_PROCESS_CPUTIME_ID) - cpu(CLOCK_THREAD_CPUTIME_ID);
    while (seconds_of(steady_) < begun + seconds) clients_.poll(Duration{10});
    const double spent = cpu(CLOCK_PROCESS_CPUTIME_ID) - cpu(CLOCK_THREAD_CPUTIME_ID) - others;
    const auto messages = static_cast<double>(acks_ - before);
    return {messages / (seconds_of(steady_) - begun), spent * 1e6 / messages};
  }

 private:
  void connected(Clients::Index, std::uint8_t) override { ++in_; }
  void acknowledged(Clients::Index index, std::uint16_t, Reason) override {
    ++acks_;
    if (going_) clients_.publish(index, packet_);
  }
  RealSteady steady_;
  Clients clients_;
  Prebuilt packet_;
  std::size_t in_ = 0;
  std::uint64_t acks_ = 0;
  bool going_ = false;
};

Speed bare_rate(std::size_t connections, std::uint16_t window, double seconds) {
  Bare bare;
  return Load(bare.port, connections, window).run(seconds);
}

Speed our_rate(bool elsewhere, std::size_t connections, std::uint16_t window, double seconds) {
  const RealSteady steady;
  Sink sink(elsewhere);
  Config config;
  config.port = 0;
  Server server(config, sink, steady);
  sink.server = &server;
  server.start();
  const Speed speed = Load(server.port(), connections, window).run(seconds);
  server.stop(Duration{0});
  return speed;
}

/// No sockets: a session that takes and answers.
class Alone final : public Surroundings {
 public:
  Alone(const Config& limits, Receiver& receiver_in) : Surroundings(limits, receiver_in) {}
  void entered(Session&) override {}
  std::string peer(const Session&) override { return {}; }
};

double codec_rate(Version version, double seconds) {
  const RealSteady steady;
  const Config limits;
  Sink sink(false);
  Alone alone(limits, sink);
  Session session(alone, 1);
  Buffer hello;
  write_connect(hello, {.version = version, .client_id = "c", .user = "u", .password = "p"});
  session.feed(hello.view());
  session.out().release();
  std::string burst;
  for (int i = 0; i < 20; ++i) {
    Prebuilt packet = prebuild(version, "v1/devices/me/telemetry", kPayload, 1);
    packet.bytes[packet.id_at + 1] = static_cast<char>(i + 1);
    burst += packet.bytes;
  }
  char acks[256];
  std::uint64_t count = 0;
  const double begun = seconds_of(steady);
  while (seconds_of(steady) < begun + seconds)
    for (int i = 0; i < 1000; ++i) {
      session.feed(burst);
      count += session.write_acknowledgements(acks, sizeof acks) / 4;
    }
  return static_cast<double>(count) / (seconds_of(steady) - begun);
}

std::size_t resident() {
  std::ifstream file("/proc/self/statm");
  std::size_t whole = 0, pages = 0;
  file >> whole >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// Resident bytes of this process for each of `n` connections that another process opens, uses once
/// and leaves idle.
void idle(std::size_t n, const Config& limits, bool tls) {
  const RealSteady steady;
  Sink sink(false);
  Server server(limits, sink, steady);
  int ready[2];
  if (::pipe(ready) != 0) return;
  std::fflush(stdout);  // else the child prints it again
  const pid_t child = ::fork();
  if (child == 0) {
    // The kernel takes the connections before the server's threads begin.
    Counters none;
    struct Quiet final : Clients::Listener {
      std::size_t in = 0, acks = 0;
      void connected(Clients::Index, std::uint8_t) override { ++in; }
      void acknowledged(Clients::Index, std::uint16_t, Reason) override { ++acks; }
    } quiet;
    Clients clients(quiet, steady);
    ClientConfig config;
    config.port = tls ? server.tls_port() : server.port();
    if (tls) config.tls = Tls::client("");
    config.user = "device", config.password = "secret";
    for (std::size_t i = 0; i < n; ++i) {
      config.client_id = fmt::format("device-{}", i);
      clients.open(config);
      while (quiet.in < i + 1 && (tls || i % 128 == 127)) clients.poll(Duration{100});
    }
    while (quiet.in < n) clients.poll(Duration{100});
    for (std::size_t i = 0; i < n; ++i) clients.publish(i, "v1/devices/me/telemetry", kPayload, 1);
    while (quiet.acks < n) clients.poll(Duration{100});
    const char done = 1;
    if (::write(ready[1], &done, 1) != 1) ::_exit(1);
    while (true) clients.poll(Duration{1000});
  }
  const std::size_t before = resident();
  server.start();
  char done;
  if (::read(ready[0], &done, 1) != 1) return;
  // Two sweeps later the idle buffers are gone.
  const double begun = seconds_of(steady);
  while (seconds_of(steady) < begun + 4) std::this_thread::yield();
  const std::size_t after = resident();
  fmt::print("{:>7} idle {} connections: {:>6} bytes resident each\n",
             server.counters().connections_now, tls ? "TLS  " : "plain", (after - before) / n);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  server.stop(Duration{0});
  ::close(ready[0]), ::close(ready[1]);
}

}  // namespace

int main(int argc, char** argv) {
  double seconds = 1.5;
  std::size_t connections = 2000, many = 10'000;
  std::string certificate, key;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view word = argv[i];
    if (word == "--seconds") seconds = std::strtod(argv[i + 1], nullptr);
    if (word == "--connections") connections = std::strtoull(argv[i + 1], nullptr, 10);
    if (word == "--idle") many = std::strtoull(argv[i + 1], nullptr, 10);
    if (word == "--certificate") certificate = argv[i + 1];
    if (word == "--key") key = argv[i + 1];
  }
  raise_open_files();
  Config limits;
  limits.port = limits.tls_port = 0;
  limits.max_connections = many + 1;
  limits.tls_certificate = certificate;
  limits.tls_key = key;
  if (many > 0) idle(many, limits, false);
  if (many > 0 && !certificate.empty()) idle(many / 4, limits, true);
  fmt::print("codec and session alone: {:.2f} M msg/s (3.1.1), {:.2f} M msg/s (5)\n",
             codec_rate(Version::v3, seconds / 3) / 1e6,
             codec_rate(Version::v5, seconds / 3) / 1e6);
  for (const std::uint16_t window : {std::uint16_t{20}, std::uint16_t{1}}) {
    const Speed bare = bare_rate(connections, window, seconds);
    const auto report = [&](const char* who, const Speed& speed) {
      fmt::print(
          "{} connections, {:>2} in flight, {:<32} {:.3f} M msg/s ({:3.0f} %), {:.2f} us CPU a "
          "message\n",
          connections, window, who, speed.rate / 1e6, 100 * speed.rate / bare.rate,
          speed.server_us);
    };
    report("bare epoll (yardstick):", bare);
    report("server:", our_rate(false, connections, window, seconds));
    report("acknowledged by another thread:", our_rate(true, connections, window, seconds));
  }
}
