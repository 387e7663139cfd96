#include "vision/commands/files.hpp"

#include <algorithm>
#include <string>

#include "base/refusal.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& path, const std::vector<std::string_view>& endings) {
  if (!fs::exists(path)) throw missing("vision.path", path.string() + " is not there");
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    std::string ending = entry.path().extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return c < 128 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c); });
    if (entry.is_regular_file() && std::find(endings.begin(), endings.end(), ending) != endings.end())
      out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace lifang::vision
