// Pages: the built pages that travel inside the program, with their caching and security headers.
#pragma once
#include <string_view>
#include <unordered_map>

#include "base/embedded.hpp"
#include "platform/http/message.hpp"

namespace lifang {

/// Answers whatever no route took: the residents' page at the root, the others below their own word (/console/…), where
/// alone the single-page fallback answers.
class Pages {
 public:
  /// `files`: paths below web/dist ("web/dist/console/index.html"); "X.gz" is the compressed copy of X.
  explicit Pages(const std::vector<embedded::File>& files);
  http::Response answer(const http::Request& request) const;

 private:
  http::Response entrance(const http::Request& request, const std::string& page) const;
  http::Response file(const http::Request& request, const std::string& path, int status) const;
  std::unordered_map<std::string, std::string_view> files_;  ///< by path on the wire, "/console/index.html"
};

}  // namespace lifang
