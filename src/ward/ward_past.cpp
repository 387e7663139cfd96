#include "ward/ward_past.hpp"

#include <fmt/format.h>

#include <atomic>
#include <map>

#include "base/check.hpp"
#include "base/members.hpp"
#include "node.hpp"
#include "rooms/accounts/accounts_first.hpp"
#include "ward/ward_sense.hpp"
#include "ward/ward_society.hpp"

namespace lifang::ward {
namespace {

constexpr Duration kStep = std::chrono::hours(1);

/// Stands where it was put.
class HandClock final : public Clock {
 public:
  explicit HandClock(Time start) : now_(to_ms(start)) {}
  Time now() const override { return from_ms(now_.load()); }
  void set(Time t) { now_ = to_ms(t); }

 private:
  std::atomic<std::int64_t> now_;
};

/// What the devices said in one step, as the porch would have decoded it.
void add_to(readings::Batch& batch, const House& house, const PlannedDevice& device, const Sensed& sensed, Time at) {
  const auto entry = house.devices.registry().find(device.id.text);
  if (!entry) return;
  const auto first = static_cast<std::uint32_t>(batch.values.size());
  for (const auto& [name, value] : sensed.values)
    if (const auto* metric = entry->profile->find(name))
      batch.values.push_back({value, metric->number, static_cast<std::uint8_t>(entry->suspect(*metric, value) ? readings::suspect : 0)});
  const auto count = static_cast<std::uint32_t>(batch.values.size()) - first;
  if (count > 0) batch.items.push_back({to_ms(at), to_ms(at), entry->number, first, count});
  for (const SeenThing& seen : sensed.seen) {
    readings::Detection detection;
    detection.ts = detection.arrived = to_ms(at);
    detection.device = entry->number;
    detection.confidence = seen.confidence;
    detection.kind = seen.kind;
    batch.detections.push_back(std::move(detection));
  }
}

/// People at the doors of the rooms themselves: no sockets, and the clock waits for them.
class DoorCounter final : public Counter {
 public:
  explicit DoorCounter(House& house) : house_(house) {}

  bool report(const std::string& login, const std::string& kind, const std::string& place, const std::string& text) override {
    cases::Report words;
    words.kind = kind;
    words.place = places::PlaceId{place};
    words.text = text;
    return done([&](Tx& tx) { house_.cases.report(tx, caller(tx, login), words); });
  }
  std::vector<Owed> owed(const std::string& login) override {
    std::vector<Owed> all;
    house_.lane.now([&](Tx& tx) {
      all.clear();
      cases::Filter filter;
      filter.open = true;
      filter.limit = 200;
      for (const cases::Case& one : house_.cases.list(tx, caller(tx, login), filter)) {
        Owed owed{one.id.text, {}, one.overdue};
        for (const cases::Move move : one.allowed) owed.allowed.emplace_back(cases::spelling(move));
        all.push_back(std::move(owed));
      }
    });
    return all;
  }
  bool move(const std::string& login, const std::string& id, const std::string& move, const Said& said) override {
    cases::Words words;
    if (!said.note.empty()) words.note = said.note;
    if (!said.files.empty()) words.files = said.files;
    if (said.post) words.post = rosters::PostId{*said.post};
    words.passed = said.passed;
    return done([&](Tx& tx) { house_.cases.move(tx, caller(tx, login), cases::CaseId{id}, enum_of<cases::Move>(move), words); });
  }

 private:
  bool done(const lane::Lane::UseCase& work) {
    try {
      house_.lane.now(work);
      house_.lane.settle();
      return true;
    } catch (const Refusal& refusal) {
      trouble = refusal.code + " " + refusal.detail;
      return false;
    }
  }
  /// The login with the rights of its roles, as a session would have them.
  const Caller& caller(Reader& reader, const std::string& login) {
    const auto known = callers_.find(login);
    if (known != callers_.end()) return known->second;
    const auto id = accounts::Accounts::find_by_login(reader, login);
    check(id.has_value(), "the demo logins were made");
    const auto account = accounts::Accounts::get(reader, Caller::system(), *id);
    Caller caller{account.id.text, account.person.value_or(""), account.login, {}, {}, {}};
    for (const auto& role : accounts::Accounts::roles(reader))
      for (const auto& assignment : account.assignments)
        if (assignment.role == role.id)
          for (const std::string& right : role.rights) caller.grants.push_back({right, assignment.path});
    return callers_[login] = std::move(caller);
  }

  House& house_;
  std::map<std::string, Caller> callers_;
};

/// Tells the days in hours: what devices said in each, what it caused, and what people did about it.
void live(House& house, HandClock& clock, const WardPlan& plan, const Begin& begin, Society& society, Time until) {
  const auto in_reader = [&](const std::function<void(Reader&)>& fn) {
    auto lease = house.readers.lease();
    fn(lease.reader());
  };
  const auto in_tx = [&](const std::function<void(Tx&)>& fn) { house.lane.now(fn); };
  for (Time at = clock.now() + kStep; at <= until; at += kStep) {
    clock.set(at);
    house.lane.settle();
    readings::Batch batch;
    for (const PlannedDevice& device : plan.devices)
      if (device.compound < begin.compounds) add_to(batch, house, device, sense(device, plan.size.seed, at - kStep, at, {}), at);
    house.lane.now([&](Tx& tx) { house.take(tx, batch); });
    house.lane.settle();
    society.step(0.4);
    while (house.readings.tend(in_reader, in_tx)) continue;
  }
}

}  // namespace

bool is_empty(const config::Config& config, const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  const auto database = open_database(config, directory, RealClock{}.now());
  const auto session = database->connect();
  Reader reader(*session);
  return places::Places::count(reader, Caller::system(), {}) == 0;
}

Loaded begin_ward(config::Config config, const std::filesystem::path& directory, const Begin& begin, const WardPlan& plan,
                  Time now, const std::function<void(const std::string&)>& told) {
  const Time hour = std::chrono::floor<std::chrono::hours>(now);
  HandClock clock(hour - std::chrono::days(begin.days));
  RealIds ids(clock);
  World world{clock, ids};
  // Whatever is cut off while it is being made is made again: it need not survive a power cut.
  config.database.synchronous = config::Synchronous::normal;
  config.accounts.session_lifetime = config.accounts.session_idle = std::chrono::days(60);
  const auto database = open_database(config, directory, clock.now());
  House house(plan_of(config, directory, ids), *database, world);
  house.open();
  accounts::make_first_admin(house.accounts, house.lane, world, directory, config::take_admin_password());
  const Loaded loaded = load_ward(house, plan, begin.password, told);
  told(fmt::format("{} days of the past", begin.days));
  DoorCounter counter(house);
  Society society(plan, counter, plan.size.seed);
  live(house, clock, plan, begin, society, hour);
  told(fmt::format("{} reports, {} steps of staff, {} refused{}{}", society.done().reported, society.done().moved,
                   society.done().refused, counter.trouble.empty() ? "" : "; last: ", counter.trouble));
  return loaded;
}

}  // namespace lifang::ward
