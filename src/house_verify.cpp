#include "house_verify.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <unordered_set>

#include "base/embedded.hpp"
#include "house.hpp"
#include "platform/bus/bus_proof.hpp"
#include "platform/db/migrate.hpp"
#include "rooms/actions/actions_proof.hpp"
#include "rooms/cases/cases_proof.hpp"
#include "rooms/devices/devices_proof.hpp"
#include "rooms/drills/drills.hpp"
#include "rooms/evaluations/evaluations_proof.hpp"
#include "rooms/exchange/exchange_proof.hpp"
#include "rooms/notices/notices_proof.hpp"
#include "rooms/readings/readings_proof.hpp"
#include "rooms/rosters/rosters_rounds.hpp"
#include "rooms/situations/situations_proof.hpp"

namespace lifang {
namespace {

constexpr std::size_t kNamed = 5;  // faults that are named; the rest is counted

/// What one check found: figures when all is well, else how many faults and the first of them.
Check told(std::string name, const std::vector<std::string>& faults, std::string figures) {
  if (faults.empty()) return {std::move(name), true, std::move(figures)};
  const std::size_t named = std::min(faults.size(), kNamed);
  std::string detail = fmt::format("{} faults: {}", faults.size(), fmt::join(faults.begin(), faults.begin() + static_cast<std::ptrdiff_t>(named), "; "));
  if (named < faults.size()) detail += "; …";
  return {std::move(name), false, std::move(detail)};
}

Check check_schema(Reader& reader, House&) {
  switch (db::standing(reader.session(), embedded::schemas())) {
    case db::Standing::current: return {"schema", true, "every schema file is applied as it is"};
    case db::Standing::ahead: return {"schema", false, "a newer program applied a schema file that this one does not know"};
    case db::Standing::behind: break;
  }
  return {"schema", false, "a schema file is missing or was changed"};
}

Check check_audit(Reader& reader, House& house) {
  const audit::Verdict verdict = house.audit.verify(reader, house.audit_noted());
  return {"audit", !verdict.broken_at,
          verdict.broken_at ? fmt::format("the chain breaks at entry {}: {}", *verdict.broken_at, verdict.why)
                            : fmt::format("{} entries, {} anchors", verdict.entries, verdict.anchors)};
}

/// Follows the ids that rows hang on.
class Causes {
 public:
  Causes(Reader& reader, House& house) : reader_(reader), house_(house), now_(house.world.clock.now()) {}

  Check check() {
    const auto look = [this](const std::string& id, const std::string& cause, Time at) { follow(id, cause, at); };
    situations::each_cause(reader_, look);
    actions::each_cause(reader_, look);
    devices::each_cause(reader_, look);
    cases::each_cause(reader_, look);
    evaluations::each_cause(reader_, look);
    notices::each_cause(reader_, look);
    exchange::each_cause(reader_, look);
    return told("causes", faults_, fmt::format("{} causes, {} of them past their retention", followed_, expired_));
  }

 private:
  enum class Found { yes, expired, no, unknown };

  void follow(const std::string& id, const std::string& cause, Time at) {
    ++followed_;
    if (cause.empty()) return faults_.push_back(id + " has no cause");
    if (known_.contains(cause)) return;
    const Found found = find(cause, at);
    if (found == Found::no) return faults_.push_back(fmt::format("{} hangs on {}, which is not there", id, cause));
    if (found == Found::unknown) return faults_.push_back(fmt::format("{} hangs on {}, of a form that this program does not know", id, cause));
    expired_ += found == Found::expired;
    known_.insert(cause);
  }

  Found find(const std::string& cause, Time at) {
    const auto there = [](bool yes) { return yes ? Found::yes : Found::no; };
    if (cause.starts_with("situation_"))
      return there(situations::Situations::find(reader_, situations::SituationId{cause}).has_value());
    if (cause.starts_with("action_")) return there(actions::Actions::find(reader_, actions::ActionId{cause}).has_value());
    if (cause.starts_with("command_"))
      return there(devices::Devices::find_command(reader_, devices::CommandId{cause}).has_value());
    if (cause.starts_with("case_")) return there(house_.cases.cause_of(reader_, cause).has_value());
    if (cause.starts_with("evaluation_")) return there(evaluations::Evaluations::cause_of(reader_, cause).has_value());
    if (cause.starts_with("task_")) return there(rosters::Rounds::find_task(reader_, rosters::TaskId{cause}).has_value());
    if (cause.starts_with("ring_")) return there(house_.notices.find_ring(reader_, notices::RingId{cause}).has_value());
    if (cause.starts_with("rule:")) return find_rule(cause);
    if (cause.starts_with("reading:")) return find_reading(cause, at);
    if (cause.starts_with("silence:")) return Found::yes;  // nothing was said: there is no row
    if (cause.starts_with("det_")) return house_.readings.detection(reader_, cause) ? Found::yes : seen(at);
    if (cause.starts_with("drill_")) return there(drills::Drills::find(reader_, drills::DrillId{cause}).has_value());
    return Found::unknown;
  }

