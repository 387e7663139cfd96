// Text: UTF-8, trimming, the normal form of what people type, masks, likeness, comparing in
// constant time.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lifang {

/// Well-formed UTF-8 (no surrogates, no overlong forms), any code point including U+0000.
bool valid_utf8(std::string_view text);

/// Code points of valid UTF-8; a stray byte counts as U+FFFD.
std::u32string to_code_points(std::string_view text);
std::string to_utf8(std::u32string_view points);
/// Code points, not bytes.
std::size_t length_of(std::string_view text);

/// Without white space at both ends: ASCII, U+00A0, U+3000, U+2000–U+200B and U+FEFF.
std::string_view trim(std::string_view text);

/// The normal form for looking up and blind indices: full-width letters, digits and signs become
/// half-width (Ａ１２ → a12), ASCII letters lower case, white space inside runs becomes one space,
/// none at the ends and none beside CJK characters (张 三 → 张三). Not a display form.
std::string normalise(std::string_view text);

/// Keeps the surname: 王小明 → 王**, 欧阳修 → 欧阳*; names in Latin letters keep their first
/// letter. As many stars as hidden characters, at most 3: a long name is not known by its length.
std::string mask_name(std::string_view name);
/// 13812345678 → 138****5678; anything shorter than 8 digits is hidden but for its last two.
std::string mask_phone(std::string_view phone);
/// Identity number (GB 11643): first four and last four stay, 3301**********1234.
std::string mask_identity(std::string_view number);
/// Keeps the address up to and including the building (幢, 栋, 号楼, 座, or 号 not followed by 楼),
/// hides the rest: 文一路 88 号府苑新村 3 幢 2 单元 501 → 文一路 88 号府苑新村 3 幢***. Without a
/// building: its first half.
std::string mask_address(std::string_view address);

/// Edits (insert, delete, replace one code point) from a to b if at most `limit`, else nullopt.
std::optional<std::size_t> edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// Terms for full-text search: each run of CJK characters as overlapping pairs (a lone one as
/// itself), each run of Latin letters and digits as one lower-case word; in order, repeats kept.
/// measured.md: trigram tokenizers find nothing shorter than three characters.
std::vector<std::string> search_terms(std::string_view text);

/// Han, kana, hangul: characters that stand without spaces between.
bool is_cjk(char32_t c);

/// Equal or not in time that depends only on the length of `given`.
bool equal_in_constant_time(std::string_view expected, std::string_view given);

std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view hex);
/// RFC 4648 §5, without padding.
std::string to_base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace lifang
