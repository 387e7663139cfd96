// The source tree as the tidiness tests read it: files by path, their lines, their includes.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lifang::tidy {

struct Source {
  std::string path;  ///< from the top of the tree: "src/base/id.hpp"
  std::vector<std::string> lines;
  std::vector<std::string> quoted;   ///< what it includes in quotes
  std::vector<std::string> angled;   ///< and in angle brackets

  bool is_header() const { return path.ends_with(".hpp"); }
  bool is_code() const { return is_header() || path.ends_with(".cpp"); }
  bool is_test() const { return path.ends_with("_test.cpp") || path.starts_with("test/"); }
  /// "cases" for src/rooms/cases/…, else empty.
  std::string room() const;
  std::string name() const { return path.substr(path.rfind('/') + 1); }
  std::string text() const;
};

/// Everything that people write: src, test, bench, docs, web, and the pages at the top; nothing that
/// was built, downloaded or recorded.
const std::map<std::string, Source>& tree();

/// C++ below src/ that is no test.
void each_part(const std::function<void(const Source&)>& visit);

/// The line without string literals and comments, so that words in them count for nothing.
std::string code_of(const std::string& line);

/// "path:12: what: what to do", one a line; empty when all is well.
class Findings {
 public:
  void add(const Source& source, std::size_t line, std::string_view what);
  void add(const Source& source, std::string_view what) { add(source, 0, what); }
  bool none() const { return text_.empty(); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// The rooms as House holds them: one may ask only those that stand before it.
const std::vector<std::string>& room_order();
/// The rooms that the README of `room` declares behind "**Depends on**".
std::set<std::string> declared(const std::string& room);

bool has_word(std::string_view line, std::string_view word);

}  // namespace lifang::tidy
