// What `lifang verify` asks of the bus: how far its hearers are, as the tables say.
#pragma once
#include <string>
#include <vector>

#include "platform/db/tx.hpp"

namespace lifang::bus {

struct Proof {
  std::int64_t hearers = 0;
  std::int64_t last = 0;            ///< the newest event
  /// A hearer beyond the last event, or before the first that is kept; one that waits at an event which fails, and
  /// events that were set aside: what they were to cause did not happen.
  std::vector<std::string> faults;
};
Proof prove(Reader& reader);

}  // namespace lifang::bus
