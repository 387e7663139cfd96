// World: where time, ids and chance come from. Passed in; nobody asks the machine himself.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace lifang {

class Clock {
 public:
  virtual ~Clock() = default;
  /// The wall clock, UTC. May step backwards; whoever needs order must cope.
  virtual Time now() const = 0;
};

class Steady {
 public:
  virtual ~Steady() = default;
  /// Time that never steps back, for time-outs; its zero means nothing.
  virtual Duration elapsed() const = 0;
};

class Ids {
 public:
  virtual ~Ids() = default;
  /// A sortable, unique body for an id: 26 characters of Crockford base 32 (ULID: 48 bits of time, 80 of
  /// chance), strictly increasing within the process.
  virtual std::string ulid() = 0;
  /// Ids made from now on sort behind those made at `newest`: a machine may boot with a clock that lost its battery.
  virtual void follow(Time newest) = 0;
  /// Bytes that nobody can guess, for tokens and secrets.
  virtual std::string random_bytes(std::size_t n) = 0;
};

/// Both by reference: the owner (main or a test) outlives everything that holds a World.
struct World {
  Clock& clock;
  Ids& ids;
};

}  // namespace lifang
