// lifang-vision teach-plates: teaches the plate head on a site's own crops.
#pragma once
#include <filesystem>

namespace lifang::vision {

/// `folder` holds crops named by their text ("皖A05279.jpg"); the head is written to `out`. Deterministic.
void teach_plates(const std::filesystem::path& folder, const std::filesystem::path& out, bool every_other);

}  // namespace lifang::vision
