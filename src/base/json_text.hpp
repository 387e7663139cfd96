// JSON that the program passes on as it came: free-form attributes, parameters, answers of devices.
#pragma once
#include <string>

namespace lifang {

/// One JSON object in its compact spelling; what comes from outside was parsed and is well-formed.
struct JsonObject {
  std::string text = "{}";
  bool operator==(const JsonObject&) const = default;
};

/// Any one JSON value, likewise.
struct JsonAny {
  std::string text = "null";
  bool operator==(const JsonAny&) const = default;
};

}  // namespace lifang
