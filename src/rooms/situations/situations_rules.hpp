// Pure: what a verdict comes to as a situation: its evidence, and its why in one sentence.
#pragma once
#include "rooms/situations/situations.hpp"

namespace lifang::situations {

std::vector<Evidence> evidence_of(const rules::Judged& judged);
/// "reading:DEVICE:METRIC:TS" of the deciding value, the id of the detection, or "silence:DEVICE:TS".
std::string cause_of(const rules::Judged& judged, const std::vector<Evidence>& evidence);
/// The oldest value or detection that the verdict rests on. A silence proves itself: its evidence is as old as its end.
Time evidence_at(const rules::Judged& judged);

/// Why, in one plain sentence of each language: what was seen, where, against which limit, how long, by which rule.
struct Sentences {
  std::string zh, en;
};
/// `place` as people say it; `now`: times of that day are said without a date.
Sentences sentences_of(const rules::Judged& judged, const std::string& place, Time now, int offset_minutes);

}  // namespace lifang::situations
