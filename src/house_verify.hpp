// Verify: what `lifang verify` proves about the rows of a node, room by room.
#pragma once
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "platform/db/snapshots.hpp"
#include "platform/db/tx.hpp"

namespace lifang {

class House;

struct Check {
  std::string name;
  bool ok = false;
  std::string detail;  ///< figures, and the first faults found
};
BOOST_DESCRIBE_STRUCT(Check, (), (name, ok, detail))

struct Verified {
  bool ok = false;
  std::vector<Check> checks;
};
BOOST_DESCRIBE_STRUCT(Verified, (), (ok, checks))

/// What is proved, each in a snapshot of its own and past the lane, so that a long proof holds up neither writing nor the
/// taking back of the database's log:
///   schema    every schema file is applied as it is
///   audit     the hash chain, from the first entry that is kept
///   causes    every cause and every id that a row hangs on is there, or past its retention
///   readings  journal and chunks decode, series exist, rows of settled stretches do not overlap, roll-ups agree
///   cases     the state of each agrees with its diary; each open one has a deadline with its timer, or somebody who holds it
///   events    no hearer stands beyond the last event or before the first that is kept, none waits at an event
///             that fails, and no event was set aside
/// @throws Refusal http.stopping (unavailable) once the node ends
Verified verify(const db::Snapshots& past, House& house);
/// The same where nobody writes: all of it in the snapshot of `reader`.
Verified verify(Reader& reader, House& house);

}  // namespace lifang
