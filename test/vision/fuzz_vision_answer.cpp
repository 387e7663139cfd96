// Any bytes as what a node answers: over a socket through the eyes' own client, and as the body of an answer that came well.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <boost/json.hpp>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "fuzz/fuzz_main.hpp"
#include "platform/http/client.hpp"
#include "support/test_folder.hpp"
#include "vision/serve/carrier.hpp"
#include "vision/serve/steering.hpp"

namespace {

using namespace lifang;
using namespace lifang::vision;

constexpr std::size_t most_answer = 1 << 16;

/// Says the same bytes to whoever asks, and hangs up.
class Mouth {
 public:
  Mouth() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string at = path();
    std::copy_n(at.begin(), std::min(at.size(), sizeof(address.sun_path) - 1), address.sun_path);
    const bool bound = ::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    check(bound && ::listen(listening_, 8) == 0, "a socket of its own");
    thread_ = std::thread([this] { answer(); });
  }
  ~Mouth() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
  }
  std::string path() const { return (folder_.path() / "node").string(); }
  void say(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    bytes_ = bytes;
  }

 private:
  void answer() {
    for (int asked = 0; (asked = ::accept(listening_, nullptr, nullptr)) >= 0; ::close(asked)) {
      std::array<char, 4096> piece{};
      for (std::string heard; heard.find("\r\n\r\n") == std::string::npos;) {
        const ssize_t got = ::read(asked, piece.data(), piece.size());
        if (got <= 0) break;
        heard.append(piece.data(), static_cast<std::size_t>(got));
      }
      const std::string bytes = said();
      for (std::string_view left = bytes; !left.empty();) {
        const ssize_t sent = ::send(asked, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        left.remove_prefix(static_cast<std::size_t>(sent));
      }
    }
  }

  std::string said() {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

  TestFolder folder_;
  int listening_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::mutex mutex_;
  std::string bytes_;  ///< guarded by mutex_
  std::thread thread_;
};

std::optional<Wanted> understood(std::string_view body) {
  try {
    return wanted_of(body);
  } catch (const Refusal&) {
    return std::nullopt;
  }
}

void hear(std::string_view body) {
  file_id_in(body);
  const auto wanted = understood(body);
  if (!wanted || wanted->drawn.empty()) return;
  const boost::json::value drawn = parse_json(wanted->drawn);  // what was taken for a view can be read again
  View own;
  own.masks = {{{0, 0}, {9, 0}, {9, 9}}};
  try {
    check(compose(own, drawn).masks.size() >= own.masks.size(), "a mask was drawn away");
  } catch (const Refusal&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Mouth mouth;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  hear(bytes);
  mouth.say(bytes);
  http::Client::Config config;
  config.unix_path = mouth.path();
  config.timeout = Duration{10'000};
  config.max_answer = most_answer;
  http::Client client("http://node", config);
  const http::Reply reply = client.get("/api/v1/token/attributes");
  check(reply.failure != http::Failure::timeout, "whoever hangs up is not waited for");
  check(reply.body.size() <= most_answer, "an answer is bounded");
  check(!reply.good() || meaning_of(reply) == Meaning::good, "2xx is good");
  hear(reply.body);
  return 0;
}
