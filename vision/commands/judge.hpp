// lifang-vision judge: one judgement over a file or a folder, one JSON object a line.
#pragma once
#include <cstdio>
#include <string>
#include <vector>

namespace lifang::vision {

struct JudgeWords {
  std::string what, path, config;
  std::string models{};  ///< a site's own folder of models, laid over the program's; none: those alone
};

std::vector<std::string> judgements();

/// Lines {"file":…} with `text` (plates), `slots` (parking) or `events` (the rest). A file that cannot be read gets
/// `"error"` and the others go on. Throws Refusal when the path or the configuration is off.
void judge(const JudgeWords& words, std::FILE* out);

}  // namespace lifang::vision
