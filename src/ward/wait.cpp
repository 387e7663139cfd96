#include "ward/wait.hpp"

#include <atomic>
#include <csignal>
#include <ctime>

namespace lifang::ward {

bool ended(Duration d) {
  static std::atomic<bool> told{false};
  if (told) return true;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  timespec wait{};
  wait.tv_sec = static_cast<time_t>(d.count() / 1000);
  wait.tv_nsec = static_cast<long>(d.count() % 1000) * 1'000'000;
  if (sigtimedwait(&set, nullptr, &wait) > 0) told = true;
  return told;
}

}  // namespace lifang::ward
