#include "platform/bus/bus_proof.hpp"

#include <fmt/format.h>

namespace lifang::bus {
namespace {

constexpr std::string_view kFirst = "SELECT MIN(seq) FROM bus_events";
constexpr std::string_view kLast = "SELECT MAX(seq) FROM bus_events";
constexpr std::string_view kHearers = "SELECT name, heard, failures, error FROM bus_hearers ORDER BY name";

}  // namespace

Proof prove(Reader& reader) {
  Proof proof;
  const std::int64_t first = reader.value<std::int64_t>(kFirst).value_or(1);
  proof.last = reader.value<std::int64_t>(kLast).value_or(0);
  reader.each(kHearers, [&](const db::Row& r) {
    ++proof.hearers;
    const std::int64_t heard = r.integer(1);
    if (heard > proof.last)
      proof.faults.push_back(fmt::format("{} has heard event {}, but the last is {}", r.text(0), heard, proof.last));
    // A hearer writes its place only when it listened: behind the first event it would have missed some for certain.
    else if (heard + 1 < first && r.integer(2) > 0)
      proof.faults.push_back(fmt::format("{} waits at event {}, but the first that is kept is {}", r.text(0), heard, first));
    if (r.integer(2) > 0)
      proof.parked.push_back(fmt::format("{} at {}, {} failures: {}", r.text(0), heard, r.integer(2), r.text(3)));
  });
  return proof;
}

}  // namespace lifang::bus
