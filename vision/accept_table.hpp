// How a judgement is scored: one line a figure, and its confusion table.
#pragma once
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "vision/models/catalog.hpp"

namespace lifang::vision::accept {

inline int failures = 0;

inline void verdict(bool good, std::string_view what, const std::string& figure) {
  fmt::print("{:<6} {:<34} {}\n", good ? "ok" : "SHORT", what, figure);
  std::fflush(stdout);
  failures += !good;
}

struct Table {
  int hit = 0, missed = 0, false_alarm = 0, quiet = 0;
  void count(bool truth, bool said) { (truth ? (said ? hit : missed) : (said ? false_alarm : quiet))++; }
  int all() const { return hit + missed + false_alarm + quiet; }
  double right() const { return all() == 0 ? 0 : 100.0 * (hit + quiet) / all(); }
  void print(std::string_view yes, std::string_view no) const {
    fmt::print("         {:>22} {:>10} {:>10}\n", "truth \\ said", yes, no);
    fmt::print("         {:>22} {:>10} {:>10}\n         {:>22} {:>10} {:>10}\n", yes, hit, missed, no, false_alarm, quiet);
  }
};

// On made-up looks and painted pictures, seeded: what was chosen was chosen on even seeds, only odd ones are scored.
void duty();
void bins();
void falls();
void areas();
void bags();
/// `data`/faces/PERSON/*: pictures of persons, if there are some.
void faces(const Catalog& catalog, const std::filesystem::path& data);

}  // namespace lifang::vision::accept
