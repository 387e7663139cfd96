// check(): a condition that only a defect of ours can break. Always on, in every build.
#pragma once
#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>

namespace lifang {

/// We are wrong. Caught at the edges only (lane, HTTP): roll back, answer 500, log where.
struct Bug : std::logic_error {
  using std::logic_error::logic_error;
};

[[noreturn]] void fail_check(std::string_view words, std::source_location where);

inline void check(bool holds, std::string_view words,
                  std::source_location where = std::source_location::current()) {
  if (!holds) fail_check(words, where);
}

}  // namespace lifang
