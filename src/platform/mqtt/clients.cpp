#include "platform/mqtt/clients.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "base/refusal.hpp"

namespace lifang::mqtt {
namespace {

constexpr std::size_t kChunk = 64 * 1024;
/// What a server may send at most.
constexpr std::size_t kMaxPacket = 16 * 1024 * 1024;
/// More than this waits to be sent: no room until the server has taken some.
constexpr std::size_t kEnoughUnsent = 1024 * 1024;

std::string resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int result = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (result != 0)
    throw Refusal(RefusalKind::invalid, "mqtt.no_such_host", host + ": " + ::gai_strerror(result));
  const std::string address(reinterpret_cast<const char*>(found->ai_addr), found->ai_addrlen);
  ::freeaddrinfo(found);
  return address;
}

}  // namespace

struct Clients::Peer {
  enum class Stage : std::uint8_t { greeting, open, leaving, closed };

  Index index = 0;
  Socket socket;
  Buffer in;
  Buffer out;
  Duration spoke_at{};
  Version version = Version::v3;
  Stage stage = Stage::greeting;
  std::uint16_t keep_alive = 0;
  std::uint16_t window = 0;
  std::uint16_t last_id = 0;
  std::uint16_t in_flight = 0;
  bool in_dirty = false;

  std::uint16_t next_id() {
    if (++last_id == 0) ++last_id;
    return last_id;
  }
};

Prebuilt prebuild(Version version, std::string_view topic, std::string_view payload,
                  std::uint8_t qos) {
  Buffer out;
  const std::size_t id_at =
      write_publish(out, version, {.topic = topic, .payload = payload, .qos = qos});
  return {std::string(out.view()), id_at};
}

Clients::Clients(Listener& listener, const Steady& steady)
    : listener_(listener),
      steady_(steady),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      now_(steady.elapsed()),
      kept_alive_at_(now_),
      scratch_(std::make_unique<char[]>(kChunk)) {
  check(epoll_ >= 0, "no descriptor for the clients");
}

Clients::~Clients() {
  ::close(epoll_);
}

