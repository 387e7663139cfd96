// SQL of the proof: what situations hang on.
#include <fmt/format.h>

#include "rooms/situations/situations_proof.hpp"

namespace lifang::situations {
namespace {

constexpr std::string_view kCauses = "SELECT id, cause, raised_at, rule, rule_version, evidence FROM situations ORDER BY id";

}  // namespace

void each_cause(Reader& reader, const std::function<void(const std::string& id, const std::string& cause, Time at)>& fn) {
  reader.each(kCauses, [&](const db::Row& r) {
    const std::string id = r.get<std::string>(0);
    // Without evidence of its own it would not outlive the readings.
    const bool bare = r.text(5).empty() || r.text(5) == "[]";
    fn(id, bare ? std::string() : r.get<std::string>(1), r.time(2));
    fn(id, fmt::format("rule:{}:{}", r.text(3), r.integer(4)), r.time(2));
  });
}

}  // namespace lifang::situations
