// What the lists of cases share: the conditions of a filter, and where a page goes on. Between the room's stores alone.
#pragma once
#include "rooms/cases/cases_store.hpp"

namespace lifang::cases::store {

/// The urgency of what has no deadline: after everything that has one.
inline constexpr std::int64_t kNeverMs = 253'402'300'799'999;

/// The conditions of the filter, whoever looks: neither places nor `mine`. No index of a column but `id` serves them.
db::Where where_of_any(Reader& reader, const Scope& scope, const Filter& filter, Time now);

/// "…|case_…": urgency and id of the last case seen. @throws Refusal invalid http.bad_cursor
std::pair<std::int64_t, std::string> due_cursor(const std::string& text);

}  // namespace lifang::cases::store
