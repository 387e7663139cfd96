// Talk: a conversation with an MQTT server, written down line by line and held over a real socket.
#pragma once
#include <string>
#include <string_view>

#include "support/mqtt_desk.hpp"

namespace lifang {

/// A blocking client that knows nothing of MQTT: it sends what it is told and compares what it
/// hears.
class Talk {
 public:
  explicit Talk(Porch& porch, bool tls = false);
  ~Talk();
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  /// One line a step, in the notation of wire():
  ///   > …        the client sends this
  ///   < …        the server sends exactly this next
  ///   < closed   the server closes
  ///   hold       the desk acknowledges nothing by itself from here on
  ///   commit     it acknowledges what it holds, as after a commit
  ///   wait N     until the desk has heard N publishes in all
  ///   advance MS the clock moves
  ///   hang up    the client closes its socket
  /// Blank lines and lines that begin with # are left out. A failure names the line; the rest is
  /// not held.
  void hold(std::string_view script);
  void send(std::string_view bytes);
  /// Reads exactly so many bytes, fewer only at the end of the stream.
  std::string read(std::size_t n);
  /// Reads to the end of the stream.
  std::string read_all();
  void hang_up();

 private:
  bool step(std::string_view line);
  long read_some(char* to, std::size_t room);

  struct Secure;
  Porch& porch_;
  int descriptor_ = -1;
  Secure* secure_ = nullptr;
};

/// One conversation on a server of its own.
void hold_talk(std::string_view script);

}  // namespace lifang