  /// Raw readings and detections leave by their retention, counted from the arrival; nine days are the program's grace.
  Found gone(Time arrived) const { return arrived + house_.plan.readings.keep_raw < now_ ? Found::expired : Found::no; }

  /// A read of a plate or face leaves earlier; its row no longer says which it was.
  Found seen(Time arrived) const {
    const readings::Options& kept = house_.plan.readings;
    return arrived + std::min(kept.keep_raw, kept.keep_personal) < now_ ? Found::expired : Found::no;
  }

  Found find_rule(const std::string& cause) {
    const auto cut = cause.rfind(':');
    std::int64_t version = 0;
    std::from_chars(cause.data() + cut + 1, cause.data() + cause.size(), version);
    const rules::RuleId id{cause.substr(5, cut - 5)};
    return rules::Rules::version(reader_, id, version) ? Found::yes : Found::no;
  }

  Found find_reading(const std::string& cause, Time at) {
    const auto first = cause.find(':'), last = cause.rfind(':'), middle = cause.find(':', first + 1);
    std::int64_t ts = 0;
    if (middle >= last) return Found::no;
    std::from_chars(cause.data() + last + 1, cause.data() + cause.size(), ts);
    const auto device = house_.devices.registry().find(cause.substr(first + 1, middle - first - 1));
    if (!device) return Found::expired;  // removed; what it said stands under its number
    const auto* metric = device->profile->find(cause.substr(middle + 1, last - middle - 1));
    if (!metric) return Found::expired;  // the profile no longer names it
    return house_.readings.raw(reader_, device->number, metric->number, ts, ts + 1, 1).points.empty() ? gone(at) : Found::yes;
  }

  Reader& reader_;
  House& house_;
  Time now_;
  std::unordered_set<std::string> known_;
  std::vector<std::string> faults_;
  std::size_t followed_ = 0, expired_ = 0;
};

Check check_readings(Reader& reader, House& house) {
  const auto& options = house.plan.readings;
  const readings::Proof proof = readings::prove(reader, house.world.clock.now() - options.keep_rollups);
  return told("readings", proof.faults,
              fmt::format("{} points in {} chunks{}, {} journal rows, {} roll-ups compared", proof.points, proof.chunks,
                          proof.whole ? "" : " (a sample of the series)", proof.journal_rows, proof.rollups));
}

Check check_cases(Reader& reader, House&) {
  const cases::Proof proof = cases::prove(reader);
  return told("cases", proof.faults, fmt::format("{} cases, {} of them open, {} lines in their diaries", proof.cases, proof.open, proof.lines));
}

Check check_events(Reader& reader, House&) {
  const bus::Proof proof = bus::prove(reader);
  return told("events", proof.faults, fmt::format("{} hearers, last event {}", proof.hearers, proof.last));
}

Check check_causes(Reader& reader, House& house) { return Causes(reader, house).check(); }

using Prove = Check (*)(Reader&, House&);
// The ledger of points takes its place here with its room: its sum is zero, from the first posting on.
constexpr Prove kProofs[] = {check_schema, check_audit, check_causes, check_readings, check_cases, check_events};

}  // namespace

Verified verify(Reader& reader, House& house) {
  Verified verified{true, {}};
  for (const Prove prove : kProofs) {
    verified.checks.push_back(prove(reader, house));
    verified.ok = verified.ok && verified.checks.back().ok;
  }
  return verified;
}

Verified verify(const db::Snapshots& past, House& house) {
  Verified verified{true, {}};
  for (const Prove prove : kProofs) {
    verified.checks.push_back(past.read([&](Reader& reader) { return prove(reader, house); }));
    verified.ok = verified.ok && verified.checks.back().ok;
  }
  return verified;
}

}  // namespace lifang
