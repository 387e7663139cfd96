// What stands at the top of every thread: an error that nobody caught is said and ends that thread's work, never the program.
#pragma once
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string_view>

#include "base/reflect.hpp"

namespace lifang::vision {

inline void say_lost(std::string_view who, std::string_view why) noexcept {
  try {
    std::string line = R"({"what":"an error that nobody expected","where":)";
    reflect::write_text(line, who);
    reflect::write_text(line += R"(,"detail":)", why);
    fmt::print(stderr, "{}}}\n", line);
  } catch (...) {
    // There is no memory even for these words.
  }
}

/// False when it threw.
template <class Work>
bool guarded(std::string_view who, const Work& work) noexcept {
  try {
    work();
    return true;
  } catch (const std::exception& error) {
    say_lost(who, error.what());
  } catch (...) {
    say_lost(who, "of an unknown kind");
  }
  return false;
}

}  // namespace lifang::vision
