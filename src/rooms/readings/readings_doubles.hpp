// Sequences of doubles in few bits, exact to the bit: measured values are decimals in disguise.
// Pure.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace lifang::readings {

/// Appends the values (any bits, NaN too) so that `get_doubles` with the same count gives them
/// back.
///
/// They become integers of 0–6 decimals if that gives back the very same double (also when a 32-bit
/// float carried the decimal), and their bits otherwise; a few odd ones among many plain ones are
/// kept beside them. The integers go through `put_ints`.
void put_doubles(std::string& out, std::span<const double> values);

/// Fills `values` from the front of `bytes`; false if the bytes are no such sequence. Any bytes are
/// safe.
bool get_doubles(std::string_view& bytes, std::span<double> values);

}  // namespace lifang::readings
