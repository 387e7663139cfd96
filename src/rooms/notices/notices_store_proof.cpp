// SQL of the proof: what notices and rings hang on.
#include "rooms/notices/notices_proof.hpp"

namespace lifang::notices {
namespace {

constexpr std::string_view kCauses =
    "SELECT id, case_id, at FROM notices WHERE case_id <> '' UNION ALL SELECT id, case_id, began_at FROM notices_rings";

}  // namespace

void each_cause(Reader& reader, const std::function<void(const std::string& id, const std::string& cause, Time at)>& fn) {
  reader.each(kCauses, [&](const db::Row& r) { fn(r.get<std::string>(0), r.get<std::string>(1), r.time(2)); });
}

}  // namespace lifang::notices
