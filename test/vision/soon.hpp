// Waits for what another thread does: a limit so long that only what never comes meets it.
#pragma once
#include <chrono>
#include <thread>

namespace lifang::vision {

/// Whether `condition` came true within five minutes.
template <class Condition>
bool soon(const Condition& condition) {
  for (const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(5); !condition();) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace lifang::vision