Clients::Index Clients::open(const ClientConfig& config) {
  auto& address = addresses_[{config.host, config.port}];
  if (address.empty()) address = resolve(config.host, config.port);
  const auto* where = reinterpret_cast<const sockaddr*>(address.data());
  const int descriptor = ::socket(where->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  check(descriptor >= 0, "no descriptor for a client");
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (free_.empty()) {
    free_.push_back(peers_.size());
    peers_.push_back(std::make_unique<Peer>());
  }
  Peer* peer = peers_[free_.back()].get();
  peer->index = free_.back();
  free_.pop_back();
  peer->in.release();
  peer->out.release();
  peer->stage = Peer::Stage::greeting;
  peer->last_id = peer->in_flight = 0;
  peer->version = config.version;
  peer->keep_alive = config.keep_alive;
  peer->window = config.window;
  peer->spoke_at = now_;
  // Whether it works shows at the first read or write.
  ::connect(descriptor, where, static_cast<socklen_t>(address.size()));
  peer->socket = Socket(descriptor, config.tls.get(), config.host);
  write_connect(peer->out, {.version = config.version,
                            .client_id = config.client_id,
                            .user = config.user,
                            .password = config.password,
                            .keep_alive = config.keep_alive});
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = peer;
  check(::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0, "cannot watch a client");
  return peer->index;
}

Clients::Peer* Clients::usable(Index index) const {
  Peer* peer = index < peers_.size() ? peers_[index].get() : nullptr;
  return peer && peer->stage == Peer::Stage::open ? peer : nullptr;
}

bool Clients::is_open(Index index) const {
  return usable(index) != nullptr;
}

std::size_t Clients::room(Index index) const {
  const Peer* peer = usable(index);
  if (!peer || peer->out.size() > kEnoughUnsent || peer->in_flight >= peer->window) return 0;
  return static_cast<std::size_t>(peer->window - peer->in_flight);
}

std::size_t Clients::in_flight(Index index) const {
  return index < peers_.size() ? peers_[index]->in_flight : 0;
}

std::optional<std::uint16_t> Clients::publish(Index index, std::string_view topic,
                                              std::string_view payload, std::uint8_t qos) {
  if (room(index) == 0) return std::nullopt;
  Peer& peer = *peers_[index];
  const std::uint16_t id = qos == 0 ? std::uint16_t{0} : peer.next_id();
  peer.in_flight = static_cast<std::uint16_t>(peer.in_flight + (qos == 0 ? 0 : 1));
  write_publish(peer.out, peer.version,
                {.topic = topic, .payload = payload, .qos = qos, .packet_id = id});
  dirty(peer);
  return id;
}

std::optional<std::uint16_t> Clients::publish(Index index, const Prebuilt& packet) {
  if (room(index) == 0) return std::nullopt;
  Peer& peer = *peers_[index];
  char* to = peer.out.room(packet.bytes.size());
  std::memcpy(to, packet.bytes.data(), packet.bytes.size());
  peer.out.added(packet.bytes.size());
  dirty(peer);
  if (packet.id_at == 0) return std::uint16_t{0};
  const std::uint16_t id = peer.next_id();
  to[packet.id_at] = static_cast<char>(id >> 8);
  to[packet.id_at + 1] = static_cast<char>(id & 0xFF);
  ++peer.in_flight;
  return id;
}

std::uint16_t Clients::subscribe(Index index, std::string_view filter, std::uint8_t qos) {
  Peer* peer = usable(index);
  if (!peer) return 0;
  const std::uint16_t id = peer->next_id();
  write_subscribe(peer->out, peer->version, id, filter, qos);
  dirty(*peer);
  return id;
}

void Clients::disconnect(Index index) {
  Peer* peer = usable(index);
  if (!peer) return;
  write_client_disconnect(peer->out);
  peer->stage = Peer::Stage::leaving;
  dirty(*peer);
}

void Clients::drop(Index index) {
  if (index < peers_.size() && peers_[index]->stage != Peer::Stage::closed) retire(*peers_[index]);
}

void Clients::retire(Peer& peer) {
  peer.stage = Peer::Stage::closed;
  peer.socket = Socket();
  peer.out.release();
  peer.in_flight = 0;
  retired_.push_back(peer.index);
}

void Clients::send_raw(Index index, std::string_view bytes) {
  if (index >= peers_.size() || peers_[index]->stage == Peer::Stage::closed) return;
  peers_[index]->out.append(bytes);
  dirty(*peers_[index]);
}

void Clients::dirty(Peer& peer) {
  if (std::exchange(peer.in_dirty, true)) return;
  dirty_.push_back(&peer);
}

void Clients::flush() {
  flushing_.swap(dirty_);
  for (Peer* peer : flushing_) {
    peer->in_dirty = false;
    flush(*peer);
  }
  flushing_.clear();
}

void Clients::flush(Peer& peer) {
  if (peer.stage == Peer::Stage::closed) return;
  while (!peer.out.empty()) {
    const std::ptrdiff_t n = peer.socket.write(peer.out.view().data(), peer.out.size());
    if (n == Socket::kFailed) return close(peer, Reason::success);
    if (n <= 0) return;
    peer.out.consume(static_cast<std::size_t>(n));
    peer.spoke_at = now_;
  }
  if (peer.stage == Peer::Stage::leaving) peer.socket.finish();
}

bool Clients::poll(Duration timeout) {
  now_ = steady_.elapsed();
  free_.insert(free_.end(), retired_.begin(), retired_.end());
  retired_.clear();
  if (now_ - kept_alive_at_ >= std::chrono::seconds(1)) keep_alive();
  flush();
  epoll_event events[512];
  const int wait = static_cast<int>(std::min<std::int64_t>(timeout.count(), 1000));
  const int n = ::epoll_wait(epoll_, events, 512, dirty_.empty() ? wait : 0);
  now_ = steady_.elapsed();
  for (int i = 0; i < n; ++i) {
    Peer& peer = *static_cast<Peer*>(events[i].data.ptr);
    if (peer.stage == Peer::Stage::closed) continue;
    // A handshake may wait for either side; asking both is simple and cheap.
    read(peer);
    if (!peer.in_dirty) flush(peer);
  }
  flush();
  return n > 0;
}

void Clients::keep_alive() {
  kept_alive_at_ = now_;
  for (const auto& peer : peers_) {
    if (peer->out.empty() && now_ - peer->spoke_at > std::chrono::seconds(2)) peer->out.release();
    if (peer->stage != Peer::Stage::open || peer->keep_alive == 0) continue;
    if (now_ - peer->spoke_at < std::chrono::milliseconds(peer->keep_alive) * 500) continue;
    write_pingreq(peer->out);
    dirty(*peer);
  }
}

void Clients::read(Peer& peer) {
  while (peer.stage != Peer::Stage::closed) {
    const std::ptrdiff_t n = peer.socket.read(scratch_.get(), kChunk);
    if (n == Socket::kAgain) return;
    if (n <= 0) return close(peer, Reason::success);
    const std::string_view bytes(scratch_.get(), static_cast<std::size_t>(n));
    if (peer.in.empty()) {
      const std::size_t taken = take(peer, bytes);
      if (peer.stage != Peer::Stage::closed) peer.in.append(bytes.substr(taken));
    } else {
      peer.in.append(bytes);
      peer.in.consume(take(peer, peer.in.view()));
      if (peer.in.empty()) peer.in.release();
    }
  }
}

/// Handles the whole packets in `bytes`; how many bytes they had.
std::size_t Clients::take(Peer& peer, std::string_view bytes) {
  std::size_t taken = 0;
  while (peer.stage != Peer::Stage::closed) {
    const std::string_view rest = bytes.substr(taken);
    if (rest.size() >= 4 && rest[0] == 0x40 &&
        rest[1] == 2) {  // PUBACK: nearly all that a load hears
      const auto id = static_cast<std::uint16_t>(static_cast<unsigned char>(rest[2]) << 8 |
                                                 static_cast<unsigned char>(rest[3]));
      taken += 4;
      if (peer.in_flight > 0) --peer.in_flight;
      listener_.acknowledged(peer.index, id, Reason::success);
      continue;
    }
    Frame frame;
    if (take_frame(rest, kMaxPacket, frame) != Why::ok) {
      close(peer, Reason::malformed);
      break;
    }
    if (!frame.whole) break;
    taken += frame.size;
    handle(peer, frame);
  }
  return peer.stage == Peer::Stage::closed ? bytes.size() : taken;
}

void Clients::handle(Peer& peer, const Frame& frame) {
  switch (frame.type) {
    case Type::connack:
      return handle_connack(peer, frame);
    case Type::publish:
      return handle_publish(peer, frame);
    case Type::puback: {
      Acknowledgement words;
      if (parse_acknowledgement(peer.version, frame, words) != Why::ok)
        return close(peer, Reason::malformed);
      if (peer.in_flight > 0) --peer.in_flight;
      return listener_.acknowledged(peer.index, words.packet_id, words.reason);
    }
    case Type::suback: {
      Suback words;
      if (parse_suback(peer.version, frame, words) != Why::ok)
        return close(peer, Reason::malformed);
      return listener_.subscribed(peer.index, words.packet_id, words.codes);
    }
    case Type::disconnect: {
      Disconnect words;
      parse_disconnect(peer.version, From::server, frame, words);
      return close(peer, words.reason);
    }
    case Type::pingresp:
    case Type::unsuback:
      return;
    default:
      return close(peer, Reason::protocol_error);
  }
}

void Clients::handle_connack(Peer& peer, const Frame& frame) {
  Connack words;
  if (peer.stage != Peer::Stage::greeting || parse_connack(peer.version, frame, words) != Why::ok)
    return close(peer, Reason::malformed);
  if (words.code == 0) peer.stage = Peer::Stage::open;
  peer.window = std::min(peer.window, words.properties.receive_maximum);
  listener_.connected(peer.index, words.code);
  if (words.code != 0) close(peer, Reason::success);
}

void Clients::handle_publish(Peer& peer, const Frame& frame) {
  Publish words;
  if (parse_publish(peer.version, From::server, frame, words) != Why::ok)
    return close(peer, Reason::malformed);
  listener_.message(peer.index, words.topic, words.payload);
  if (words.qos != 1 || peer.stage == Peer::Stage::closed) return;
  char bytes[kLargestAcknowledgement];
  peer.out.append({bytes, write_acknowledgement(bytes, peer.version, Type::puback, words.packet_id,
                                                Reason::success)});
  dirty(peer);
}

void Clients::close(Peer& peer, Reason reason) {
  if (peer.stage == Peer::Stage::closed) return;
  retire(peer);
  listener_.closed(peer.index, reason);
}

}  // namespace lifang::mqtt
