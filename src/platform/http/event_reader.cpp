#include "platform/http/event_reader.hpp"

#include <utility>

namespace lifang::http {

bool EventReader::feed(std::string_view bytes, const std::function<bool(const Event&)>& tell,
                       std::size_t limit) {
  for (const char c : bytes) {
    const bool second_half = std::exchange(after_cr_, c == '\r') && c == '\n';
    if (second_half) continue;
    if (c == '\r' || c == '\n') {
      if (!line_done(tell)) return false;
      continue;
    }
    if (line_.size() + event_.data.size() >= limit) return false;
    line_ += c;
  }
  return true;
}

bool EventReader::line_done(const std::function<bool(const Event&)>& tell) {
  const std::string line = std::exchange(line_, {});
  if (line.empty()) {
    if (std::exchange(has_data_, false)) {
      event_.data.pop_back();
      if (event_.name.empty()) event_.name = "message";
      if (!tell(event_)) return false;
    }
    event_.data.clear();
    event_.name.clear();
    return true;
  }
  const std::size_t colon = line.find(':');
  const std::string_view field = std::string_view(line).substr(0, colon);
  std::string_view value =
      colon == line.npos ? std::string_view{} : std::string_view(line).substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    (event_.data += value) += '\n';
    has_data_ = true;
  } else if (field == "event") {
    event_.name = value;
  } else if (field == "id" && value.find('\0') == value.npos) {
    event_.id = value;
  }
  return true;
}

}  // namespace lifang::http
