// Pure: what a verdict comes to as a situation: its evidence, and its why in one sentence.
#pragma once
#include "rooms/situations/situations.hpp"

namespace lifang::situations {

std::vector<Evidence> evidence_of(const rules::Judged& judged);
/// "reading:DEVICE:METRIC:TS" of the deciding value, the id of the detection, or "silence:DEVICE:TS".
std::string cause_of(const rules::Judged& judged, const std::vector<Evidence>& evidence);
/// One plain sentence: what was seen, where, against which limit, by which rule. `place` as people say it.
std::string sentence_zh(const rules::Judged& judged, const std::vector<Evidence>& evidence, const std::string& place,
                        int offset_minutes);
std::string sentence_en(const rules::Judged& judged, const std::vector<Evidence>& evidence, const std::string& place);
/// A number as people write it: at most three decimals, no trailing zeros.
std::string number(double value);

}  // namespace lifang::situations
