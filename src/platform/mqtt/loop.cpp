#include "platform/mqtt/loop.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/check.hpp"
#include "platform/mqtt/connection.hpp"

namespace lifang::mqtt {
namespace {

/// Events that are no connection carry these in their data; connection ids are never so large.
constexpr std::uint64_t kWake = ~std::uint64_t{0};
constexpr std::uint64_t kListener = kWake - 256;
constexpr int kEventsARound = 512;
constexpr int kAcceptsARound = 256;
constexpr Duration kSweepEvery = std::chrono::seconds(1);

void option(int descriptor, int level, int name, int value) {
  ::setsockopt(descriptor, level, name, &value, sizeof value);
}

}  // namespace

Loop::Loop(Hub& hub, unsigned index)
    : Surroundings(hub.config, hub.receiver),
      hub_(hub),
      index_(index),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      spare_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      scratch_(std::make_unique<char[]>(kSmallRest + kChunk)) {
  check(epoll_ >= 0 && wake_ >= 0, "no descriptors for a loop");
  now = swept_at_ = hub.steady.elapsed();
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kWake;
  check(::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) == 0,
        "cannot watch the wake-up descriptor");
}

Loop::~Loop() {
  for (const Listener& listener : listeners_) ::close(listener.descriptor);
  for (const Letter& letter : letters_)
    if (letter.kind == Letter::Kind::adopt) ::close(letter.descriptor);
  if (spare_ >= 0) ::close(spare_);
  ::close(wake_);
  ::close(epoll_);
}

void Loop::listen(int descriptor, bool tls) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kListener + listeners_.size();
  check(::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0, "cannot watch a listener");
  listeners_.push_back({descriptor, tls});
}

void Loop::start() {
  thread_ = std::thread([this] {
    // OpenSSL writes without MSG_NOSIGNAL; and the process's signals are others' business.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    thread_id_ = std::this_thread::get_id();
    run();
  });
}

void Loop::join() {
  if (thread_.joinable()) thread_.join();
}

void Loop::run() {
  while (true) {
    wait();
    if (hub_.stopping.load(std::memory_order_acquire) && !stopping_) begin_stop();
    if (now - swept_at_ >= kSweepEvery) sweep();
    open_letters();
    flush_all();
    read_all();
    if (told) {
      told = false;
      receiver.batch_end(index_);
    }
    // What the receiver answered on the spot leaves before anything else is waited for.
    open_letters();
    flush_all();
    if (stopping_ && stopped()) return;
  }
}

void Loop::wait() {
  const bool paused = hub_.paused.load(std::memory_order_acquire);
  const bool work = own_mail_ || told || !flushes_.empty() || (!reads_.empty() && !paused);
  const Duration rest = std::max(Duration{0}, swept_at_ + kSweepEvery - now);
  epoll_event events[kEventsARound];
  const int n =
      ::epoll_wait(epoll_, events, kEventsARound, work ? 0 : static_cast<int>(rest.count()) + 1);
  now = hub_.steady.elapsed();
  for (int i = 0; i < n; ++i) see(events[i].data.u64, events[i].events);
}

void Loop::see(std::uint64_t what, std::uint32_t events) {
  if (what == kWake) {
    std::uint64_t count;
    while (::read(wake_, &count, sizeof count) > 0) continue;
    return;
  }
  if (what >= kListener) return accept_from(what - kListener);
  Connection* connection = find(what);
  if (!connection) return;
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) connection->hung_up = true;
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
    connection->readable = true;
    want_read(*connection);
  }
  // A handshake reads when it can write.
  if ((events & EPOLLOUT) != 0 && connection->socket.shaking_hands()) {
    connection->readable = true;
    want_read(*connection);
  }
  if ((events & EPOLLOUT) != 0 && !connection->writable) {
    connection->writable = true;
    want_flush(*connection);
  }
}

void Loop::post(Letter letter) {
  {
    const std::lock_guard lock(mutex_);
    letters_.push_back(std::move(letter));
  }
  wake();
}

void Loop::post(std::span<const Ack> acks) {
  {
    const std::lock_guard lock(mutex_);
    acks_.insert(acks_.end(), acks.begin(), acks.end());
  }
  wake();
}

