// Bridges: a call from a worker to whoever reported, through the gateway, in which neither sees the other's number. A part of
// the door of notices.
#pragma once
#include <memory>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "platform/db/tx.hpp"
#include "rooms/notices/notices_phone.hpp"

namespace lifang::http {
class Routes;
}

namespace lifang::notices {

inline constexpr std::string_view kBridge = "bridge";  ///< the channel's name

struct BridgeWords {
  cases::CaseId case_;
  std::int64_t reporter = 1;  ///< number of the reporter
};
BOOST_DESCRIBE_STRUCT(BridgeWords, (), (case_, reporter))

/// What the channel carries: persons, never numbers.
struct BridgeLeg {
  cases::CaseId case_;
  std::string second;
};
BOOST_DESCRIBE_STRUCT(BridgeLeg, (), (case_, second))

/// `sent`: the gateway has taken it, the worker's phone rings. `dead`: it could not; `error` says why.
struct Bridge {
  MessageId id;
  cases::CaseId case_;
  MessageState state = MessageState::queued;
  std::string error;
  Time at;
};
BOOST_DESCRIBE_STRUCT(Bridge, (), (id, case_, state, error, at))

class Bridges {
 public:
  Bridges(Notices& notices, cases::Cases& cases, const people::People& people) : notices_(notices), cases_(cases), people_(people) {}

  /// There is a gateway that can. Set before the lane starts.
  void open() { open_ = true; }
  /// Calls the caller, then the reporter. For whoever holds the case, owes a part of it, or has its desk; stands in the diary.
  /// @throws Refusal unavailable notices.no_gateway; forbidden notices.not_your_case; conflict notices.no_number,
  /// notices.own_number; missing notices.unknown_reporter
  Bridge ask(Tx& tx, const Caller& caller, const BridgeWords& words);
  const cases::Cases& cases() const { return cases_; }
  const people::People& people() const { return people_; }
  /// How a call of the caller's own went.
  Bridge get(Reader& reader, const Caller& caller, const MessageId& id) const;

 private:
  Notices& notices_;
  cases::Cases& cases_;
  const people::People& people_;
  bool open_ = false;
};

/// Joins the two as the message leaves; numbers are looked up then and kept nowhere. One try.
class BridgeChannel final : public Channel {
 public:
  BridgeChannel(db::ReaderPool& readers, const people::People& people, std::shared_ptr<Gateway> gateway)
      : readers_(readers), people_(people), gateway_(std::move(gateway)) {}
  std::string_view name() const override { return kBridge; }
  Attempt send(const Message& message) override;

 private:
  db::ReaderPool& readers_;
  const people::People& people_;
  std::shared_ptr<Gateway> gateway_;
};

/// Those of calls, and of whom an alarm rang (notices_rung.hpp).
void add_bridge_routes(http::Routes& routes, Bridges& bridges);

}  // namespace lifang::notices
