// QR codes (ISO/IEC 18004) for what is printed: versions 1 to 10, alphanumeric or byte mode, drawn as SVG.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lifang {

/// How much of a code may be lost: about 7, 15, 25 and 30 per cent.
enum class QrLevel { L, M, Q, H };

/// The modules of the code, row by row, dark ones true; the smallest version that holds the text. Nothing where even version
/// 10 does not (at level M: 213 bytes).
std::vector<std::vector<bool>> qr_modules(std::string_view text, QrLevel level = QrLevel::M);

/// The code as one `<svg>` with its quiet zone of four modules, black on white; `label` is read out. Empty where the text is
/// too long for a code.
std::string qr_svg(std::string_view text, std::string_view label, QrLevel level = QrLevel::M);

}  // namespace lifang
