// What `lifang verify` asks of readings: that what is stored can be read, and agrees with itself.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "platform/db/tx.hpp"

namespace lifang::readings {

struct Proof {
  std::int64_t points = 0, chunks = 0, journal_rows = 0, rollups = 0;
  bool whole = true;  ///< false: beyond a hundred million points only every so manyeth series was looked at
  std::vector<std::string> faults;
};

/// Every journal row decodes, into as many points as it says, of series that exist. Every chunk decodes, rises in time,
/// holds what its row says, and its block is on the list that readers go by. Rows of a settled stretch (no longer
/// touched) that arrived together do not overlap, and the hourly roll-up of the stretch agrees with its points, or
/// counts more where raw points have left. Roll-ups may be gone before `rollups_from`.
Proof prove(Reader& reader, Time rollups_from);

}  // namespace lifang::readings
