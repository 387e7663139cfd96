// What `lifang verify` asks of captures.
#pragma once
#include <functional>
#include <string>

#include "platform/db/tx.hpp"

namespace lifang::exchange {

/// Every id that a row hangs on: (id of the row, that id, when the row came to be).
void each_cause(Reader& reader, const std::function<void(const std::string& id, const std::string& cause, Time at)>& fn);

}  // namespace lifang::exchange
