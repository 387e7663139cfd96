// StreamQueue: what waits for one reader of a stream, between any thread and the connection's own.
#pragma once
#include <functional>
#include <memory>
#include <mutex>

#include "platform/http/message.hpp"

namespace lifang::http::detail {

class StreamQueue {
 public:
  /// `wake` tells the connection to look here; it may be called on any thread, and not under the
  /// lock.
  StreamQueue(std::size_t limit, std::function<void()> wake)
      : limit_(limit), wake_(std::move(wake)) {}

  bool send(Bytes bytes);
  void end();
  bool ended() const;
  void on_close(std::function<void()> told);

  // For the connection:
  enum class State { open, ending, too_slow };
  /// Moves what waits to the end of `out`.
  State take(std::vector<Bytes>& out);
  void written(std::size_t bytes);
  void closed();  ///< the connection is gone

 private:
  mutable std::mutex mutex_;
  std::vector<Bytes> waiting_;
  std::size_t bytes_ = 0;  ///< sent to us, not yet written out
  std::size_t limit_;
  State state_ = State::open;
  bool woken_ = false, closed_ = false;
  std::function<void()> wake_, told_;
};

/// What the copies of a Stream share: when the last one goes, the stream ends.
class StreamEnd {
 public:
  explicit StreamEnd(std::shared_ptr<StreamQueue> queue_) : queue(std::move(queue_)) {}
  StreamEnd(const StreamEnd&) = delete;
  StreamEnd& operator=(const StreamEnd&) = delete;
  ~StreamEnd() { queue->end(); }
  const std::shared_ptr<StreamQueue> queue;
};

}  // namespace lifang::http::detail
