#include "base/real_world.hpp"

#include <sodium.h>

#include <algorithm>

#include "base/check.hpp"

namespace lifang {

Time RealClock::now() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Duration RealSteady::elapsed() const {
  return std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

std::string RealIds::ulid() {
  const std::lock_guard lock(mutex_);
  const std::int64_t ms = to_ms(clock_.now());
  if (ms > last_ms_) {
    last_ms_ = ms;
    randombytes_buf(tail_, sizeof tail_);
  } else {  // the same millisecond, or a clock that stepped back: count up, so order stays
    for (int i = 9; i >= 0 && ++tail_[i] == 0; --i) continue;
  }
  return ulid_text(last_ms_, tail_);
}

void RealIds::follow(Time newest) {
  const std::lock_guard lock(mutex_);
  if (to_ms(newest) < last_ms_) return;
  last_ms_ = to_ms(newest) + 1;  // the ids of that millisecond itself are not known here
  randombytes_buf(tail_, sizeof tail_);
}

std::string RealIds::random_bytes(std::size_t n) {
  std::string bytes(n, '\0');
  randombytes_buf(bytes.data(), n);
  return bytes;
}

std::string ulid_text(std::int64_t ms, const unsigned char (&tail)[10]) {
  constexpr char kDigits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  unsigned char raw[16];
  for (int i = 0; i < 6; ++i) raw[i] = static_cast<unsigned char>(ms >> (40 - 8 * i));
  std::copy(std::begin(tail), std::end(tail), raw + 6);
  std::string text(26, '0');
  // 130 bits of text for 128 of value: the first character holds the top three bits.
  int bit = -2;
  for (char& c : text) {
    unsigned v = 0;
    for (int k = 0; k < 5; ++k, ++bit)
      v = v << 1 | (bit < 0 ? 0U : (raw[bit / 8] >> (7 - bit % 8)) & 1U);
    c = kDigits[v];
  }
  return text;
}

}  // namespace lifang
