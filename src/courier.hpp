// Courier: carries what the room notices has queued to the channels outside, on a thread of its own, off the lane.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "platform/lane/lane.hpp"
#include "rooms/notices/notices.hpp"

namespace lifang {

class Courier {
 public:
  /// `clock` decides what is due; everything outlives the courier.
  Courier(lane::Lane& lane, db::ReaderPool& readers, notices::Notices& notices, const Clock& clock,
          std::vector<std::unique_ptr<notices::Channel>> channels);
  ~Courier();  ///< stop()
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  void start();
  /// Ends after the message that is on its way.
  void stop();
  /// Something was queued. Any thread.
  void wake();
  /// Work that goes before the queues and is kept nowhere (a code to a phone): once, soon, or never. Any thread. Beyond
  /// 1,000 waiting ones it is dropped.
  void express(std::function<void()> work);
  /// One look: sends what is due now and says how it went. @returns how many were tried.
  std::size_t round();

 private:
  void run();
  void run_express();
  void deliver(const notices::Message& message);
  notices::Attempt send(const notices::Message& message);

  lane::Lane& lane_;
  db::ReaderPool& readers_;
  notices::Notices& notices_;
  const Clock& clock_;
  std::vector<std::unique_ptr<notices::Channel>> channels_;
  std::mutex mutex_;
  std::condition_variable bell_;
  std::deque<std::function<void()>> express_;
  bool woken_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace lifang
