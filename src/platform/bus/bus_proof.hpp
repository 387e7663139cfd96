// What `lifang verify` asks of the bus: how far its hearers are, as the tables say.
#pragma once
#include <string>
#include <vector>

#include "platform/db/tx.hpp"

namespace lifang::bus {

struct Proof {
  std::int64_t hearers = 0;
  std::int64_t last = 0;            ///< the newest event
  std::vector<std::string> parked;  ///< "actions at 17, 3 failures: …"; they are tried again by themselves
  std::vector<std::string> faults;  ///< a hearer beyond the last event, or before the first that is kept
};
Proof prove(Reader& reader);

}  // namespace lifang::bus
