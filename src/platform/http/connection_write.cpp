#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/check.hpp"
#include "platform/http/connection.hpp"

namespace lifang::http::detail {
namespace {

constexpr std::size_t most_vectors = 64;
constexpr std::size_t record_size = 16 * 1024;  // of TLS
constexpr std::size_t small_body = 4 * 1024;    // is copied behind its head
constexpr std::size_t most_drained = 4 * 1024 * 1024;
constexpr Duration linger_time{2'000};

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 ? c != 0x7f : c == '\t';
  });
}

bool can_be_sent(const Response& response) {
  return response.status >= 200 && response.status <= 999 &&
         is_field_value(response.content_type) &&
         std::all_of(response.headers.begin(), response.headers.end(), [](const auto& field) {
           return is_token(field.first) && is_field_value(field.second);
         });
}

/// These follow from the connection; whatever the handler says about them is left out.
bool is_ours(std::string_view name) {
  return same_token(name, "connection") || same_token(name, "content-length") ||
         same_token(name, "date") || same_token(name, "transfer-encoding");
}

/// What every answer says unless its handler said otherwise: nobody keeps it, guesses its type,
/// frames it, reads it from another site or is told where the visitor came from; and whatever a
/// browser may take it for, it runs nothing.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kGuards{{
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
}};
constexpr std::string_view kOnlyTls = "Strict-Transport-Security: max-age=31536000\r\n";  // RFC 6797

bool says(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& field) { return same_token(field.first, name); });
}

}  // namespace

void Connection::begin_writing(Response&& response) {
  if (!can_be_sent(response)) {
    loop_.tally().refuse(Refusing::internal);
    response = problem(500, "http.internal");
  }
  close_after_ = close_after_ || refused_ || loop_.stopping() || !parser_.keep_alive();
  const bool bare = response.status == 204 || response.status == 304;
  const std::size_t length = response.body.empty() ? response.bytes.size() : response.body.size();
  write_head(response, bare ? nullptr : &length);
  state_ = State::writing;
  deadline_in(loop_.config().write_timeout);
  const bool with_body = !bare && !head_only_ && length > 0;
  if (with_body && length <= small_body)
    head_ += response.body.empty() ? response.bytes.view() : response.body;
  out_.push_back(Bytes::lasting(head_));  // head_ stays as it is until this is out
  if (with_body && length > small_body)
    out_.push_back(response.body.empty() ? std::move(response.bytes)
                                         : Bytes(std::move(response.body)));
}

/// Without a length the answer has no body, or ends with the connection.
void Connection::write_head(const Response& response, const std::size_t* length) {
  head_.clear();
  const auto to = std::back_inserter(head_);
  fmt::format_to(to, "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status,
                 reason_phrase(response.status), loop_.date());
  if (!response.content_type.empty())
    fmt::format_to(to, "Content-Type: {}\r\n", response.content_type);
  if (length) fmt::format_to(to, "Content-Length: {}\r\n", *length);
  for (const auto& [name, value] : response.headers)
    if (!is_ours(name)) fmt::format_to(to, "{}: {}\r\n", name, value);
  for (const auto& [name, value] : kGuards)
    if (!says(response, name)) ((head_ += name) += ": ").append(value) += "\r\n";
  if (tls_) head_ += kOnlyTls;
  if (close_after_)
    head_ += "Connection: close\r\n";
  else if (parser_.old_version())
    head_ += "Connection: keep-alive\r\n";
  head_ += "\r\n";
}

