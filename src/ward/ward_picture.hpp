// Pictures of the made-up district: drawn, never photographed.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace lifang::ward {

/// A small PNG (160 × 120, 16 colours) of a yard with something in it that depends on `what` (a kind of case) and
/// `seed`; `mended` draws it as somebody leaves it who did the work.
std::string picture_of(std::string_view what, std::uint64_t seed, bool mended);

}  // namespace lifang::ward
