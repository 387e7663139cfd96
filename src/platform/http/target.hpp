// The target of a request taken apart: path and query, decoded and made safe to compare. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/message.hpp"

namespace lifang::http {

struct Target {
  std::string path;  ///< see Request::path
  Pairs query;
  std::string authority;  ///< of an absolute-form target ("http://host/…"); otherwise empty
};

/// Reads a request target (RFC 9112 §3.2): origin form, absolute form with http or https, and "*"
/// for OPTIONS. The segment behind /api/v1/ stays percent-encoded, as percent_encode() spells it: rooms
/// are words that need none, and a device's access token may hold what would end a segment.
/// Nothing comes back for anything that two readers might read differently: ".."
/// however it is spelled, an encoded '/' or NUL, a backslash, a fragment, a wrong escape, controls,
/// invalid UTF-8.
std::optional<Target> parse_target(std::string_view method, std::string_view target);

/// Undoes %XX (and '+' for a space where `form` says so). Nothing for a wrong escape.
std::optional<std::string> percent_decode(std::string_view text, bool form = false);

/// Everything but unreserved characters as %XX (RFC 3986 §2.3), for paths and queries that we make.
std::string percent_encode(std::string_view text);

/// "a=1&b=x+y" decoded; nothing for wrong escapes, NUL or invalid UTF-8. Also for form bodies.
std::optional<Pairs> parse_query(std::string_view text);

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

/// Whether the text may stand in a Host header: "name", "name:port", "[v6]:port" (RFC 3986 §3.2.2).
bool is_authority(std::string_view text);

}  // namespace lifang::http
