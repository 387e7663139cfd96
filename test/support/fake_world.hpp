// A world that the test moves by hand: time stands still until told, ids count up.
#pragma once
#include <fmt/format.h>

#include <atomic>
#include <mutex>

#include "base/real_world.hpp"
#include "base/world.hpp"

namespace lifang {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(Time start = from_ms(1'767'225'600'000)) : now_(to_ms(start)) {}  // 2026-01-01T00:00Z
  Time now() const override { return from_ms(now_.load()); }
  void advance(Duration d) { now_ += d.count(); }
  void set(Time t) { now_ = to_ms(t); }

 private:
  std::atomic<std::int64_t> now_;
};

class FakeSteady final : public Steady {
 public:
  Duration elapsed() const override { return Duration{elapsed_.load()}; }
  void advance(Duration d) { elapsed_ += d.count(); }

 private:
  std::atomic<std::int64_t> elapsed_{1'000'000};
};

/// Reproducible: the n-th id is always the same text, and so are the "random" bytes.
class FakeIds final : public Ids {
 public:
  void follow(Time newest) override { followed_ = std::max(followed_, newest); }
  Time followed() const { return followed_; }
  std::string ulid() override { return fmt::format("{:026}", ++count_); }
  std::string random_bytes(std::size_t n) override {
    std::string bytes(n, '\0');
    for (char& c : bytes) c = static_cast<char>(next());
    return bytes;
  }

 private:
  /// SplitMix64 (Steele, Lea, Flood 2014): tokens drawn from it never repeat.
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  std::atomic<std::uint64_t> count_{0};
  std::atomic<std::uint64_t> state_{1};
  Time followed_{};
};

struct FakeWorld {
  FakeClock clock;
  FakeIds ids;
  World world{clock, ids};
};

}  // namespace lifang
