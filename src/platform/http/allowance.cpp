#include "platform/http/allowance.hpp"

#include <algorithm>

namespace lifang::http {
namespace {

constexpr std::size_t kMostBuckets = 10'000;
constexpr double kMinute = 60'000;

}  // namespace

bool Allowance::take(const std::string& who, Time now) {
  if (a_minute_ == 0) return true;
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kMostBuckets && !buckets_.contains(who)) forget_full(now);
  const auto [at, fresh] = buckets_.try_emplace(who, Bucket{a_minute_, now});
  Bucket& bucket = at->second;
  // A clock that was set back fills nothing and takes nothing away.
  const double passed = std::max<double>(0, static_cast<double>((now - bucket.at).count()));
  bucket.left = std::min(a_minute_, bucket.left + passed * a_minute_ / kMinute);
  bucket.at = now;
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
}

void Allowance::forget_full(Time now) {
  std::erase_if(buckets_, [&](const auto& each) {
    return (now - each.second.at).count() >= static_cast<std::int64_t>(kMinute);
  });
}

}  // namespace lifang::http
