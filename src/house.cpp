#include "house.hpp"

#include "platform/bus/typed.hpp"
#include "platform/http/routes.hpp"
#include "rooms/devices/devices_http.hpp"
#include "rooms/places/places_http.hpp"

namespace lifang {

House::House(Plan plan_, db::Database& database, World& world_)
    : plan(std::move(plan_)),
      world(world_),
      vault(plan.node_key),
      lane(database, world, bus, jobs),
      readers(database),
      places(bus),
      devices(bus, jobs, vault),
      routes(std::make_unique<http::Routes>(http::Routes::Parts{lane, readers, metrics, world}, plan.workers)) {
  wire();
  add_routes();
}

House::~House() {
  routes->stop();
  lane.stop();
}

/// Who hears whom. This page is the diagram of the system.
void House::wire() {
  bus::hear<places::Moved>(bus, "devices", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    devices.place_moved(tx, moved.from, moved.to);
  });
}

void House::add_routes() {
  places::add_routes(*routes, places);
  devices::add_routes(*routes, devices);
}

void House::open() {
  lane.open([this](Tx& tx) { devices.open(tx); });
}

}  // namespace lifang
