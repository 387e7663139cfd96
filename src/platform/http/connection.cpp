#include "platform/http/connection.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "base/refusal.hpp"

namespace lifang::http::detail {
namespace {

constexpr int most_turns = 64;  // then others on this thread have their turn
constexpr std::uint64_t body_pace =
    4;  // bytes a millisecond that a body must average after its grace

}  // namespace

Connection::Connection(Loop& loop, Descriptor socket, std::string remote,
                       std::shared_ptr<const TlsContext> tls)
    : loop_(loop),
      watch_(loop.io().get_executor(), socket.get()),
      tls_(tls ? std::make_unique<TlsSession>(std::move(tls), socket.get()) : nullptr),
      remote_(std::move(remote)),
      is_tls_(tls_ != nullptr),
      state_(is_tls_ ? State::handshake : State::reading),
      parser_(loop.config().max_header) {
  socket.release();  // watch_ owns it now
  deadline_in(loop.config().header_timeout);
  loop_.tally().connections.fetch_add(1, std::memory_order_relaxed);
  loop_.tally().connections_now.fetch_add(1, std::memory_order_relaxed);
}

Connection::~Connection() = default;

void Connection::start() {
  run();
}

// Moves as far as the socket, the handler and the client allow. Every step is a non-blocking
// attempt, so an unneeded call does no harm; what cannot go on leaves a wait behind that calls
// again.
void Connection::run() {
  if (running_ || state_ == State::closed) return;
  const auto keep = shared_from_this();
  running_ = true;
  for (int turn = 0;; ++turn) {
    if (turn == most_turns) {
      boost::asio::post(loop_.io().get_executor(), [keep] { keep->run(); });
      break;
    }
    const Next next = step();
    if (state_ == State::closed) break;
    if (next == Next::again) continue;
    if (next == Next::read) wait_readable();
    if (next == Next::write) wait_writable();
    break;
  }
  running_ = false;
}

Connection::Next Connection::step() {
  switch (state_) {
    case State::handshake:
      return shake();
    case State::reading:
      return read_request();
    case State::dispatching:
      dispatch();
      return Next::again;
    case State::handling:
      if (!answer_) return Next::rest;
      if (answer_lost_) loop_.tally().refuse(Refusing::unanswered);
      begin_writing(std::move(*answer_));
      return Next::again;
    case State::writing:
      return write_out();
    case State::streaming:
      return pump();
    case State::lingering:
      return drain();
    case State::closed:
      break;
  }
  return Next::rest;
}

void Connection::wait_readable() {
  if (std::exchange(read_waits_, true)) return;
  watch_.async_wait(Watch::wait_read,
                    [self = shared_from_this()](const boost::system::error_code& ec) {
                      self->read_waits_ = false;
                      if (ec) return self->cut();
                      self->readable_ = true;
                      self->run();
                    });
}

void Connection::wait_writable() {
  if (std::exchange(write_waits_, true)) return;
  watch_.async_wait(Watch::wait_write,
                    [self = shared_from_this()](const boost::system::error_code& ec) {
                      self->write_waits_ = false;
                      if (ec) return self->cut();
                      self->run();
                    });
}

Connection::Next Connection::shake() {
  switch (tls_->handshake()) {
    case Moved::some:
      state_ = State::reading;
      readable_ = true;  // the request may have come together with the end of the handshake
      return Next::again;
    case Moved::want_read:
      return Next::read;
    case Moved::want_write:
      return Next::write;
    case Moved::closed:
    case Moved::failed:
      break;
  }
  loop_.tally().refuse(Refusing::tls);
  cut();
  return Next::rest;
}

Moved Connection::receive(char* to, std::size_t room, std::size_t& got) {
  Moved moved = Moved::some;
  if (tls_) {
    moved = tls_->read(to, room, got);
  } else {
    ssize_t n = 0;
    do n = ::recv(watch_.native_handle(), to, room, 0);
    while (n < 0 && errno == EINTR);
    if (n > 0) {
      got = static_cast<std::size_t>(n);
      readable_ = got == room;
    } else {
      moved = n == 0                                    ? Moved::closed
              : errno == EAGAIN || errno == EWOULDBLOCK ? Moved::want_read
                                                        : Moved::failed;
    }
  }
  if (moved == Moved::some)
    loop_.tally().bytes_in.fetch_add(got, std::memory_order_relaxed);
  else
    readable_ = false;
  return moved;
}

Connection::Next Connection::read_request() {
  if (!input_.empty() && !starving_) {
    std::string_view view = input_;
    starving_ = consume(view);
    input_.erase(0, input_.size() - view.size());
    return Next::again;
  }
  if (!readable_) return Next::read;
  auto& scratch = loop_.scratch();  // idle connections own no buffer
  std::size_t got = 0;
  switch (receive(scratch.data(), scratch.size(), got)) {
    case Moved::want_read:
      return Next::read;
    case Moved::want_write:
      return Next::write;
    case Moved::closed:
    case Moved::failed:
      cut();
      return Next::rest;
    case Moved::some:
      break;
  }
  if (!input_.empty()) {
    input_.append(scratch.data(), got);
    starving_ = false;
    return Next::again;
  }
  std::string_view view(scratch.data(), got);
  starving_ = consume(view);
  input_.assign(view);
  return Next::again;
}

// Feeds the parser; true when it needs more bytes than there are.
bool Connection::consume(std::string_view& input) {
  if (!begun_ && !input.empty()) {
    begun_ = true;
    deadline_in(loop_.config().header_timeout);
  }
  std::string_view piece;
  while (true) {
    switch (parser_.step(input, piece)) {
      case RequestParser::Step::more:
        return true;
      case RequestParser::Step::head:
        if (!accept_head(input.empty())) return false;
        break;
      case RequestParser::Step::body:
        if (!accept_piece(piece)) return false;
        break;
      case RequestParser::Step::complete:
        state_ = State::dispatching;
        return false;
      case RequestParser::Step::refused:
        return refuse(parser_.refusal());
    }
  }
}

bool Connection::accept_head(bool nothing_follows) {
  const Config& config = loop_.config();
  const Request& request = parser_.request();
  head_only_ = request.method == "HEAD";
  Config::BodyRoom room{config.max_body, true};
  if (config.body_room) {
    try {
      room = config.body_room(request.method, request.path);
    } catch (const std::exception&) {
      return refuse({500, "http.internal", "the limit of the body could not be told"});
    }
  }
  to_file_ = room.to_file;
  parser_.expect_body(room.limit);
  body_began_ = loop_.elapsed();
  deadline_in(config.body_timeout);
  const std::uint64_t length = parser_.announced_length();
  if (length > room.limit) return true;  // the next step refuses it
  if (length > config.spill_over && !spill()) return false;
  if (parser_.expects_continue() && nothing_follows && !parser_.bodiless()) {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    out_.push_back(Bytes::lasting(go_on));
    if (flush() != Moved::some) {  // so few bytes always fit, unless the client is gone
      cut();
      return false;
    }
  }
  return true;
}

bool Connection::accept_piece(std::string_view piece) {
  Request& request = parser_.request();
  body_received_ += piece.size();
  deadline_ = body_began_ + loop_.config().body_timeout +
              Duration{static_cast<Duration::rep>(body_received_ / body_pace)};
  if (!request.body_file && body_received_ > loop_.config().spill_over && !spill()) return false;
  if (request.body_file) {
    if (request.body_file->append(piece)) return true;
    return refuse({507, "http.no_room", "there is no room to receive the body"});
  }
  const std::size_t all =
      loop_.shared().body_bytes.fetch_add(piece.size(), std::memory_order_relaxed) + piece.size();
  charged_ += piece.size();
  if (all > loop_.config().body_memory)
    return refuse({503, "http.busy", "too many bodies are being received"});
  request.body += piece;
  return true;
}

// Moves the body to a file, where one is wanted.
bool Connection::spill() {
  Request& request = parser_.request();
  if (!to_file_ || loop_.config().spill_directory.empty()) return true;
  request.body_file = BodyFile::make(loop_.config().spill_directory);
  if (!request.body_file || !request.body_file->append(request.body))
    return refuse({507, "http.no_room", "there is no room to receive the body"});
  request.body.clear();
  request.body.shrink_to_fit();
  release_charge();
  return true;
}

void Connection::release_charge() {
  loop_.shared().body_bytes.fetch_sub(std::exchange(charged_, 0), std::memory_order_relaxed);
}

void Connection::dispatch() {
  state_ = State::handling;
  no_deadline();
  ++number_;
  answer_.reset();
  answer_lost_ = false;
  loop_.tally().requests.fetch_add(1, std::memory_order_relaxed);
  Request request = std::move(parser_.request());
  request.remote_address = remote_;
  request.tls = is_tls_;
  Response failure;
  try {
    loop_.shared().handler(std::move(request),
                           Responder(std::make_unique<Exchange>(*this, loop_, number_)));
    return;
  } catch (const Refusal& refusal) {
    failure = problem(http_status(refusal.kind), refusal.code, refusal.detail, refusal.field);
  } catch (const std::exception&) {
    loop_.tally().refuse(Refusing::internal);
    failure = problem(500, "http.internal");
  }
  if (state_ != State::handling || (answer_ && !answer_lost_)) return;
  answer_ = std::move(
      failure);  // the Responder has gone with the exception, so "unanswered" may stand there
  answer_lost_ = false;
}

// Always false, so that callers can hand it on.
bool Connection::refuse(const RequestParser::Refused& refused) {
  loop_.tally().refuse(refused.code);
  if (loop_.config().refused && parser_.request().path.starts_with('/'))
    loop_.config().refused(parser_.request(), refused.code);
  refused_ = true;
  begin_writing(problem(refused.status, refused.code, refused.detail));
  return false;
}

void Connection::answer(std::uint64_t number, Response&& response, bool lost) {
  if (number != number_ || state_ != State::handling || answer_) return;
  answer_ = std::move(response);
  answer_lost_ = lost;
  run();
}

void Connection::look() {
  const Duration now = loop_.elapsed();
  if (state_ == State::streaming) {
    if (!out_.empty() && now - last_written_ >= loop_.config().write_timeout) {
      loop_.tally().refuse(Refusing::slow_reader);
      cut();
    } else if (out_.empty() && now - last_written_ >= loop_.config().heartbeat) {
      constexpr std::string_view comment = ":\n\n";
      out_.push_back(Bytes::lasting(comment));
      uncounted_ += comment.size();
      run();
    }
    return;
  }
  if (now < deadline_) return;
  if (state_ == State::reading && begun_) {
    refuse({408, "http.timeout", "the request did not arrive in time"});
    run();
    return;
  }
  if (state_ == State::handshake) loop_.tally().refuse(Refusing::tls);
  if (state_ == State::writing) loop_.tally().refuse(Refusing::slow_reader);
  cut();
}

void Connection::wind_down() {
  close_after_ = true;
  if (state_ == State::streaming)
    queue_->end();
  else if (state_ == State::handshake || state_ == State::lingering ||
           (state_ == State::reading && !begun_))
    cut();
}

void Connection::cut() {
  if (state_ == State::closed) return;
  const auto keep = shared_from_this();
  if (state_ == State::streaming) loop_.tally().streams_now.fetch_sub(1, std::memory_order_relaxed);
  state_ = State::closed;
  boost::system::error_code ignored;
  watch_.close(ignored);
  release_charge();
  out_.clear();
  loop_.tally().connections_now.fetch_sub(1, std::memory_order_relaxed);
  loop_.shared().connections.fetch_sub(1, std::memory_order_relaxed);
  if (queue_) queue_->closed();
  loop_.forget(*this);
}

}  // namespace lifang::http::detail
