// Pure decisions of cases: what a report may say, how alike two texts are.
#pragma once
#include "rooms/cases/cases_kinds.hpp"
#include "rooms/cases/cases_values.hpp"

namespace lifang::cases {

/// @throws Refusal invalid cases.too_long, cases.too_many_files, cases.bad_file, cases.bad_outer_number
void check_report(const Report& words);
/// A kind that says of itself what is the matter can be acted on without a word; "something else", a suggestion and a question
/// cannot, unless there is a picture or a number under which somebody else has the words.
/// @throws Refusal invalid cases.text_needed
void check_says_enough(const Report& words, const Kind& kind);
/// Shared pairs of characters over all (Jaccard), 0…1.
double likeness(std::string_view a, std::string_view b);
/// How likely two reports are one thing: the likeness of their words, and more where they are of one kind, and at one spot.
double resemblance(double likeness, bool same_kind, bool same_spot);
/// From here on a person is asked. Two reports of one kind with nothing alike in their words come to 0.2, at one spot to 0.4;
/// measured on labelled pairs (cases_likeness_test.cpp, docs/measured.md).
inline constexpr double kLikeEnough = 0.3;

}  // namespace lifang::cases
