#include "platform/http/client.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <cerrno>
#include <cstring>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "platform/http/body_reader.hpp"

namespace lifang::http {
namespace {

namespace beast = boost::beast;

constexpr std::uint32_t most_head = 64 * 1024;

/// The head of an answer; bodies are BodyReader's.
class HeadParser final : public beast::http::basic_parser<false> {
 public:
  HeadParser() {
    header_limit(most_head);
    skip(true);
  }
  int status = 0;
  Pairs headers;

 private:
  using Code = beast::error_code;
  using Text = beast::string_view;
  void on_request_impl(beast::http::verb, Text, Text, int, Code&) override {}
  void on_response_impl(int code, Text, int, Code&) override { status = code; }
  void on_field_impl(beast::http::field, Text name, Text value, Code&) override {
    headers.emplace_back(std::string(name.data(), name.size()),
                         std::string(value.data(), value.size()));
  }
  void on_header_impl(Code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(Text body, Code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, Code&) override { return body.size(); }
  void on_finish_impl(Code&) override {}
};

std::string_view find_header(const Pairs& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (same_token(key, name)) return value;
  return {};
}

std::string numeric_address(const addrinfo& found) {
  std::array<char, NI_MAXHOST> text{};
  if (::getnameinfo(found.ai_addr, found.ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0)
    return {};
  return text.data();
}

Pairs with_json(Pairs headers) {
  if (find_header(headers, "content-type").empty())
    headers.emplace_back("Content-Type", "application/json");
  return headers;
}

}  // namespace

/// One request on its way.
struct Client::Talk {
  std::string input;
  Reply reply;
  bool keep_alive = false, head_only = false;
  bool heard = false;       ///< a byte of the answer has come
  std::uint64_t limit = 0;  ///< bytes of body
  BodyReader body = BodyReader::of_length(0, 0);
};

std::string_view failure_name(Failure failure) {
  constexpr std::array<std::string_view, 10> names{
      "none", "cancelled", "resolve",  "private_address", "connect",
      "tls",  "timeout",   "protocol", "too_large",       "closed"};
  return names[static_cast<std::size_t>(failure)];
}

std::string_view Reply::header(std::string_view name) const {
  return find_header(headers, name);
}

Client::Client(std::string_view url, Config config) : config_(std::move(config)) {
  auto parsed = parse_url(url);
  if (!parsed) throw Refusal{RefusalKind::invalid, "http.bad_url", "not an http or https address"};
  url_ = std::move(*parsed);
  if (url_.tls) context_ = TlsContext::client(config_.authorities);
  timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  check(timer_ >= 0, "no timer to be had");
}

Client::~Client() {
  close();
  ::close(timer_);
}

void Client::close() {
  if (tls_) tls_->shutdown();
  tls_.reset();
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

// The deadline is a descriptor: whatever waits for the socket waits for it too, and nobody reads a
// clock.
void Client::arm(Duration d) {
  itimerspec when{};
  when.it_value.tv_sec = d.count() / 1000;
  when.it_value.tv_nsec = d.count() % 1000 * 1'000'000 + 1;  // zero would disarm
  ::timerfd_settime(timer_, 0, &when, nullptr);
}

void Client::cancel() {
  cancelled_ = true;
  arm(Duration{0});
}

Failure Client::wait(short events) {
  std::array<pollfd, 2> both{{{socket_, events, 0}, {timer_, POLLIN, 0}}};
  while (true) {
    if (cancelled_) return Failure::cancelled;
    const int n = ::poll(both.data(), both.size(), -1);
    if (n < 0 && errno == EINTR) continue;
    if (both[1].revents != 0) return cancelled_ ? Failure::cancelled : Failure::timeout;
    if (n > 0) return Failure::none;
  }
}

Failure Client::connect_to(const void* address, unsigned size, int family) {
  socket_ = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return Failure::connect;
  if (::connect(socket_, static_cast<const sockaddr*>(address), size) != 0) {
    if (errno != EINPROGRESS) return Failure::connect;
    if (const Failure failure = wait(POLLOUT); failure != Failure::none) return failure;
    int error = 0;
    socklen_t error_size = sizeof error;
    if (::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &error_size) != 0 || error != 0)
      return Failure::connect;
  }
  const int on = 1;
  if (family != AF_UNIX) ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return Failure::none;
}

Failure Client::open() {
  if (!config_.unix_path.empty()) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (config_.unix_path.size() >= sizeof address.sun_path) return Failure::connect;
    std::memcpy(address.sun_path, config_.unix_path.data(), config_.unix_path.size());
    return connect_to(&address, sizeof address, AF_UNIX);
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(url_.host.c_str(), fmt::format("{}", url_.port).c_str(), &hints, &found) != 0)
    return Failure::resolve;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> keep(found, ::freeaddrinfo);
  // All addresses are judged, and the judged ones are connected to: a second look-up could answer
  // otherwise.
  if (config_.public_only)
    for (const addrinfo* one = found; one; one = one->ai_next)
      if (!is_public_address(numeric_address(*one))) return Failure::private_address;
  Failure failure = Failure::resolve;
  for (const addrinfo* one = found; one; one = one->ai_next) {
    close();
    failure = connect_to(one->ai_addr, one->ai_addrlen, one->ai_family);
    if (failure != Failure::connect) break;
  }
  if (failure != Failure::none || !url_.tls) return failure;
  return start_tls();
}

Failure Client::start_tls() {
  tls_ = std::make_unique<TlsSession>(context_, socket_, url_.host);
  while (true) {
    const Moved moved = tls_->handshake();
    if (moved == Moved::some) return Failure::none;
    if (moved == Moved::closed || moved == Moved::failed) return Failure::tls;
    if (const Failure failure = wait(moved == Moved::want_read ? POLLIN : POLLOUT);
        failure != Failure::none)
      return failure;
  }
}

/// Whether the server has closed the kept connection meanwhile (or said something unasked).
bool Client::is_stale() const {
  char byte = 0;
  return ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 ||
         (errno != EAGAIN && errno != EWOULDBLOCK);
}

Failure Client::send(std::string_view text) {
  while (!text.empty()) {
    std::size_t put = 0;
    Moved moved = Moved::some;
    if (tls_) {
      moved = tls_->write(text, put);
    } else if (const auto n = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL); n >= 0) {
      put = static_cast<std::size_t>(n);
    } else {
      moved = errno == EAGAIN || errno == EINTR ? Moved::want_write : Moved::failed;
    }
    text.remove_prefix(put);
    if (moved == Moved::some) continue;
    if (moved == Moved::closed || moved == Moved::failed) return Failure::closed;
    if (const Failure failure = wait(moved == Moved::want_read ? POLLIN : POLLOUT);
        failure != Failure::none)
      return failure;
  }
  return Failure::none;
}

// Appends what there is, waiting for at least one byte.
Failure Client::receive(std::string& to) {
  std::array<char, 64 * 1024> chunk;
  while (true) {
    std::size_t got = 0;
    Moved moved = Moved::some;
    if (tls_) {
      moved = tls_->read(chunk.data(), chunk.size(), got);
    } else if (const auto n = ::recv(socket_, chunk.data(), chunk.size(), 0); n > 0) {
      got = static_cast<std::size_t>(n);
    } else {
      moved = n == 0                              ? Moved::closed
              : errno == EAGAIN || errno == EINTR ? Moved::want_read
                                                  : Moved::failed;
    }
    if (moved == Moved::closed || moved == Moved::failed) return Failure::closed;
    if (moved == Moved::some) {
      to.append(chunk.data(), got);
      return Failure::none;
    }
    if (const Failure failure = wait(moved == Moved::want_write ? POLLOUT : POLLIN);
        failure != Failure::none)
      return failure;
  }
}

std::string Client::head_of(std::string_view method, std::string_view target, const Pairs& headers,
                            std::string_view body) const {
  std::string head = fmt::format("{} {} HTTP/1.1\r\n", method, target);
  if (find_header(headers, "host").empty()) head += fmt::format("Host: {}\r\n", url_.authority());
  for (const auto& [name, value] : headers) head += fmt::format("{}: {}\r\n", name, value);
  if (!body.empty() || (method != "GET" && method != "HEAD" && method != "DELETE"))
    head += fmt::format("Content-Length: {}\r\n", body.size());
  head += "\r\n";
  const auto lines = std::count(head.begin(), head.end(), '\n');
  check(lines <= static_cast<std::ptrdiff_t>(headers.size()) + 4,
        "a header or target with a line break in it");
  return head;
}

Failure Client::read_head(Talk& talk) {
  while (true) {  // answers of 100 and the like come before the one that counts
    HeadParser parser;
    while (true) {
      beast::error_code ec = beast::http::error::need_more;
      if (!talk.input.empty())
        talk.input.erase(0, parser.put({talk.input.data(), talk.input.size()}, ec));
      if (ec && ec != beast::http::error::need_more) return Failure::protocol;
      if (parser.is_done()) break;
      if (const Failure failure = receive(talk.input); failure != Failure::none) return failure;
      talk.heard = true;
    }
    talk.reply.status = parser.status;
    talk.reply.headers = std::move(parser.headers);
    if (parser.status / 100 == 1) continue;
    const std::string_view coding = talk.reply.header("transfer-encoding");
    if (!coding.empty() && !same_token(coding, "chunked")) return Failure::protocol;
    const auto length = parser.content_length();
    talk.keep_alive = parser.keep_alive();
    if (talk.head_only || parser.status == 204 || parser.status == 304) {
      talk.body = BodyReader::of_length(0, 0);
    } else if (!coding.empty()) {
      talk.body = BodyReader::chunked(talk.limit);
    } else if (length) {
      talk.body = BodyReader::of_length(*length, talk.limit);
    } else {
      talk.body = BodyReader::until_close(talk.limit);
      talk.keep_alive = false;
    }
    return Failure::none;
  }
}

Failure Client::read_body(Talk& talk, const std::function<bool(std::string_view)>& take) {
  while (true) {
    std::string_view view = talk.input, piece;
    while (talk.body.next(view, piece) == BodyReader::State::more && !view.empty())
      if (!piece.empty() && !take(piece)) return Failure::none;
    if (!piece.empty() && !take(piece)) return Failure::none;
    talk.input.erase(0, talk.input.size() - view.size());
    if (talk.body.state() == BodyReader::State::done) return Failure::none;
    if (talk.body.state() == BodyReader::State::too_large) return Failure::too_large;
    if (talk.body.state() == BodyReader::State::bad) return Failure::protocol;
    const Failure failure = receive(talk.input);
    if (failure == Failure::closed && talk.body.close() == BodyReader::State::done)
      return Failure::none;
    if (failure != Failure::none) return failure;
  }
}

// Sends the request and reads the head of the answer. A kept connection may have been closed by the
// server at this very moment: then what may be repeated (RFC 9110 §9.2.2) is sent once more on a
// new one.
Failure Client::exchange(Talk& talk, std::string_view method, std::string_view target,
                         const Pairs& headers, std::string_view body) {
  const std::string head = head_of(method, target, headers, body);
  talk.head_only = method == "HEAD";
  if (socket_ >= 0 && is_stale()) close();
  while (true) {
    const bool fresh = socket_ < 0;
    Failure failure = fresh ? open() : Failure::none;
    if (failure != Failure::none) return failure;
    failure = send(head);
    if (failure == Failure::none && !body.empty()) failure = send(body);
    // A server that refuses early closes while we still send: its answer may be there all the same.
    if (failure == Failure::none || failure == Failure::closed) failure = read_head(talk);
    if (failure != Failure::closed || fresh || talk.heard || method == "POST" || method == "PATCH")
      return failure;
    close();
  }
}

Reply Client::request(std::string_view method, std::string_view target, const Pairs& headers,
                      std::string_view body) {
  Talk talk;
  talk.limit = config_.max_answer;
  arm(config_.timeout);
  talk.reply.failure = exchange(talk, method, target, headers, body);
  if (talk.reply.failure == Failure::none)
    talk.reply.failure = read_body(talk, [&](std::string_view piece) {
      talk.reply.body += piece;
      return true;
    });
  if (talk.reply.failure != Failure::none || !talk.keep_alive || !talk.input.empty()) close();
  return std::move(talk.reply);
}

Reply Client::post(std::string_view target, std::string_view json, Pairs headers) {
  return request("POST", target, with_json(std::move(headers)), json);
}

Reply Client::put(std::string_view target, std::string_view json, Pairs headers) {
  return request("PUT", target, with_json(std::move(headers)), json);
}

Reply Client::events(std::string_view target, const Pairs& headers,
                     const std::function<bool(const Event&)>& tell) {
  Talk talk;
  talk.limit = ~std::uint64_t{0};  // streams have no end; the reader bounds each event
  Pairs all = headers;
  all.emplace_back("Accept", "text/event-stream");
  arm(config_.timeout);
  talk.reply.failure = exchange(talk, "GET", target, all, {});
  const bool streaming = talk.reply.status == 200;
  bool wanted = true, readable = true;
  EventReader reader;
  const auto told = [&](const Event& event) { return wanted = tell(event); };
  const auto take = [&](std::string_view piece) {
    if (streaming) {
      arm(config_.silence);
      return readable = reader.feed(piece, told, config_.max_answer);
    }
    talk.reply.body += piece;
    return talk.reply.body.size() <= config_.max_answer;
  };
  if (streaming) arm(config_.silence);
  if (talk.reply.failure == Failure::none) talk.reply.failure = read_body(talk, take);
  if (streaming && wanted && talk.reply.failure == Failure::none)
    talk.reply.failure = readable ? Failure::closed : Failure::too_large;
  close();
  return std::move(talk.reply);
}

}  // namespace lifang::http
