// Files that must be there after a power cut: whole, or as they were before.
#pragma once
#include <filesystem>
#include <string_view>

namespace lifang::vision {

/// Puts `text` in the place of a file at once, on disk before it returns; folders are made. False when the disk refused: the file is
/// then what it was.
bool write_durably(const std::filesystem::path& file, std::string_view text);

/// Adds a line, on disk before it returns. What a power cut tore off before it ends at its own line. False when the disk refused.
bool append_durably(const std::filesystem::path& file, std::string_view line);

}  // namespace lifang::vision
