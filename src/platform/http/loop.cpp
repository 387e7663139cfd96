#include "platform/http/loop.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <future>

#include "platform/http/connection.hpp"

namespace lifang::http::detail {
namespace {

thread_local const Loop* this_thread_loop = nullptr;

constexpr int most_accepted = 64;  // in one go, then the connections have their turn

std::string address_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
  } else if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
      ::inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text.data(), text.size());
    else
      ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  } else {
    return "unix";
  }
  return text.data();
}

/// IMF-fixdate (RFC 9110 §5.6.7).
std::string date_text(Time now) {
  static constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed",
                                                        "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(now - day)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     days[std::chrono::weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

void Tally::refuse(std::string_view code) {
  const auto found = std::find(refusal_names.begin(), refusal_names.end(), code);
  if (found != refusal_names.end()) refuse(static_cast<Refusing>(found - refusal_names.begin()));
}

Loop::Loop(Shared& shared)
    : shared_(shared),
      gate_(std::make_shared<Gate>(io_)),
      guard_(io_.get_executor()),
      timer_(io_.get_executor()) {}

Loop::~Loop() {
  post_stop(Duration{0});
  join();
  gate_->shut();  // also where start() was never called
}

const Loop* Loop::current() {
  return this_thread_loop;
}

void Loop::start() {
  if (shared_.config.sweep_every.count() > 0) {
    timer_.expires_after(shared_.config.sweep_every);
    arm_timer();
  }
  thread_ = std::thread([this] {
    this_thread_loop = this;
    io_.run();
    gate_->shut();  // what was posted before still runs: somebody may wait for it
    io_.restart();
    io_.poll();
    this_thread_loop = nullptr;
  });
}

void Loop::join() {
  if (thread_.joinable()) thread_.join();
}

void Loop::arm_timer() {
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (ec) return;
    // From expiry to expiry, so that elapsed_ follows the steady clock without our asking it.
    timer_.expires_at(timer_.expiry() + shared_.config.sweep_every);
    look_around(shared_.config.sweep_every);
    if (!guard_.owns_work()) return;
    arm_timer();
  });
}

void Loop::sweep(Duration passed) {
  std::promise<void> done;
  auto when_done = done.get_future();
  if (!gate_->post([this, passed, done = std::move(done)]() mutable {
        look_around(passed);
        done.set_value();
      }))
    return;
  when_done.wait();
}

void Loop::look_around(Duration passed) {
  elapsed_ += passed;
  for (const auto& listener : std::exchange(full_, {})) watch_listener(listener);
  for (std::size_t i = connections_.size();
       i-- > 0;) {  // backwards: whoever goes is replaced by the last
    if (i >= connections_.size()) continue;
    const auto connection = connections_[i];
    connection->look();
  }
  if (stopping_ && elapsed_ >= stop_at_)
    while (!connections_.empty()) connections_.back()->cut();
}

std::string_view Loop::date() {
  const Time now = shared_.clock.now();
  const std::int64_t second = to_ms(now) / 1000;
  if (second != date_second_) {
    date_second_ = second;
    date_ = date_text(now);
  }
  return date_;
}

void Loop::post_adopt(Descriptor socket, std::string remote,
                      std::shared_ptr<const TlsContext> tls) {
  gate_->post([this, socket = std::move(socket), remote = std::move(remote),
               tls = std::move(tls)]() mutable {
    adopt(std::move(socket), std::move(remote), std::move(tls));
  });
}

void Loop::adopt(Descriptor socket, std::string remote, std::shared_ptr<const TlsContext> tls) {
  if (stopping_) {
    shared_.connections.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  std::shared_ptr<Connection> connection;
  try {
    connection =
        std::make_shared<Connection>(*this, std::move(socket), std::move(remote), std::move(tls));
  } catch (const std::exception&) {  // the reactor has no room: as if it had not been accepted
    shared_.connections.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  connection->place = connections_.size();
  connections_.push_back(connection);
  connection->start();
}

void Loop::forget(Connection& connection) {
  const std::size_t place = connection.place;
  std::swap(connections_[place], connections_.back());
  connections_[place]->place = place;
  connections_.pop_back();
  finish_if_done();
}

void Loop::post_listen(Descriptor socket, bool tls, std::vector<Loop*> loops) {
  auto listener = std::make_shared<Listener>(
      Listener{Watch(io_.get_executor(), socket.get()), tls, std::move(loops)});
  socket.release();
  gate_->post([this, listener = std::move(listener)] {
    if (stopping_) return;
    listeners_.push_back(listener);
    watch_listener(listener);
  });
}

void Loop::watch_listener(const std::shared_ptr<Listener>& listener) {
  if (!listener->watch.is_open()) return;
  listener->watch.async_wait(Watch::wait_read,
                             [this, listener](const boost::system::error_code& ec) {
                               if (ec || stopping_) return;
                               if (accept_some(*listener))
                                 watch_listener(listener);
                               else
                                 full_.push_back(listener);
                             });
}

// False when the process is out of descriptors: then accepting waits for the next sweep.
bool Loop::accept_some(Listener& listener) {
  for (int i = 0; i < most_accepted; ++i) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    Descriptor socket(::accept4(listener.watch.native_handle(),
                                reinterpret_cast<sockaddr*>(&address), &size,
                                SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) return true;
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) return false;
      continue;  // that one client has gone again
    }
    if (address.ss_family != AF_UNIX) {
      const int on = 1;
      ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    greet(listener, std::move(socket), address_text(address));
  }
  return true;
}

void Loop::greet(Listener& listener, Descriptor socket, std::string remote) {
  if (shared_.connections.fetch_add(1, std::memory_order_relaxed) >=
      shared_.config.max_connections) {
    shared_.connections.fetch_sub(1, std::memory_order_relaxed);
    tally_.refuse(Refusing::too_many_connections);
    constexpr std::string_view full =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: "
        "application/problem+json\r\nContent-Length: 50\r\n"
        "Retry-After: 5\r\nConnection: close\r\n\r\n"
        R"({"status":503,"code":"http.too_many_connections"})"
        "\n";
    if (!listener.tls) ::send(socket.get(), full.data(), full.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return;
  }
  Loop& loop = *listener.loops[listener.next++ % listener.loops.size()];
  auto tls = listener.tls ? shared_.current_tls() : nullptr;
  if (&loop == this)
    adopt(std::move(socket), std::move(remote), std::move(tls));
  else
    loop.post_adopt(std::move(socket), std::move(remote), std::move(tls));
}

void Loop::post_stop(Duration grace) {
  gate_->post([this, grace] { begin_stop(grace); });
}

void Loop::begin_stop(Duration grace) {
  stop_at_ = stopping_ ? std::min(stop_at_, elapsed_ + grace) : elapsed_ + grace;
  stopping_ = true;
  for (auto* list : {&listeners_, &full_})
    for (const auto& listener : std::exchange(*list, {})) {
      boost::system::error_code ignored;
      listener->watch.close(ignored);
    }
  for (std::size_t i = connections_.size(); i-- > 0;)
    if (i < connections_.size()) std::shared_ptr(connections_[i])->wind_down();
  if (grace.count() <= 0)
    while (!connections_.empty()) connections_.back()->cut();
  finish_if_done();
}

void Loop::finish_if_done() {
  if (!stopping_ || !connections_.empty()) return;
  guard_.reset();
  timer_.cancel();
}

}  // namespace lifang::http::detail
