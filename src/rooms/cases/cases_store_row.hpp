// How a row of the table cases becomes a Record; the columns that every query of whole cases names, in order.
#pragma once
#include "rooms/cases/cases_record.hpp"
#include "platform/db/db.hpp"

namespace lifang::cases::store {

inline constexpr std::string_view kCaseColumns =
    "id, number, kind, kind_version, title, grade, class, place, path, lon, lat, text, files, cause, situation, device, rule, "
    "outer_number, drill, opened_at, state, open, circle, post, organisation, person, unmanned, holding, due, accept_by, "
    "handle_by, verify_by, accepted_at, arrived_at, handled_at, verified_at, closed_at, deferred_until, deferred_from, "
    "late_since, supervised, ending, reason, merged_into, reporters, urged, reopened, transferred, parts_open, calls_open, "
    "lines, score_sum, scores, solved, appeal, appeal_circle, appeal_by, contested, deferred_left";

Record record_of(const db::Row& row);

/// What may be searched for of a case: its text and title, as the terms that search_terms makes, parted by spaces.
std::string terms_in(const std::string& title, const std::string& text);
/// Puts them into the index; a row that is there already was taken out by the very same terms before.
void keep_words(Tx& tx, std::string_view id, const std::string& title, const std::string& text);

}  // namespace lifang::cases::store
