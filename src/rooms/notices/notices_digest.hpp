// The digest: what can wait is gathered for each receiver and comes once a day, at their hour. A part of the door of
// notices.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/notices/notices_quiet.hpp"
#include "rooms/notices/notices_values.hpp"

namespace lifang::notices {

class Phones;

/// `hour`: 0 to 23, local; inside the quiet hours it means their end. `phone`: a short word to the phone beside it.
struct DigestWords {
  std::int64_t hour = 18;
  std::optional<bool> phone;
};
BOOST_DESCRIBE_STRUCT(DigestWords, (), (hour, phone))

struct DigestHours {
  std::int64_t hour = 18;
  bool phone = false;
  std::int64_t waiting = 0;  ///< pieces for the next one
  Time next_at;
};
BOOST_DESCRIBE_STRUCT(DigestHours, (), (hour, phone, waiting, next_at))

/// One piece of it.
struct Gathered {
  std::string announcement, path, title, text;
};

class Digest {
 public:
  static constexpr std::int64_t kHour = 18;  ///< of whoever chose none

  Digest(bus::Bus& bus, jobs::Jobs& jobs, Phones& phones, Quiet quiet);

  /// Waits for the receiver's next hour. The same announcement twice is one piece.
  void gather(Tx& tx, const PersonId& person, const Gathered& piece);
  /// Takes back what nobody has got yet. @returns from how many
  static std::int64_t withdraw(Tx& tx, const std::string& announcement);

  /// The caller's own.
  DigestHours hours(Reader& reader, const Caller& caller, Time now) const;
  /// @throws Refusal invalid notices.bad_hour
  DigestHours choose(Tx& tx, const Caller& caller, const DigestWords& words);

  static void place_moved(Tx& tx, const std::string& from, const std::string& to);
  /// Nothing of an erased person stays.
  static void forget(Tx& tx, const std::string& person);
  /// Removes what was delivered and gathered before `before`, at most `limit`.
  static void sweep(Tx& tx, Time before, std::int64_t limit);

 private:
  void deliver(Tx& tx);
  void deliver_to(Tx& tx, const std::string& person);
  void plan(Tx& tx, Time due);

  bus::Bus& bus_;
  jobs::Jobs& jobs_;
  Phones& phones_;
  Quiet quiet_;
};

}  // namespace lifang::notices
