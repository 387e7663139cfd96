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

/// Behind everything below that path, in the order of texts.
std::string end_of(std::string path);
/// That the column lies below the root, in words for which no index is used.
std::string within(db::Where& where, const std::string& column, const std::string& root);
/// The person that looks, or the account where no person stands behind it.
const std::string& actor_in(const Scope& scope);

/// What they see by `scope.called`: a statement that gives the ids, some of them more than once.
std::string ids_called_to(db::Where& where, const Scope& scope);
/// The same as a condition on one row of `cases`, which stands in the statement under that name.
std::string is_called_to(db::Where& where, const Scope& scope, const std::string& row);
/// Keeps the rows (of `row`, "c." or none) that they see by place or by call, without what they only reported. `theirs`: what
/// else must hold of those that they see by call.
void add_sight(db::Where& where, const Scope& scope, const std::string& row, const std::string& theirs = {});

}  // namespace lifang::cases::store
