// Who can do something about a case when it rings at them.
#pragma once
#include "base/caller.hpp"
#include "rooms/cases/cases_values.hpp"
#include "platform/db/tx.hpp"

namespace lifang::cases {

/// Whoever an alarm rings at, as they may act then: with the rights of their login; without a login, as one of the roster who
/// answers by a key of the phone.
Caller at_ring(Reader& reader, const PersonId& person, const std::string& path, Time now);

}  // namespace lifang::cases
