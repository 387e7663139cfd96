// Encoding: which one a text file from a spreadsheet program is in, and the same text as UTF-8.
#pragma once
#include <string>
#include <string_view>

namespace lifang::sheet {

enum class Encoding { utf8, utf16, gb18030 };

/// By byte order mark; without one, well-formed UTF-8 is UTF-8, and anything else GB 18030, which GBK and GB 2312 are
/// parts of: what Chinese Excel writes as "CSV".
Encoding encoding_of(std::string_view bytes);

/// The text as UTF-8 without a byte order mark. Throws Refusal (unreadable) `sheet.unknown_encoding` if the bytes are
/// none of them.
std::string to_utf8(std::string_view bytes);

/// What separates the fields of a CSV: the one of comma, semicolon and tab that stands most often in its first line.
char separator_of(std::string_view text);

}  // namespace lifang::sheet
