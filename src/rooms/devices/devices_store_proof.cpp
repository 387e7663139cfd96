// SQL of the proof: what commands hang on.
#include "rooms/devices/devices_proof.hpp"

namespace lifang::devices {
namespace {

constexpr std::string_view kCauses =
    "SELECT id, cause, asked_at FROM devices_commands WHERE cause <> '' ORDER BY id";

}  // namespace

void each_cause(Reader& reader, const std::function<void(const std::string& id, const std::string& cause, Time at)>& fn) {
  reader.each(kCauses, [&](const db::Row& r) { fn(r.get<std::string>(0), r.get<std::string>(1), r.time(2)); });
}

}  // namespace lifang::devices
