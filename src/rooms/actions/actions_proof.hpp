// What `lifang verify` asks of the room actions.
#pragma once
#include <functional>
#include <string>

#include "platform/db/tx.hpp"

namespace lifang::actions {

/// Every id that a row hangs on: (id of the row, that id, when the row came to be).
void each_cause(Reader& reader, const std::function<void(const std::string& id, const std::string& cause, Time at)>& fn);

}  // namespace lifang::actions
