// Connection: one socket with its session, its unread rest and its place in the work lists of a
// loop.
#pragma once
#include "platform/mqtt/loop.hpp"

namespace lifang::mqtt {

struct Loop::Connection {
  Connection(Surroundings& around, ConnectionId id, Socket socket_in)
      : session(around, id), socket(std::move(socket_in)) {}

  Session session;
  Socket socket;
  Buffer in;  ///< the beginning of a packet, or packets that the session does not take yet
  Duration stuck_since{};  ///< since when nothing could be sent
  Duration leaving_since{};
  bool readable = false;  ///< the socket may have more (edge-triggered: nobody tells twice)
  bool writable = true;
  bool hung_up = false;    ///< its end was announced: read until it comes
  bool held_back = false;  ///< `in` may hold whole packets
  bool in_reads = false;
  bool in_flushes = false;
  bool dead = false;      ///< the socket failed; nothing can be sent
  bool leaving = false;   ///< the session has ended, its place is given up
  bool finished = false;  ///< our side is shut; waiting for the peer's end
};

}  // namespace lifang::mqtt
