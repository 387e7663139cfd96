// wire(): bytes of a protocol written so that a person can read them.
#pragma once
#include <string>
#include <string_view>

namespace lifang {

/// Hex digits, blanks ignored: `10 02`. "text" is a string behind its two length bytes, 'text' is
/// bare bytes, {…} is what follows behind its length as MQTT writes a remaining length (the same
/// for […], a list of properties). `x*100` repeats the byte, string or group before it. Throws
/// std::invalid_argument for anything else.
std::string wire(std::string_view text);
/// "30 02 …", for messages of failed tests.
std::string hex(std::string_view bytes);

}  // namespace lifang
