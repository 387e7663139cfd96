// What kinds of detections are called in sentences, from data/detections.csv. A part of the door.
#pragma once
#include <string>
#include <string_view>

namespace lifang::devices {

/// "ebike_in_lift" → "电动车进入电梯"; empty for a kind that only its maker knows.
std::string detection_zh(std::string_view kind);
std::string detection_en(std::string_view kind);

}  // namespace lifang::devices
