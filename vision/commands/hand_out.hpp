// `lifang-vision export` and `check-export`.
#pragma once
#include <filesystem>
#include <string>

namespace lifang::vision {

struct HandOutWords {
  std::filesystem::path config;
  std::string camera, from, to, asked_by, reason;
  std::filesystem::path out;
};

/// Prints the manifest. Throws Refusal as export_recordings does, and for times that cannot be read.
void hand_out(const HandOutWords& words);
/// 0 when every file is there as the manifest says, 1 otherwise; says what is wrong.
int check_handed_out(const std::filesystem::path& folder);

}  // namespace lifang::vision
