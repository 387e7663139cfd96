// The HTTP twin of the porch, for devices without MQTT: POST /api/v1/{access-token}/telemetry, …/detections,
// …/files, …/picture and …/attributes, GET …/attributes.
#pragma once
#include "base/secret.hpp"
#include "porch/intake.hpp"
#include "rooms/devices/devices.hpp"
#include "rooms/files/files.hpp"

namespace lifang::http {
class Routes;
}
namespace lifang::porch {

struct HttpPorch {
  devices::Devices& devices;
  files::Files& files;
  const Vault& vault;
  Intake& intake;
  Metrics& metrics;
  World& world;
  Limits limits;
};
/// `porch` lives as long as `routes`.
void add_routes(http::Routes& routes, HttpPorch& porch);

}  // namespace lifang::porch
