#include "rooms/accounts/accounts_totp.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.hpp"
#include "base/text.hpp"

namespace lifang::accounts {

std::int64_t totp_step(Time t) { return to_ms(t) / 30'000; }

std::string totp_code(std::string_view secret, std::int64_t step) {
  unsigned char counter[8];
  for (int i = 0; i < 8; ++i) counter[i] = static_cast<unsigned char>(step >> (56 - 8 * i));
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  check(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter, sizeof counter, mac, &size) != nullptr &&
            size == 20,
        "HMAC-SHA-1 gives 20 bytes");
  const unsigned offset = mac[19] & 15U;  // RFC 4226 §5.3
  const std::uint32_t word = (mac[offset] & 0x7FU) << 24 | static_cast<std::uint32_t>(mac[offset + 1]) << 16 |
                             static_cast<std::uint32_t>(mac[offset + 2]) << 8 | mac[offset + 3];
  return fmt::format("{:06}", word % 1'000'000);
}

std::optional<std::int64_t> totp_fits(std::string_view secret, std::string_view code, Time now, std::int64_t used) {
  for (const std::int64_t step : {totp_step(now), totp_step(now) - 1, totp_step(now) + 1})
    if (step > used && equal_in_constant_time(totp_code(secret, step), code)) return step;
  return std::nullopt;
}

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) text += letters[held >> (bits - 5) & 31];
  }
  if (bits > 0) text += letters[held << (5 - bits) & 31];
  return text;
}

}  // namespace lifang::accounts
