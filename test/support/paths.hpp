// Where the sources and the built programs lie. Apart, so that no test's compilation depends on it.
#pragma once
#include <string>

namespace lifang {

std::string source_dir();
std::string binary_dir();

}  // namespace lifang
