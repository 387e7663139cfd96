// The program's own further looks at a list for one request: what follows, how many there are, the later pages of a file.
#pragma once
#include <string_view>

namespace lifang::http {

/// Stands in Call::path then. No pattern of a path can bring it along, so nobody outside can set it. Asked by routes that
/// write down who saw what: once a request.
inline constexpr std::string_view kAgain = "?again";

}  // namespace lifang::http
