#include "rooms/cases/cases_store_outside.hpp"

namespace lifang::cases::store {
namespace {

constexpr std::string_view kKeepDue =
    "INSERT INTO cases_outside (case_id, due) VALUES ($1, $2) ON CONFLICT (case_id) DO UPDATE SET due = excluded.due";
constexpr std::string_view kDue = "SELECT due FROM cases_outside WHERE case_id = $1";

}  // namespace

void keep_outer_due(Tx& tx, const CaseId& id, Time due) { tx.run(kKeepDue, id, due); }
std::optional<Time> outer_due(Reader& reader, const CaseId& id) { return reader.value<Time>(kDue, id); }

}  // namespace lifang::cases::store