Moved Connection::send_some(std::size_t& put) {
  if (tls_) {
    std::string_view first = out_[out_index_].view().substr(out_offset_);
    if (first.size() < record_size &&
        out_index_ + 1 < out_.size()) {  // several small ones make one record
      auto& scratch = loop_.scratch();
      std::size_t filled = 0;
      for (std::size_t i = out_index_; i < out_.size() && filled < record_size; ++i) {
        const auto part = out_[i]
                              .view()
                              .substr(i == out_index_ ? out_offset_ : 0)
                              .substr(0, record_size - filled);
        std::memcpy(scratch.data() + filled, part.data(), part.size());
        filled += part.size();
      }
      first = {scratch.data(), filled};
    }
    return tls_->write(first, put);
  }
  std::array<iovec, most_vectors> vectors;
  std::size_t count = 0;
  for (std::size_t i = out_index_; i < out_.size() && count < most_vectors; ++i) {
    const auto part = out_[i].view().substr(i == out_index_ ? out_offset_ : 0);
    vectors[count++] = {const_cast<char*>(part.data()), part.size()};
  }
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = count;
  ssize_t n = 0;
  do n = ::sendmsg(watch_.native_handle(), &message, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? Moved::want_write : Moved::failed;
  put = static_cast<std::size_t>(n);
  return Moved::some;
}

// Writes what stands in out_; `some` when all of it is out.
Moved Connection::flush() {
  while (out_index_ < out_.size()) {
    std::size_t put = 0;
    const Moved moved = send_some(put);
    if (moved != Moved::some) return moved;
    loop_.tally().bytes_out.fetch_add(put, std::memory_order_relaxed);
    last_written_ = loop_.elapsed();
    if (state_ == State::writing) deadline_in(loop_.config().write_timeout);
    const std::size_t ours = std::min(put, uncounted_);
    uncounted_ -= ours;
    if (queue_ && put > ours) queue_->written(put - ours);
    while (put > 0 || (out_index_ < out_.size() && out_[out_index_].size() == out_offset_)) {
      const std::size_t left = out_[out_index_].size() - out_offset_;
      if (put < left) {
        out_offset_ += put;
        break;
      }
      put -= left;
      ++out_index_;
      out_offset_ = 0;
    }
  }
  out_.clear();
  out_index_ = 0;
  return Moved::some;
}

Connection::Next Connection::write_out() {
  switch (flush()) {
    case Moved::some:
      return after_answer();
    case Moved::want_read:
      return Next::read;
    case Moved::want_write:
      return Next::write;
    case Moved::closed:
    case Moved::failed:
      break;
  }
  cut();
  return Next::rest;
}

Connection::Next Connection::after_answer() {
  release_charge();
  if (close_after_) {
    if (tls_) tls_->shutdown();
    if (refused_ || !input_.empty()) return linger();
    cut();
    return Next::rest;
  }
  parser_.reset();
  answer_.reset();
  state_ = State::reading;
  begun_ = starving_ = head_only_ = false;
  body_received_ = 0;
  deadline_in(loop_.config().idle_timeout);
  return Next::again;
}

// Closing with unread bytes in the socket would reset the connection, and the client might never
// read why it was refused (RFC 9112 §9.6): say that nothing more comes, and swallow for a while.
Connection::Next Connection::linger() {
  state_ = State::lingering;
  deadline_in(linger_time);
  input_.clear();
  readable_ = true;
  ::shutdown(watch_.native_handle(), SHUT_WR);
  return Next::again;
}

Connection::Next Connection::drain() {
  const ssize_t n =
      ::recv(watch_.native_handle(), loop_.scratch().data(), loop_.scratch().size(), 0);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Next::read;
  if (n > 0) drained_ += static_cast<std::size_t>(n);
  if (n > 0 && drained_ <= most_drained) return Next::again;
  cut();
  return Next::rest;
}

void Connection::begin_stream(std::uint64_t number, Response&& head,
                              const std::shared_ptr<StreamQueue>& queue) {
  if (number != number_ || state_ != State::handling || answer_) return queue->closed();
  if (head.content_type.empty()) head.content_type = "text/event-stream";
  close_after_ = true;
  if (head_only_ || !can_be_sent(head)) {
    queue->closed();
    begin_writing(std::move(head));
    return run();
  }
  queue_ = queue;
  write_head(head, nullptr);
  head_ += head.body.empty() ? head.bytes.view() : head.body;
  out_.push_back(Bytes::lasting(head_));
  uncounted_ = head_.size();
  state_ = State::streaming;
  last_written_ = loop_.elapsed();
  loop_.tally().streams.fetch_add(1, std::memory_order_relaxed);
  loop_.tally().streams_now.fetch_add(1, std::memory_order_relaxed);
  if (loop_.stopping()) queue_->end();
  release_charge();
  run();
}

Connection::Next Connection::pump() {
  while (readable_) {  // nothing is expected from the client but its leaving
    std::size_t got = 0;
    const Moved moved = receive(loop_.scratch().data(), loop_.scratch().size(), got);
    drained_ += got;
    if (moved == Moved::closed || moved == Moved::failed || drained_ > most_drained) {
      cut();
      return Next::rest;
    }
  }
  const StreamQueue::State told = queue_->take(out_);
  if (told == StreamQueue::State::too_slow) {
    loop_.tally().refuse(Refusing::slow_reader);
    cut();
    return Next::rest;
  }
  const Moved moved = flush();
  if (moved == Moved::closed || moved == Moved::failed) {
    cut();
    return Next::rest;
  }
  wait_readable();
  if (moved != Moved::some) return moved == Moved::want_write ? Next::write : Next::read;
  if (told == StreamQueue::State::ending) {
    if (tls_) tls_->shutdown();
    cut();
  }
  return Next::rest;
}

}  // namespace lifang::http::detail
