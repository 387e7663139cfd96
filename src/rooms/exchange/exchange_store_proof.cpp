// SQL of the proof: which detections captures hang on.
#include "rooms/exchange/exchange_proof.hpp"

namespace lifang::exchange {
namespace {

constexpr std::string_view kCauses = "SELECT id, detection, queued_at FROM exchange_captures";

}  // namespace

void each_cause(Reader& reader, const std::function<void(const std::string& id, const std::string& cause, Time at)>& fn) {
  reader.each(kCauses, [&](const db::Row& r) { fn(r.get<std::string>(0), r.get<std::string>(1), r.time(2)); });
}

}  // namespace lifang::exchange
