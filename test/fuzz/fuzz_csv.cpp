// Any bytes as CSV: refused or read, and rows that were read are written so that they read back.
#include "fuzz_main.hpp"

#include <sstream>

#include "base/check.hpp"
#include "base/csv.hpp"
#include "base/refusal.hpp"

namespace {

std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::istringstream in(text);
  lifang::CsvReader reader(in);
  std::vector<std::vector<std::string>> rows;
  for (std::vector<std::string> row; reader.next(row);) rows.push_back(row);
  return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lifang;
  std::vector<std::vector<std::string>> rows;
  try {
    rows = rows_of(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const Refusal& refusal) {
    check(refusal.code.starts_with("csv."), "a foreign refusal");
    return 0;
  }
  std::string text;
  CsvWriter writer(text, {.byte_order_mark = true, .guard_formulas = false});
  for (const auto& row : rows) writer.row(row);
  check(rows_of(text) == rows, "rows do not read back");
  return 0;
}
