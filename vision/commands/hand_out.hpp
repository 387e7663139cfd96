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
/// 0 when every file is there as the manifest says and the manifest as the log of exports beside the recordings has it, 1 otherwise; says
/// what is wrong. Throws Refusal as load_serve does.
int check_handed_out(const std::filesystem::path& folder, const std::filesystem::path& config);

}  // namespace lifang::vision
