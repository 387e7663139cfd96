// What `lifang verify` asks of the room cases.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "platform/db/tx.hpp"

namespace lifang::cases {

/// Every id that a row hangs on: (id of the row, that id, when the row came to be).
void each_cause(Reader& reader, const std::function<void(const std::string& id, const std::string& cause, Time at)>& fn);

struct Proof {
  std::int64_t cases = 0, open = 0, lines = 0;
  std::vector<std::string> faults;
};
/// Of each case: its diary is without a gap and ends as its state says; if it is open, it has a deadline whose timer
/// is set, a day on which it wakes, or at least a post that holds it.
Proof prove(Reader& reader);

}  // namespace lifang::cases
