// EventReader: server-sent events out of a stream of bytes, as the WHATWG HTML standard §9.2.6
// reads them. Pure.
#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace lifang::http {

struct Event {
  std::string id;    ///< the last one given, also if by an earlier event
  std::string name;  ///< "message" if none is given
  std::string data;  ///< lines joined by '\n'
};

class EventReader {
 public:
  /// Calls `tell` for each complete event. False as soon as `tell` returns false, or when one line
  /// or event grows over `limit` bytes.
  bool feed(std::string_view bytes, const std::function<bool(const Event&)>& tell,
            std::size_t limit = 16 * 1024 * 1024);

 private:
  bool line_done(const std::function<bool(const Event&)>& tell);
  std::string line_;
  Event event_;
  bool has_data_ = false, after_cr_ = false;
};

}  // namespace lifang::http
