// The only place where the machine's clock and chance are read.
#pragma once
#include <mutex>

#include "base/world.hpp"

namespace lifang {

class RealClock final : public Clock {
 public:
  Time now() const override;
};

class RealSteady final : public Steady {
 public:
  Duration elapsed() const override;
};

/// ULIDs per https://github.com/ulid/spec (monotonic variant). Safe from any thread.
class RealIds final : public Ids {
 public:
  explicit RealIds(const Clock& clock) : clock_(clock) {}
  std::string ulid() override;
  void follow(Time newest) override;
  std::string random_bytes(std::size_t n) override;

 private:
  const Clock& clock_;
  std::mutex mutex_;
  std::int64_t last_ms_ = 0;
  unsigned char tail_[10] = {};
};

/// Both, for an errand without a node.
struct RealWorld {
  RealClock clock;
  RealIds ids{clock};
  World world{clock, ids};
};

/// 48 bits of milliseconds and 80 bits of tail as 26 characters of Crockford base 32.
std::string ulid_text(std::int64_t ms, const unsigned char (&tail)[10]);

}  // namespace lifang
