// How many requests somebody may make in a minute, as a bucket that fills again evenly.
#pragma once
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/time.hpp"

namespace lifang::http {

class Allowance {
 public:
  /// 0: as many as they like.
  explicit Allowance(std::uint32_t a_minute) : a_minute_(a_minute) {}
  /// Before the first take().
  void set(std::uint32_t a_minute) { a_minute_ = a_minute; }
  /// False when `who` has used up what fills within a minute. Any thread.
  bool take(const std::string& who, Time now);

 private:
  struct Bucket {
    double left = 0;
    Time at{};
  };
  void forget_full(Time now);

  double a_minute_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace lifang::http
