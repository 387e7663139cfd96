// One-time codes of an authenticator: RFC 6238 over HMAC-SHA-1, 6 digits, steps of 30 s.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace lifang::accounts {

inline constexpr std::size_t kTotpSecretBytes = 20;  ///< RFC 4226 §4: 160 bits recommended

/// The step that an instant lies in.
std::int64_t totp_step(Time t);
/// The code of a step, six digits.
std::string totp_code(std::string_view secret, std::int64_t step);
/// The step whose code this is: the present one, or a neighbour for clocks that differ; only steps after `used`, so
/// that a code that somebody saw works once.
std::optional<std::int64_t> totp_fits(std::string_view secret, std::string_view code, Time now, std::int64_t used);
/// RFC 4648 §6, without padding.
std::string to_base32(std::string_view bytes);

}  // namespace lifang::accounts
