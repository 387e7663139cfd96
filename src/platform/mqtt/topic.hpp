// Strings, topic names and topic filters: what may be written, and which filter takes which topic.
#pragma once
#include <string_view>

#include "platform/mqtt/reason.hpp"

namespace lifang::mqtt {

/// Why::ok, utf8_malformed (also surrogates and overlong forms) or utf8_null.
Why check_text(std::string_view text);
/// A text without wildcards; an empty one is topic_empty.
Why check_topic(std::string_view topic);
/// A text in which '#' is a whole last level and '+' a whole level.
Why check_filter(std::string_view filter);
/// Whether a (checked) filter takes a topic. Filters that begin with a wildcard take no topic that
/// begins with '$' [MQTT-4.7.2-1].
bool matches(std::string_view filter, std::string_view topic);

}  // namespace lifang::mqtt
