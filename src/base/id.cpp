#include "base/id.hpp"

#include <algorithm>

namespace lifang {
namespace {

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool is_client_id(std::string_view text) {
  if (text.empty() || text.size() > 64 || !is_alnum(text.front())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alnum(c) || c == '.' || c == '_' || c == '-'; });
}

}  // namespace lifang
