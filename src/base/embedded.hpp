// Files that travel inside the program: the schemas of the rooms and the built pages.
#pragma once
#include <string_view>
#include <vector>

namespace lifang::embedded {

struct File {
  std::string_view path;   ///< relative to the source tree, e.g. "src/rooms/cases/schema/0001_cases.sql"
  std::string_view bytes;  ///< lives as long as the program
};

std::vector<File> schemas();
std::vector<File> pages();  ///< below web/dist, empty if they were not built
/// src/rooms/<room>/data/*: what rooms bring along (holidays, kinds of cases).
std::vector<File> data();

}  // namespace lifang::embedded
