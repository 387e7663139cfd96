// One conversation with a viewing library (GA/T 1400.4): registering, keeping alive, handing over. Blocks; owns no time.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "rooms/exchange/exchange_viid.hpp"

namespace lifang::http {
struct Reply;
}
namespace lifang::exchange {

/// For one thread at a time, but for cancel().
class ViidSession {
 public:
  struct Settings {
    std::string url, system, login;
    Secret password;
    Duration patience{5000};  ///< for one answer
    int tries = 3;            ///< of each request, while no answer comes
  };
  ViidSession(Settings settings, World& world);
  ~ViidSession();
  ViidSession(const ViidSession&) = delete;
  ViidSession& operator=(const ViidSession&) = delete;

  /// Empty, or why it did not go well: "timeout", "401", "4 no such device".
  using Trouble = std::string;
  struct Enrolled {
    Trouble trouble;
    std::optional<Duration> clock_ahead;  ///< of ours, where the library tells its time
  };
  /// Registers, then asks for the time; a library that does not tell it is none the worse.
  Enrolled enrol();
  Trouble keep_alive();
  /// Once, on a connection of its own; whatever comes of it.
  void leave();

  struct Handed {
    Trouble trouble;      ///< no answer, or the session is over: all of it is to be sent again, as it is
    bool arrived = true;  ///< with a trouble: the library may have read what it broke at
    int refused = 0;      ///< the HTTP status with which the request as a whole was refused, or 0
    std::vector<viid::Status> statuses;  ///< as they came; empty with a good answer: all taken
  };
  Handed hand_over(CaptureKind kind, std::span<const std::string> objects);

  /// Any thread: ends what runs, and everything later but leave().
  void cancel();
  bool cancelled() const { return cancelled_; }

 private:
  struct Line;
  http::Reply ask(std::string_view method, std::string_view target, const std::string& body, int tries);
  http::Reply once(std::string_view method, std::string_view target, const std::string& body);
  std::string answer_to_challenge(std::string_view method, std::string_view target);

  Settings settings_;
  World& world_;
  std::mutex mutex_;  ///< of line_ itself, against cancel()
  std::unique_ptr<Line> line_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace lifang::exchange
