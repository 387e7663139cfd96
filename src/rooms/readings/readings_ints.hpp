// Sequences of 64-bit integers in few bits: prediction, common divisor, Rice codes. Pure.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lifang::readings {

/// Appends a LEB128 number: 7 bits a byte, low ones first.
void put_varint(std::string& out, std::uint64_t value);
/// Takes one from the front of `bytes`; false if it is cut off or longer than 64 bits.
bool get_varint(std::string_view& bytes, std::uint64_t& value);

constexpr std::uint64_t zigzag(std::int64_t v) {
  return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t u) {
  return static_cast<std::int64_t>((u >> 1) ^ (~(u & 1) + 1));
}

/// Appends the integers (any values) so that `get_ints` with the same count gives them back.
///
/// Each number is predicted as the first one, its forerunner, or forerunner plus last step,
/// whichever costs least; what is left is divided by the common divisor, moved to its median, and
/// Rice-coded in groups of 64 (R. F. Rice, JPL 79-22, 1979). A regular sequence costs four bytes
/// whatever its length.
void put_ints(std::string& out, std::span<const std::int64_t> numbers);

/// Fills `numbers` from the front of `bytes`; false if the bytes are no such sequence. Any bytes
/// are safe.
bool get_ints(std::string_view& bytes, std::span<std::int64_t> numbers);

}  // namespace lifang::readings
