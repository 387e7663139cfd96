// Courier: carries what the room notices has queued to the channels outside, off the lane, each channel on a thread of its
// own: a webhook that does not answer must not hold up a call.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
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
  /// Ends after the messages that are on their way.
  void stop();
  /// Something was queued. Any thread.
  void wake();
  /// Work that goes before the queues and is kept nowhere (a code to a phone): once, soon, or never. Any thread. Beyond
  /// 1,000 waiting ones it is dropped.
  void express(std::function<void()> work);
  /// One look at every channel: sends what is due now and says how it went. @returns how many were tried.
  std::size_t round();

 private:
  /// Whom an attempt did not reach: the others of their messages wait, too.
  struct Rest {
    Time until;
    Duration pause;
  };
  struct Carrier {
    std::unique_ptr<notices::Channel> channel;  ///< none: what is queued for channels that this node does not have
    std::map<std::string, Rest> resting = {};   ///< by recipient
    std::uint64_t woken = 0;
    std::thread thread = {};
  };

  void run(Carrier& carrier);
  void run_express();
  notices::Queue queue_of(Carrier& carrier);
  std::size_t round_of(Carrier& carrier);
  void deliver(Carrier& carrier, const notices::Message& message);
  static notices::Attempt send(Carrier& carrier, const notices::Message& message);
  bool stops();

  lane::Lane& lane_;
  db::ReaderPool& readers_;
  notices::Notices& notices_;
  const Clock& clock_;
  std::vector<std::string> names_;
  std::vector<Carrier> carriers_;
  std::mutex mutex_;
  std::condition_variable bell_;
  std::deque<std::function<void()>> express_;
  std::uint64_t wakes_ = 0;
  bool stopping_ = false;
};

}  // namespace lifang
