#include "support/paths.hpp"

namespace lifang {

std::string source_dir() { return LIFANG_SOURCE_DIR; }
std::string binary_dir() { return LIFANG_BINARY_DIR; }

}  // namespace lifang
