// Tx: a use case's hold on the database. Made by the lane; committed by the lane alone.
#pragma once
#include <functional>
#include <vector>

#include "base/world.hpp"
#include "platform/db/db.hpp"

namespace lifang {

using db::Reader;

/// Changes within one batch of the lane. Whatever a use case keeps in memory it publishes in
/// `after_commit`; a refusal undoes the use case's savepoint and drops its hooks with it.
class Tx : public db::Reader {
 public:
  Tx(db::Session& session, World& world, Time now) : Reader(session), world_(&world), now_(now) {}
  Tx(const Tx&) = delete;
  Tx& operator=(const Tx&) = delete;

  /// @returns the number of rows that changed.
  template <class... P>
  std::int64_t run(std::string_view sql, const P&... p) {
    const db::Param params[sizeof...(P) + 1] = {db::param(p)...};
    return session_->execute(sql, {params, sizeof...(P)}, nullptr);
  }
  /// The instant of this batch: every row that it writes carries the same stamp.
  Time now() const { return now_; }
  World& world() { return *world_; }
  Ids& ids() { return world_->ids; }

  /// Runs on the lane after the batch is durable, in the order of the calls.
  void after_commit(std::function<void()> hook) { hooks_.push_back(std::move(hook)); }
  /// Runs on the lane when what was done since is undone (savepoint or batch), newest first.
  void on_rollback(std::function<void()> hook) { undo_.push_back(std::move(hook)); }

  /// Runs `work` in a savepoint: an exception undoes just it and passes on.
  void savepoint(const std::function<void()>& work);

  /// For the lane: what happened after the COMMIT or ROLLBACK of the whole batch.
  void committed();
  void rolled_back();

 private:
  World* world_;
  Time now_;
  std::vector<std::function<void()>> hooks_;
  std::vector<std::function<void()>> undo_;
};

}  // namespace lifang
