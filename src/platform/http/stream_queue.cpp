#include "platform/http/stream_queue.hpp"

#include <iterator>

#include "platform/http/server.hpp"

namespace lifang::http {
namespace detail {

bool StreamQueue::send(Bytes bytes) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || state_ != State::open) return false;
    if (bytes.empty()) return true;
    if (bytes_ > 0 &&
        bytes_ + bytes.size() > limit_) {  // a single large event may pass when nothing waits
      state_ = State::too_slow;
    } else {
      bytes_ += bytes.size();
      waiting_.push_back(std::move(bytes));
    }
    if (std::exchange(woken_, true) && state_ == State::open) return true;
  }
  wake_();
  const std::lock_guard lock(mutex_);
  return state_ == State::open && !closed_;
}

void StreamQueue::end() {
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || state_ != State::open) return;
    state_ = State::ending;
  }
  wake_();
}

bool StreamQueue::ended() const {
  const std::lock_guard lock(mutex_);
  return closed_ || state_ != State::open;
}

void StreamQueue::on_close(std::function<void()> told) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) {
      told_ = std::move(told);
      return;
    }
  }
  if (told) told();
}

StreamQueue::State StreamQueue::take(std::vector<Bytes>& out) {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  std::move(waiting_.begin(), waiting_.end(), std::back_inserter(out));
  waiting_.clear();
  return state_;
}

void StreamQueue::written(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  bytes_ -= std::min(bytes, bytes_);
}

void StreamQueue::closed() {
  std::function<void()> told;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    waiting_.clear();
    bytes_ = 0;
    told.swap(told_);
  }
  if (told) told();
}

}  // namespace detail

bool Stream::send(Bytes bytes) {
  return end_ && end_->queue->send(std::move(bytes));
}
void Stream::close() {
  if (end_) end_->queue->end();
}
bool Stream::closed() const {
  return !end_ || end_->queue->ended();
}
void Stream::on_close(std::function<void()> told) {
  if (end_)
    end_->queue->on_close(std::move(told));
  else if (told)
    told();
}

}  // namespace lifang::http
