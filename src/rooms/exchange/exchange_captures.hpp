// Captures: plates and faces that cameras saw, out to viewing libraries (视图库, GA/T 1400). A part of the door of exchange.
#pragma once
#include <functional>

#include "base/caller.hpp"
#include "base/secret.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/metrics/metrics.hpp"
#include "rooms/exchange/exchange_captures_values.hpp"
#include "rooms/readings/readings_batch.hpp"

namespace lifang::devices {
class Devices;
}
namespace lifang::files {
class Files;
}
namespace lifang::readings {
class Readings;
}
namespace lifang::exchange {

class Captures {
 public:
  struct Rooms {
    files::Files& files;
    devices::Devices& devices;
    readings::Readings& readings;
    Metrics& metrics;
  };
  Captures(bus::Bus& bus, jobs::Jobs& jobs, const Vault& vault, Rooms rooms);
  /// The lane is opening.
  void open(Tx& tx);

  // ---- for the operator -----------------------------------------------------------------------------------------
  /// Right exchange.libraries over all its places, those before and those now. @throws what check_words throws
  Library put(Tx& tx, const Caller& caller, const LibraryId& id, const LibraryWords& words);
  /// With everything that waits for it. @throws Refusal missing exchange.unknown_library
  void remove(Tx& tx, const Caller& caller, const LibraryId& id);
  static Library get(Reader& reader, const Caller& caller, const LibraryId& id);
  static std::vector<Library> list(Reader& reader, const Caller& caller);
  /// Newest first, within the caller's places (right exchange.libraries).
  static std::vector<Capture> captures(Reader& reader, const Caller& caller, const CaptureFilter& filter);
  static std::int64_t count(Reader& reader, const Caller& caller, const CaptureFilter& filter);
  /// @throws Refusal missing exchange.unknown_capture
  static Capture capture(Reader& reader, const Caller& caller, const CaptureId& id);
  static std::optional<Capture> find(Reader& reader, const CaptureId& id);
  /// A refused one back into the queue. @throws Refusal conflict exchange.not_refused
  Capture again(Tx& tx, const Caller& caller, const CaptureId& id);

  // ---- on the lane ----------------------------------------------------------------------------------------------
  /// What devices detected in this batch: queued for every library that is set up for it.
  void seen(Tx& tx, const readings::Batch& batch);
  void place_moved(Tx& tx, const std::string& from, const std::string& to);
  /// What waited too long, what is too much, and what ended a month ago.
  void tend(Tx& tx);

  // ---- for whoever carries --------------------------------------------------------------------------------------
  /// Something was queued or set up; called after the commit. Set before the lane starts.
  void on_queued(std::function<void()> fn) { queued_ = std::move(fn); }
  /// A library as it is talked to.
  struct Address {
    LibraryId id;
    std::int64_t version = 0;  ///< changes with what the operator sets
    std::string url, system, login;
    Secret password;
    Duration keepalive{};
    bool paused = false;
    LibraryState state = LibraryState::away;
  };
  std::vector<Address> addresses(Reader& reader) const;
  /// One capture, packed; or why it stays here.
  struct Parcel {
    Capture capture;
    std::string withheld;
    std::string object;  ///< a MotorVehicleObject or FaceObject
  };
  /// What is due for a library, oldest first, all of one kind, as far as it fits into one request. Slow, off the lane.
  std::vector<Parcel> pack(Reader& reader, const LibraryId& library, Time now, std::size_t most) const;
  static std::optional<Time> next_due(Reader& reader, const LibraryId& library);
  /// Before the first byte leaves: writes into the audit what is to leave, puts away what is withheld. Drops from `parcels`
  /// what does not leave (any more).
  void leaving(Tx& tx, const LibraryId& library, std::vector<Parcel>& parcels);
  enum class Outcome { sent, refused, again, busy, aside };
  struct Answered {
    CaptureId id;
    Outcome outcome = Outcome::sent;
    std::int64_t code = 0;
    std::string words;
  };
  void answered(Tx& tx, const std::vector<Answered>& all);
  /// How it stands with a library; told when it goes or comes.
  void stands(Tx& tx, const LibraryId& library, LibraryState state, const std::string& trouble, std::optional<Duration> clock_ahead);

 private:
  Parcel parcel(Reader& reader, const Library& library, const Capture& capture, Time now) const;
  void end(Tx& tx, Capture& capture, CaptureState state, const std::string& words);
  void publish(Tx& tx);

  bus::Bus& bus_;
  const Vault& vault_;
  Rooms rooms_;
  std::function<void()> queued_;
  std::vector<Library> libraries_;  ///< the lane's own memory of what is set up
};

}  // namespace lifang::exchange
