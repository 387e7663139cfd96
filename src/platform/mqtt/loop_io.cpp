// Loop, the part that reads and writes sockets.
#include <cstring>

#include "platform/mqtt/connection.hpp"

namespace lifang::mqtt {
namespace {

/// One read takes at most so much while we do not know who it is.
constexpr std::size_t kStrangersChunk = 4 * 1024;
/// Acknowledgements that leave with one write.
constexpr std::size_t kAcknowledgements = 16 * 1024;

}  // namespace

void Loop::want_flush(Connection& connection) {
  if (std::exchange(connection.in_flushes, true)) return;
  flushes_.push_back(connection.session.id());
}

void Loop::want_read(Connection& connection) {
  if (std::exchange(connection.in_reads, true)) return;
  reads_.push_back(connection.session.id());
}

void Loop::flush_all() {
  while (!flushes_.empty()) {
    working_.swap(flushes_);
    for (const ConnectionId id : working_) {
      Connection* connection = find(id);
      if (!connection) continue;
      connection->in_flushes = false;
      flush(*connection);
      connection = find(id);
      if (connection && may_read(*connection)) want_read(*connection);
    }
    working_.clear();
  }
}

bool Loop::may_read(const Connection& connection) const {
  if (connection.leaving) return connection.readable;
  if (stopping_ || !connection.session.takes()) return false;
  return connection.readable || connection.held_back;
}

void Loop::read_all() {
  if (hub_.paused.load(std::memory_order_acquire) && !stopping_) return;
  working_.swap(reads_);
  for (const ConnectionId id : working_) {
    Connection* connection = find(id);
    if (!connection) continue;
    connection->in_reads = false;
    read(*connection);
    connection = find(id);
    // One piece a round for everybody: a loud connection waits for its next turn.
    if (connection && may_read(*connection)) want_read(*connection);
  }
  working_.clear();
}

void Loop::read(Connection& connection) {
  if (connection.leaving) return discard(connection);
  if (!may_read(connection)) return;
  if (connection.held_back) feed_kept(connection);
  if (connection.readable && connection.session.takes()) pull(connection);
  flush(connection);
}

void Loop::pull(Connection& connection) {
  const std::size_t rest = connection.in.size();
  const std::size_t chunk = connection.session.open() ? kChunk : kStrangersChunk;
  if (rest > kSmallRest) {
    const std::size_t expected = connection.session.expected();
    const std::size_t missing = expected > rest ? expected - rest : chunk;
    const std::size_t before = connection.in.capacity();
    char* to = connection.in.room(std::min(missing, chunk));
    buffered_ += connection.in.capacity() - before;
    const std::ptrdiff_t n = pull_into(connection, to, std::min(missing, chunk));
    if (n <= 0) return;
    connection.in.added(static_cast<std::size_t>(n));
    return feed_kept(connection);
  }
  if (rest > 0) std::memcpy(scratch_.get(), connection.in.view().data(), rest);
  const std::ptrdiff_t n = pull_into(connection, scratch_.get() + rest, chunk);
  if (n <= 0) return;
  const std::string_view bytes(scratch_.get(), rest + static_cast<std::size_t>(n));
  const std::size_t taken = connection.session.feed(bytes);
  connection.held_back = !connection.session.takes();
  if (taken < rest)
    return keep(connection, bytes.substr(rest));  // still the same unfinished packet
  connection.in.consume(rest);
  keep(connection, bytes.substr(taken));
}

std::ptrdiff_t Loop::pull_into(Connection& connection, char* to, std::size_t room) {
  std::size_t got = 0;
  // TLS hands out a record at a time, and only by asking once more it can say that there is
  // nothing.
  while (got < room) {
    const std::ptrdiff_t n = connection.socket.read(to + got, room - got);
    if (n > 0) {
      got += static_cast<std::size_t>(n);
      if (connection.socket.is_tls()) continue;
      if (got < room && !connection.hung_up) connection.readable = false;
      break;
    }
    if (n == Socket::kAgain) {
      connection.readable = false;
    } else if (got == 0) {  // otherwise the end is met again after these bytes
      const bool failed = connection.socket.shaking_hands() && n == Socket::kFailed;
      connection.readable = false;
      connection.dead = n == Socket::kFailed;
      connection.session.end(failed ? Why::tls_failed : Why::connection_lost);
    }
    break;
  }
  counts.bytes_in.add(got);
  return static_cast<std::ptrdiff_t>(got);
}

void Loop::feed_kept(Connection& connection) {
  const std::size_t taken = connection.session.feed(connection.in.view());
  connection.held_back = !connection.session.takes();
  connection.in.consume(taken);
  keep(connection, {});
}

/// Keeps what the session did not take; what nobody waits for gives its memory back.
void Loop::keep(Connection& connection, std::string_view bytes) {
  if (connection.session.ended()) bytes = {};
  const std::size_t before = connection.in.capacity();
  if (connection.session.ended() || (connection.in.empty() && bytes.empty())) {
    connection.in.release();
  } else {
    connection.in.append(bytes);
  }
  buffered_ = buffered_ + connection.in.capacity() - before;
  if (buffered_ > config.max_buffered / hub_.loops.size() && connection.in.size() > kSmallRest)
    connection.session.end(Why::buffers_full);
}

/// Reads what still comes behind a farewell: closing with unread bytes would take the farewell back
/// (RST).
void Loop::discard(Connection& connection) {
  for (int i = 0; i < 4; ++i) {
    const std::ptrdiff_t n = connection.socket.read(scratch_.get(), kChunk);
    if (n > 0) continue;
    if (n == Socket::kAgain) {
      connection.readable = false;
      return;
    }
    return destroy(connection);
  }
}

void Loop::flush(Connection& connection) {
  if (connection.finished) return;
  Session& session = connection.session;
  while (!connection.dead) {
    if (session.out().empty() ? !write_acknowledgements(connection) : !write_out(connection)) break;
    session.drained();
  }
  if (session.out().empty()) session.out().release();
  if (session.ended()) conclude(connection);
}

/// True if there may be more to write.
bool Loop::write_acknowledgements(Connection& connection) {
  if (!connection.writable || !connection.session.has_acknowledgements()) return false;
  char bytes[kAcknowledgements];
  const std::size_t size = connection.session.write_acknowledgements(bytes, sizeof bytes);
  if (size == 0) return !connection.session.out().empty();
  const std::ptrdiff_t n = connection.socket.write(bytes, size);
  if (n == Socket::kFailed) {
    connection.dead = true;
    connection.session.end(Why::connection_lost);
    return false;
  }
  const std::size_t sent = n > 0 ? static_cast<std::size_t>(n) : 0;
  counts.bytes_out.add(sent);
  if (sent == size) return true;
  // TLS insists on the same bytes again, and so do acknowledgements: they wait in front of a
  // farewell.
  Buffer rest;
  rest.append({bytes + sent, size - sent});
  rest.append(connection.session.out().view());
  connection.session.out() = std::move(rest);
  connection.writable = n > 0;
  connection.stuck_since = now;
  return n > 0;
}

bool Loop::write_out(Connection& connection) {
  Buffer& out = connection.session.out();
  if (!connection.writable) return false;
  while (connection.session.has_acknowledgements()) {
    char* to = out.room(256);
    out.added(connection.session.write_acknowledgements(to, 256));
  }
  const std::ptrdiff_t n = connection.socket.write(out.view().data(), out.size());
  if (n == Socket::kFailed) {
    connection.dead = true;
    connection.session.end(Why::connection_lost);
    return false;
  }
  if (n == Socket::kAgain || n == 0) {
    connection.writable = false;
    if (connection.stuck_since == Duration{}) connection.stuck_since = now;
    return false;
  }
  connection.stuck_since = Duration{};
  counts.bytes_out.add(static_cast<std::uint64_t>(n));
  out.consume(static_cast<std::size_t>(n));
  return true;
}

/// The session has ended: gives up its place, sends what is left, then closes.
void Loop::conclude(Connection& connection) {
  Session& session = connection.session;
  if (!std::exchange(connection.leaving, true)) {
    connection.leaving_since = now;
    hub_.directory.leave(session.device().number, session.client_id(), session.id());
    keep(connection, {});
  }
  const Why why = session.why();
  if (connection.dead || why == Why::client_disconnected || why == Why::connection_lost ||
      why == Why::slow_reader)
    return destroy(connection);
  if (!session.out().empty()) return;
  connection.finished = true;
  connection.socket.finish();
  connection.readable = true;
  want_read(connection);
}

void Loop::destroy(Connection& connection) {
  const std::size_t place = connection.session.id() & 0xFFFFFF;
  if (!connection.leaving)
    hub_.directory.leave(connection.session.device().number, connection.session.client_id(),
                         connection.session.id());
  buffered_ -= connection.in.capacity();
  slots_[place].connection.reset();
  free_.push_back(static_cast<std::uint32_t>(place));
  counts.closed.add();
  hub_.connections.fetch_sub(1);
}

void Loop::sweep() {
  swept_at_ = now;
  look_for_room();
  for (std::size_t place = 0; place < slots_.size(); ++place) {
    Connection* connection = slots_[place].connection.get();
    if (!connection) continue;
    if (connection->leaving) {
      if (now - connection->leaving_since > config.linger) destroy(*connection);
      continue;
    }
    const bool stuck = !connection->session.out().empty() && connection->stuck_since != Duration{};
    if (stuck && now - connection->stuck_since > config.write_timeout)
      connection->session.end(Why::slow_reader);
    connection->session.sweep(connection->readable || connection->held_back);
    if (connection->session.ended()) want_flush(*connection);
  }
}

}  // namespace lifang::mqtt
