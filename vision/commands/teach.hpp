// lifang-vision teach-plates: teaches the plate head on a site's own crops.
#pragma once
#include <filesystem>

namespace lifang::vision {

/// Which files of the folder, in the order of their names: so that what one half teaches the other can judge.
enum class Fold { all, even, odd };

/// `folder` holds crops named by their text ("皖A05279.jpg"); the head is written to `out`. Deterministic.
void teach_plates(const std::filesystem::path& folder, const std::filesystem::path& out, Fold fold);

}  // namespace lifang::vision
