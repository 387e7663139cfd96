#include "base/check.hpp"

#include <fmt/format.h>

namespace lifang {

void fail_check(std::string_view words, std::source_location where) {
  throw Bug(fmt::format("{}:{} {}: {}", where.file_name(), where.line(), where.function_name(), words));
}

}  // namespace lifang
