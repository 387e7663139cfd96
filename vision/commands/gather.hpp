// lifang-vision learn gather: the pictures of a node's closed cases as a labelled folder, for `learn ebike`.
#pragma once
#include <cstdio>
#include <filesystem>
#include <string>

namespace lifang::vision {

struct GatherWords {
  std::string node = "http://127.0.0.1:8080";
  std::string kind = "ebike-in-lift";  ///< of the cases
  std::string purpose;                 ///< one of the node's (GET /api/v1/accounts/purposes); stands in its words about this request
  std::filesystem::path to;            ///< new or empty
  int offset_minutes = 480;            ///< where a day begins
};

/// Cases that are over: somebody took it and it was solved → ebike/, it or its situation marked as a false alarm → other/; drills, and what
/// only the device cleared, are passed over, because nobody said what it was. The picture and the box are those of the detection that raised the situation. `token` is a login's
/// or an API key's, with the rights cases.read, situations.read, readings.read; what it may not see is not there. The folder is for its owner alone.
/// Throws Refusal conflict vision.gather (the folder holds something), unavailable vision.gather (what the node answered).
void gather(const GatherWords& words, const std::string& token, std::FILE* say);

}  // namespace lifang::vision
