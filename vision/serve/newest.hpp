// Hand-over between a camera and those who judge: of what waits, only the newest is kept.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace lifang::vision {

/// One place a key. `importance`: the higher is taken first, and among equals who waits longest. Whoever comes too
/// late for a newer picture is counted: load is shed, and it can be seen.
template <class Work>
class Newest {
 public:
  void put(const std::string& key, int importance, Work work) {
    {
      const std::lock_guard lock(mutex_);
      const auto [at, fresh] = waiting_.try_emplace(key);
      if (!fresh) ++shed_[key];
      at->second.importance = importance;
      if (fresh) at->second.turn = ++turn_;
      at->second.work = std::move(work);
    }
    filled_.notify_one();
  }

  /// Waits for work; empty after close().
  std::optional<Work> take() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
    if (closed_) return std::nullopt;
    auto best = waiting_.begin();
    for (auto at = waiting_.begin(); at != waiting_.end(); ++at)
      if (std::pair(-at->second.importance, at->second.turn) < std::pair(-best->second.importance, best->second.turn)) best = at;
    std::optional<Work> out(std::move(best->second.work));
    waiting_.erase(best);
    return out;
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
  }

  std::uint64_t shed(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto at = shed_.find(key);
    return at == shed_.end() ? 0 : at->second;
  }

 private:
  struct Place {
    int importance = 0;
    std::uint64_t turn = 0;
    Work work;
  };
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::map<std::string, Place> waiting_;
  std::map<std::string, std::uint64_t> shed_;
  std::uint64_t turn_ = 0;
  bool closed_ = false;
};

}  // namespace lifang::vision
