// SQL of the viewing libraries and of what waits for them.
#pragma once
#include <functional>

#include "platform/db/tx.hpp"
#include "rooms/exchange/exchange_captures_values.hpp"

namespace lifang::exchange::store {

struct StoredLibrary : Library {
  std::string sealed;         ///< its password
  std::int64_t version = 0;   ///< of what the operator set
};
void keep(Tx& tx, const StoredLibrary& library);  ///< its words; counters and state of one that is there stay
std::optional<StoredLibrary> find_library(Reader& reader, const LibraryId& id);
std::vector<StoredLibrary> libraries(Reader& reader);  ///< by id
bool remove_library(Tx& tx, const LibraryId& id);      ///< with its captures
void keep_state(Tx& tx, const LibraryId& id, const Library& library);  ///< state, state_at, trouble, clock_ahead_s
/// The serial of the next capture, counted.
std::int64_t next_serial(Tx& tx, const LibraryId& id);
/// Adds to the counter of that state.
void count(Tx& tx, const LibraryId& id, CaptureState state, std::int64_t more);

/// False where the library has this detection already.
bool add(Tx& tx, const Capture& capture);
void keep(Tx& tx, const Capture& capture);
std::optional<Capture> find_capture(Reader& reader, const CaptureId& id);
/// Oldest first, of the kind of the oldest.
std::vector<Capture> due(Reader& reader, const LibraryId& library, Time now, std::size_t limit);
std::optional<Time> next_due(Reader& reader, const LibraryId& library);
std::vector<Capture> captures(Reader& reader, const std::vector<std::string>& roots, const CaptureFilter& filter);
std::int64_t count_captures(Reader& reader, const std::vector<std::string>& roots, const CaptureFilter& filter);
/// Ends what was queued before `before`. @returns how many
std::int64_t expire(Tx& tx, const LibraryId& library, Time before, Time now);
/// Ends the oldest of more than `most` that wait. @returns how many
std::int64_t cut(Tx& tx, const LibraryId& library, std::int64_t most, Time now);
void forget_captures(Tx& tx, Time ended_before, std::int64_t limit);
void rebase_captures(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::exchange::store
