// Librarian: carries captures to the viewing libraries above (GA/T 1400), on a thread of its own, off the lane.
#pragma once
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "platform/lane/lane.hpp"
#include "rooms/exchange/exchange_captures.hpp"
#include "rooms/exchange/exchange_viid_session.hpp"

namespace lifang {

class Librarian {
 public:
  /// `patience`: how long one answer is waited for. Everything outlives the librarian.
  Librarian(lane::Lane& lane, db::ReaderPool& readers, exchange::Captures& captures, World& world, Duration patience = Duration{5000});
  ~Librarian();  ///< stop()
  Librarian(const Librarian&) = delete;
  Librarian& operator=(const Librarian&) = delete;

  void start();
  /// Cuts off what is on its way (it is sent again, with the same numbers, when a librarian starts), takes leave of the
  /// libraries where it is registered, and ends.
  void stop();
  /// Something was queued or set up. Any thread.
  void wake();
  /// One look at every library: registers, keeps alive, hands over what is due. @returns when the next look is due.
  Time round();
  /// Takes leave of every library. On the thread that runs the rounds.
  void leave();

 private:
  struct Talk {
    std::int64_t version = 0;
    std::shared_ptr<exchange::ViidSession> session;
    bool here = false;
    Time again{};      ///< when a library that is away is looked for
    Time keepalive{};  ///< when one that is here is told that we live
    Duration every{};
    /// One object a request: the line broke over several, or the library refused them together.
    std::size_t alone = 0;
  };
  using Address = exchange::Captures::Address;

  void run();
  bool stopping() const;
  void match(const std::vector<Address>& addresses);
  void visit(const Address& address, Talk& talk);
  bool enrol(const Address& address, Talk& talk);
  bool carry(const Address& address, Talk& talk);
  void settle(const std::vector<exchange::Captures::Parcel>& parcels, const exchange::ViidSession::Handed& handed, Talk& talk);
  void lose(const Address& address, Talk& talk, const std::string& trouble);
  void stands(const exchange::LibraryId& id, exchange::LibraryState state, const std::string& trouble, std::optional<Duration> ahead = {});

  lane::Lane& lane_;
  db::ReaderPool& readers_;
  exchange::Captures& captures_;
  World& world_;
  Duration patience_;
  std::map<exchange::LibraryId, Talk> talks_;

  mutable std::mutex mutex_;
  std::condition_variable bell_;
  std::shared_ptr<exchange::ViidSession> talking_;  ///< what stop() has to cut off
  bool woken_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace lifang
