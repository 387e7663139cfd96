// Pure decisions of cases: what a report may say, how alike two texts are.
#pragma once
#include "rooms/cases/cases_values.hpp"

namespace lifang::cases {

/// @throws Refusal invalid cases.too_long, cases.too_many_files, cases.bad_file, cases.bad_outer_number
void check_report(const Report& words);
/// Shared pairs of characters over all (Jaccard), 0…1.
double likeness(std::string_view a, std::string_view b);

}  // namespace lifang::cases
