// The HTTP twin of the porch, for devices without MQTT: POST /api/v1/{access-token}/telemetry, …/detections,
// …/files, …/picture and …/attributes, GET …/attributes.
#pragma once
#include "base/secret.hpp"
#include "porch/intake.hpp"
#include "rooms/devices/devices.hpp"
#include "rooms/files/files.hpp"

namespace lifang::http {
class Routes;
struct Request;
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
/// Leaves a trace of what was refused with the device whose access token stands in the path, or whose id stands where the
/// token belongs. Counts nothing; other paths are none of the porch's. Any thread; does not throw.
void note_refused(HttpPorch& porch, const http::Request& request, std::string_view code, std::string_view sample);

}  // namespace lifang::porch
