// The grammar of Chinese number plates (GA 36-2018): which character may stand where, and how plates compare.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lifang::vision {

/// Everything that can stand on a plate, each one UTF-8 character: 31 provinces, letters, digits, endings.
const std::vector<std::string>& plate_symbols();

/// Whether the symbol may stand at `position` (0-based) of a plate of `length` characters (7, or 8 for new
/// energy). Province; letter without I (O is the police's); then letters without I and O, and digits; the
/// last of seven may be 挂 学 警 港 澳 领 使. Eight: D or F (or A B C E G H J K) third for small, D or F last for large cars.
bool plate_allows(std::size_t symbol, std::size_t position, std::size_t length);

/// Whether the text is a whole plate.
bool is_plate(std::string_view text);

/// UTF-8 characters of a text; a malformed byte is a character of its own.
std::vector<std::string> characters_of(std::string_view text);

/// Smallest number of inserted, removed or exchanged characters between two plates (Levenshtein).
std::size_t plate_distance(std::string_view a, std::string_view b);

/// Index in `list` of the only plate within one edit of `text`; an exact one always wins. npos when none or
/// several fit: a gate must not open for a plate that could be two.
std::size_t match_plate(std::string_view text, const std::vector<std::string>& list);
inline constexpr std::size_t npos = static_cast<std::size_t>(-1);

}  // namespace lifang::vision
