// Snapshots: how long work reads, part by part.
#pragma once
#include <atomic>

#include "base/refusal.hpp"
#include "platform/db/db.hpp"

namespace lifang::db {

/// What long work reads through: a snapshot for each part of it. One snapshot for the whole would keep SQLite's log
/// from being folded back for as long.
class Snapshots {
 public:
  Snapshots(ReaderPool& pool, const std::atomic<bool>& ending) : pool_(&pool), ending_(&ending) {}
  /// `fn` (Reader&) → anything, in a snapshot of its own.
  /// @throws Refusal http.stopping (unavailable) once the node ends: long work must not hold it up
  template <class Fn>
  auto read(Fn&& fn) const {
    if (*ending_)
      throw Refusal(RefusalKind::unavailable, "http.stopping", "the node ends; nothing was done, ask again later");
    auto lease = pool_->lease();
    return fn(lease.reader());
  }

 private:
  ReaderPool* pool_;
  const std::atomic<bool>* ending_;
};

}  // namespace lifang::db
