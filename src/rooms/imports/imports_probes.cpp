// What else is wrong with a row that was refused: its cells, one by one.
#include <algorithm>
#include <array>

#include "rooms/imports/imports_pass.hpp"

namespace lifang::imports {
namespace {

using Names = std::initializer_list<std::string_view>;

bool among(const Names& names, std::string_view id) { return std::find(names.begin(), names.end(), id) != names.end(); }

/// By how it is read, where that hangs on nothing else.
void probe_cell(Probes& probes, Pass& pass, const Line& line, std::string_view id) {
  static const Names numbers = {"lon", "lat", "height"};
  static const Names wholes = {"floors", "cost_fen", "warn_percent", "near_floors", "near_metres"};
  static const Names spans = {"accept_micro", "accept_small", "accept_great", "handle_micro", "handle_small", "handle_great",
                              "verify_micro", "verify_small", "verify_great", "merge",        "ring",         "steady",
                              "report_in",    "close_after",  "appeal"};
  static const Names yeses = {"strict", "evaluate", "retired"};
  if (among(numbers, id)) probes.emplace_back([&line, id] { line.number_in(id); });
  if (among(wholes, id)) probes.emplace_back([&line, id] { line.whole_in(id); });
  if (among(spans, id)) probes.emplace_back([&line, id] { line.duration(id); });
  if (among(yeses, id)) probes.emplace_back([&line, id] { line.yes(id); });
  if (id == "installed_at") probes.emplace_back([&line, &pass, id] { line.instant(id, pass.offset_minutes); });
}

}  // namespace

Probes probes_of(Pass& pass, What what, const Head& head, const Line& line) {
  Probes probes;
  if (what == What::people) {
    probe_person(probes, pass, line);
    return probes;
  }
  for (const Column& column : columns_of(what)) {
    const std::string_view id = column.id;
    const bool is_key = id == (what == What::kinds ? "code" : "id") && what != What::homes;
    if (is_key) probes.emplace_back([&line, id] { line.id(id); });
    else if (is_needed(what, column, head)) probes.emplace_back([&line, id] { line.must(id); });
    probe_cell(probes, pass, line, id);
  }
  probe_place(probes, pass, what, line);
  probe_thing(probes, pass, what, line);
  return probes;
}

}  // namespace lifang::imports
