#include "rooms/readings/readings_rollup.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.hpp"
#include "rooms/readings/readings_batch.hpp"
#include "rooms/readings/readings_doubles.hpp"
#include "rooms/readings/readings_ints.hpp"

// Layout: version byte 1, varint count, hours since the origin and counts (readings_ints), last
// values, and of the buckets with more than one point: least, greatest and sum (readings_doubles).

namespace lifang::readings {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kBlockHours = static_cast<std::size_t>(kBlockMs / kHourMs);

/// The nearest number of at most six decimals, if `sum` can differ from it by rounding alone.
double plain(double sum, double noise) {
  for (const double power : {1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6}) {
    if (!(std::abs(sum * power) < 9e15)) return sum;
    const double rounded = std::nearbyint(sum * power) / power;
    if (std::abs(rounded - sum) <= noise) return rounded;
  }
  return sum;
}

/// Gathers one bucket; `close` takes the rounding noise off.
class Gathering {
 public:
  explicit Gathering(std::vector<Bucket>& out) : out_(out) {}
  void add(const Bucket& part) {
    if (open_.count != 0 && open_.ts != part.ts) close();
    if (open_.count == 0) {
      open_ = part;
      magnitude_ = std::abs(part.sum);
      parts_ = 1;
      return;
    }
    open_.count += part.count;
    open_.min = std::min(open_.min, part.min);
    open_.max = std::max(open_.max, part.max);
    open_.sum += part.sum;
    open_.last = part.last;
    magnitude_ += std::abs(part.sum);
    ++parts_;
  }
  void close() {
    if (open_.count == 0) return;
    // Each addition errs by half a unit in the last place of what has come together by then.
    if (parts_ > 1)
      open_.sum = plain(open_.sum, parts_ * std::numeric_limits<double>::epsilon() * magnitude_);
    out_.push_back(open_);
    open_ = {};
  }

 private:
  std::vector<Bucket>& out_;
  Bucket open_;
  double magnitude_ = 0;
  double parts_ = 0;
};

}  // namespace

std::int64_t Steps::start_of(std::int64_t ts) const {
  const std::int64_t shown = ts + offset;
  const std::int64_t rest = shown % length;
  return shown - (rest < 0 ? rest + length : rest) - offset;
}

std::vector<Bucket> buckets_of(std::span<const Point> points, Steps steps) {
  std::vector<Bucket> buckets;
  Gathering gathering(buckets);
  for (const Point& p : points)
    if ((p.flags & suspect) == 0)
      gathering.add({steps.start_of(p.ts), 1, p.value, p.value, p.value, p.value});
  gathering.close();
  return buckets;
}

std::vector<Bucket> coarser(std::span<const Bucket> finer, Steps steps) {
  std::vector<Bucket> buckets;
  Gathering gathering(buckets);
  for (Bucket part : finer) {
    part.ts = steps.start_of(part.ts);
    gathering.add(part);
  }
  gathering.close();
  return buckets;
}

std::vector<Bucket> joined(std::span<const Bucket> kept, std::span<const Bucket> fresh) {
  std::vector<Bucket> all;
  all.reserve(std::max(kept.size(), fresh.size()));
  std::size_t k = 0, f = 0;
  while (k < kept.size() || f < fresh.size()) {
    if (f == fresh.size() || (k < kept.size() && kept[k].ts < fresh[f].ts)) {
      all.push_back(kept[k++]);
    } else if (k == kept.size() || fresh[f].ts < kept[k].ts) {
      all.push_back(fresh[f++]);
    } else {
      all.push_back(kept[k].count > fresh[f].count ? kept[k] : fresh[f]);
      ++k;
      ++f;
    }
  }
  return all;
}

std::string encode_hours(std::span<const Bucket> hours, std::int64_t origin_ms) {
  check(!hours.empty() && hours.size() <= kBlockHours, "a block has 1 to 192 hours");
  std::vector<std::int64_t> at, count;
  std::vector<double> last, min, max, sum;
  for (const Bucket& b : hours) {
    at.push_back((b.ts - origin_ms) / kHourMs);
    check(origin_ms + at.back() * kHourMs == b.ts, "hours begin on the hour");
    count.push_back(static_cast<std::int64_t>(b.count));
    last.push_back(b.last);
    if (b.count == 1) continue;
    min.push_back(b.min);
    max.push_back(b.max);
    sum.push_back(b.sum);
  }
  std::string out(1, kVersion);
  put_varint(out, hours.size());
  put_ints(out, at);
  put_ints(out, count);
  put_doubles(out, last);
  if (min.empty()) return out;
  put_doubles(out, min);
  put_doubles(out, max);
  put_doubles(out, sum);
  return out;
}

bool decode_hours(std::string_view bytes, std::int64_t origin_ms, std::vector<Bucket>& hours) {
  if (bytes.empty() || bytes[0] != kVersion) return false;
  bytes.remove_prefix(1);
  std::uint64_t n = 0;
  if (!get_varint(bytes, n) || n == 0 || n > kBlockHours) return false;
  std::vector<std::int64_t> at(n), count(n);
  std::vector<double> last(n);
  if (!get_ints(bytes, at) || !get_ints(bytes, count) || !get_doubles(bytes, last)) return false;
  std::size_t several = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (count[i] < 1 || at[i] < 0 || at[i] >= static_cast<std::int64_t>(kBlockHours) ||
        (i > 0 && at[i] <= at[i - 1]))
      return false;
    if (count[i] > 1) ++several;
  }
  std::vector<double> min(several), max(several), sum(several);
  if (several > 0 &&
      (!get_doubles(bytes, min) || !get_doubles(bytes, max) || !get_doubles(bytes, sum)))
    return false;
  if (!bytes.empty()) return false;
  for (std::size_t i = 0, k = 0; i < n; ++i) {
    Bucket b{origin_ms + at[i] * kHourMs,
             static_cast<std::uint64_t>(count[i]),
             last[i],
             last[i],
             last[i],
             last[i]};
    if (b.count > 1) {
      b.min = min[k];
      b.max = max[k];
      b.sum = sum[k++];
    }
    hours.push_back(b);
  }
  return true;
}

}  // namespace lifang::readings