void Loop::wake() {
  if (thread_id_.load(std::memory_order_relaxed) == std::this_thread::get_id()) {
    own_mail_ = true;
    return;
  }
  if (woken_.exchange(true)) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

void Loop::open_letters() {
  own_mail_ = false;
  woken_.store(false);
  {
    const std::lock_guard lock(mutex_);
    letters_open_.swap(letters_);
    acks_open_.swap(acks_);
  }
  for (const Ack& ack : acks_open_) {
    Connection* connection = find(ack.connection);
    if (!connection) continue;
    connection->session.acknowledge(ack.ticket, ack.reason);
    want_flush(*connection);
  }
  acks_open_.clear();
  for (Letter& letter : letters_open_) open_letter(letter);
  letters_open_.clear();
}

void Loop::open_letter(Letter& letter) {
  if (letter.kind == Letter::Kind::adopt) return adopt(letter.descriptor, letter.tls);
  Connection* connection = find(letter.to);
  if (!connection) {
    if (letter.kind != Letter::Kind::publish) return;
    told = true;
    return receiver.delivered(letter.to, letter.cookie, Delivery::lost);
  }
  switch (letter.kind) {
    case Letter::Kind::admit:
      connection->session.admit({letter.reason, std::move(letter.device)});
      break;
    case Letter::Kind::publish:
      connection->session.publish(letter.topic, letter.payload, letter.qos, letter.cookie);
      break;
    case Letter::Kind::close:
      connection->session.end(letter.why, letter.reason);
      break;
    case Letter::Kind::adopt:
      break;
  }
  want_flush(*connection);
}

void Loop::accept_from(std::size_t number) {
  if (number >= listeners_.size()) return;
  const Listener listener = listeners_[number];
  for (int i = 0; i < kAcceptsARound; ++i) {
    const int descriptor =
        ::accept4(listener.descriptor, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
      if (errno == ENOBUFS || errno == ENOMEM) hub_.cannot_accept = errno;
      if (errno != EMFILE && errno != ENFILE) return;
      hub_.cannot_accept = errno;
      // Without a descriptor the caller would knock for ever: take it with the spare one and turn
      // it away.
      if (spare_ >= 0) ::close(std::exchange(spare_, -1));
      const int turned_away = ::accept4(listener.descriptor, nullptr, nullptr, SOCK_CLOEXEC);
      spare_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (turned_away < 0) return;
      ::close(turned_away);
      counts.refused[static_cast<std::size_t>(Why::connections_full)].add();
      continue;
    }
    if (hub_.cannot_accept.load(std::memory_order_relaxed) != 0) hub_.cannot_accept = 0;
    counts.accepted.add();
    if (hub_.connections.fetch_add(1) >= config.max_connections) {
      hub_.connections.fetch_sub(1);
      counts.refused[static_cast<std::size_t>(Why::connections_full)].add();
      counts.closed.add();
      ::close(descriptor);
      continue;
    }
    Loop& target = *hub_.loops[next_loop_++ % hub_.loops.size()];
    if (&target == this) {
      adopt(descriptor, listener.tls);
      continue;
    }
    Letter letter;
    letter.descriptor = descriptor;
    letter.tls = listener.tls;
    target.post(std::move(letter));
  }
}

/// Whether the next caller could be taken; asked every second, so that nobody has to call to find
/// out.
void Loop::look_for_room() {
  if (listeners_.empty()) return;
  const int probe = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int error = probe < 0 ? errno : 0;
  if (probe >= 0 && spare_ < 0)
    spare_ = probe;
  else if (probe >= 0)
    ::close(probe);
  if (error == EMFILE || error == ENFILE || error == 0) hub_.cannot_accept = error;
}

void Loop::adopt(int descriptor, bool tls) {
  option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  // A client without keep-alive that vanished silently is found by TCP.
  option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 120);
  option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 30);
  option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 4);
  std::uint32_t place;
  if (free_.empty()) {
    place = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    place = free_.back();
    free_.pop_back();
  }
  Slot& slot = slots_[place];
  if (++slot.generation == 0) ++slot.generation;
  const ConnectionId id =
      std::uint64_t{index_} << 56 | std::uint64_t{slot.generation} << 24 | place;
  const std::shared_ptr<Tls> context = tls ? hub_.tls_now() : nullptr;
  slot.connection = std::make_unique<Connection>(*this, id, Socket(descriptor, context.get()));
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = id;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0) return;
  slot.connection->dead = true;
  slot.connection->session.end(Why::connection_lost);
  want_flush(*slot.connection);
}

Loop::Connection* Loop::find(ConnectionId id) {
  const std::size_t place = id & 0xFFFFFF;
  if (place >= slots_.size()) return nullptr;
  Connection* connection = slots_[place].connection.get();
  return connection && connection->session.id() == id ? connection : nullptr;
}

void Loop::entered(Session& session) {
  const ConnectionId before =
      hub_.directory.enter(session.device().number, session.client_id(), session.id());
  if (before == 0) return;
  Letter letter;
  letter.kind = Letter::Kind::close;
  letter.to = before;
  letter.why = Why::taken_over;
  letter.reason = reason_of(Why::taken_over);
  hub_.loops[thread_of(before)]->post(std::move(letter));
}

std::string Loop::peer(const Session& session) {
  const Connection* connection = find(session.id());
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  char words[INET6_ADDRSTRLEN] = "";
  if (!connection || ::getpeername(connection->socket.descriptor(),
                                   reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return {};
  if (address.ss_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, words,
                sizeof words);
  } else if (address.ss_family == AF_INET6) {
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, words,
                sizeof words);
  }
  // An IPv4 caller of a socket for both families is still an IPv4 caller.
  const std::string_view text = words;
  return std::string(text.starts_with("::ffff:") && text.find('.') != text.npos ? text.substr(7)
                                                                                : text);
}

void Loop::begin_stop() {
  stopping_ = true;
  stop_by_ = now + Duration{hub_.grace_ms.load()};
  for (const Listener& listener : listeners_) ::close(listener.descriptor);
  listeners_.clear();
}

bool Loop::stopped() {
  bool anybody = false;
  for (Slot& slot : slots_) {
    Connection* connection = slot.connection.get();
    if (!connection) continue;
    const bool late = now >= stop_by_;
    // Whoever waits for an acknowledgement gets it first, as long as there is time.
    if (late || !connection->session.open() || connection->session.unacknowledged() == 0)
      connection->session.end(Why::shutting_down);
    flush(*connection);
    connection = slot.connection.get();
    if (connection && late) destroy(*connection);
    anybody = anybody || slot.connection;
  }
  if (told) {
    told = false;
    receiver.batch_end(index_);
  }
  return !anybody;
}

}  // namespace lifang::mqtt
