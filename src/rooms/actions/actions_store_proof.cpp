// SQL of the proof: what actions hang on.
#include "rooms/actions/actions_proof.hpp"

namespace lifang::actions {
namespace {

constexpr std::string_view kCauses = "SELECT id, situation, command, release, at FROM actions ORDER BY id";

}  // namespace

void each_cause(Reader& reader, const std::function<void(const std::string& id, const std::string& cause, Time at)>& fn) {
  reader.each(kCauses, [&](const db::Row& r) {
    const std::string id = r.get<std::string>(0);
    fn(id, r.get<std::string>(1), r.time(4));
    for (const int command : {2, 3})
      if (!r.text(command).empty()) fn(id, r.get<std::string>(command), r.time(4));
  });
}

}  // namespace lifang::actions
