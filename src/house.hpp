// The floor plan: every room, in the order in which they may ask each other, and all wiring on one page.
#pragma once
#include <memory>
#include <string>

#include "base/secret.hpp"
#include "base/world.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/db.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/lane/lane.hpp"
#include "platform/metrics/metrics.hpp"
#include "rooms/accounts/accounts.hpp"
#include "rooms/audit/audit.hpp"
#include "rooms/actions/actions.hpp"
#include "rooms/devices/devices.hpp"
#include "rooms/cases/cases.hpp"
#include "rooms/evaluations/evaluations.hpp"
#include "rooms/files/files.hpp"
#include "rooms/notices/notices.hpp"
#include "rooms/people/people.hpp"
#include "rooms/places/places.hpp"
#include "rooms/readings/readings.hpp"
#include "rooms/rules/rules.hpp"
#include "rooms/situations/situations.hpp"
#include "rooms/rosters/rosters.hpp"

namespace lifang {

namespace http {
class Routes;
}
// Rooms that nobody above asks: behind pointers, so that a change of their doors compiles them alone.
namespace imports {
class Imports;
}
namespace exchange {
class Exchange;
}
namespace drills {
class Drills;
}
namespace scorecards {
class Scorecards;
}
namespace affairs {
class Affairs;
}
namespace notices {
class Announcements;
class Bridges;
class Phones;
}
namespace rosters {
class Rounds;
}

/// One node without its sockets: tests build it on a fake world, `lifang serve` on the real one.
class House {
 public:
  struct Plan {
    std::string directory;  ///< files/, keys/
    Secret node_key;        ///< 32 bytes: everything that is sealed hangs on it
    int offset_minutes = 480;  ///< the district's zone
    std::size_t workers = 2;   ///< threads for the routes
    std::string public_url = {};  ///< how people reach the node, or empty
    accounts::Settings accounts = {};
    files::Settings files = {};
    readings::Options readings = {};
    bool webhooks_inside = false;  ///< receivers may stand in the node's own network
    bool weekly_paper = false;     ///< who is in charge is reminded of the stairwells' page
    bool only_asked = false;  ///< an errand while no node runs: timers and hearers wait for the node
    /// Events that every hearer has heard: as long as a live stream may be resumed and a hearer of tomorrow may want them.
    Duration events_kept = std::chrono::hours(24 * 30);
    Duration audit_kept = std::chrono::hours(24 * 1096);  ///< three years: how long handling of data must be provable
    Duration evidence_kept = std::chrono::hours(24 * 365);  ///< files of what is over, from its end
  };
  House(Plan plan, db::Database& database, World& world);
  ~House();
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  /// Opens the lane (the schema is migrated before): counters, cursors, memories.
  void open();
  /// The same for who only reads: nothing is written, and no other node is waited for.
  void look();
  /// The end of the audit's chain as it was noted last in DIR/lifang.audit; empty if it never was.
  std::string audit_noted() const;
  /// What devices said, in the lane's batch: stored, judged, and whatever that causes, in one transaction.
  void take(Tx& tx, readings::Batch& batch);

  Plan plan;
  db::Database& database;
  World& world;
  Vault vault;
  Metrics metrics;
  bus::Bus bus;
  jobs::Jobs jobs;
  lane::Lane lane;
  db::ReaderPool readers;

  places::Places places;
  people::People people;
  accounts::Accounts accounts;
  files::Files files;
  audit::Audit audit;
  devices::Devices devices;
  readings::Readings readings;
  rules::Rules rules;
  situations::Situations situations;
  rosters::Rosters rosters;
  cases::Cases cases;
  evaluations::Evaluations evaluations;
  notices::Notices notices;
  actions::Actions actions;
  std::shared_ptr<imports::Imports> imports;
  std::shared_ptr<exchange::Exchange> exchange;
  std::shared_ptr<drills::Drills> drills;
  std::shared_ptr<scorecards::Scorecards> scorecards;
  std::shared_ptr<affairs::Affairs> affairs;
  std::shared_ptr<notices::Announcements> announcements;
  std::shared_ptr<notices::Phones> phones;
  std::shared_ptr<notices::Bridges> bridges;
  std::shared_ptr<rosters::Rounds> rounds;

  std::unique_ptr<http::Routes> routes;

 private:
  void recall(Tx& tx);
  void wire();
  std::vector<std::string> hold_evidence(Tx& tx, const situations::Situation& situation);
  void open_case(Tx& tx, const situations::Opened& opened);
  void keep_tidy();
  void admit();
  void add_routes();
};

}  // namespace lifang
