// The files that a word on the command line means: one file, or a folder's, in the order of their names.
#pragma once
#include <filesystem>
#include <string_view>
#include <vector>

namespace lifang::vision {

inline const std::vector<std::string_view> picture_endings{".jpg", ".jpeg", ".png", ".bmp", ".pgm"};
inline const std::vector<std::string_view> clip_endings{".mp4", ".mkv", ".avi", ".ts", ".mov", ".webm"};

/// `path` itself when it is a file; else every file below it with one of the endings, sorted by path. Throws
/// Refusal (missing, "vision.path") when there is no such path.
std::vector<std::filesystem::path> files_of(const std::filesystem::path& path, const std::vector<std::string_view>& endings);

}  // namespace lifang::vision
