// SQL of the proof: what evaluations hang on.
#include "rooms/evaluations/evaluations_proof.hpp"

namespace lifang::evaluations {
namespace {

constexpr std::string_view kCauses =
    "SELECT id, case_id, asked_at FROM evaluations ORDER BY id";

}  // namespace

void each_cause(Reader& reader, const std::function<void(const std::string& id, const std::string& cause, Time at)>& fn) {
  reader.each(kCauses, [&](const db::Row& r) { fn(r.get<std::string>(0), r.get<std::string>(1), r.time(2)); });
}

}  // namespace lifang::evaluations
