#include "ward/ward_past.hpp"

#include <fmt/format.h>

#include <atomic>
#include <deque>
#include <memory>
#include <span>

#include "node.hpp"
#include "rooms/accounts/accounts_first.hpp"
#include "ward/chance.hpp"
#include "ward/ward_doors.hpp"
#include "ward/ward_sense.hpp"
#include "ward/ward_society.hpp"

namespace lifang::ward {
namespace {

constexpr Duration kStep = std::chrono::hours(1), kLeastStep = std::chrono::minutes(4);

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

bool is_over(const Ended& ended) { return ended && ended(); }

/// What machines do about what they are told: most do it within seconds, a few cannot, and a few are never heard of.
class Machines {
 public:
  Machines(House& house, HandClock& clock, std::uint64_t seed) : house_(house), clock_(clock), seed_(seed) {
    house.bus.watch([asked = asked_](std::span<const bus::Told> events) {
      for (const bus::Told& told : events)
        if (told.topic == devices::Commanded::topic) asked->push_back(devices::CommandId{told.subject});
    });
  }
  /// Answers what was asked so far, each in its turn and none after `end`.
  void answer(Time end) {
    while (!asked_->empty()) {
      const auto command = find(asked_->front());
      asked_->pop_front();
      if (!command) continue;
      house_.lane.now([&](Tx& tx) { house_.devices.sent(tx, command->id); });
      Chance chance(seed_, fmt::format("{}:{}", command->device.text, command->number));
      const bool silent = chance.one_in(16), broken = chance.one_in(16);
      if (silent) continue;
      const Time at = std::min(end, command->asked_at + std::chrono::seconds(chance.between(1, 9)));
      if (at > clock_.now()) clock_.set(at);
      const std::string words = broken ? R"({"error":"the motor does not move"})" : R"({"ok":true})";
      house_.lane.now([&](Tx& tx) { house_.devices.answered(tx, command->device, command->number, words); });
      house_.lane.settle();
    }
  }

 private:
  std::optional<devices::Command> find(const devices::CommandId& id) {
    Reader reader(house_.lane.session());
    return devices::Devices::find_command(reader, id);
  }
  House& house_;
  HandClock& clock_;
  std::uint64_t seed_;
  /// Shared with the bus, which outlives whoever answers.
  std::shared_ptr<std::deque<devices::CommandId>> asked_ = std::make_shared<std::deque<devices::CommandId>>();
};

/// Tells the days in hours: what devices said in each, what it caused, and what people did about it.
class Past {
 public:
  Past(House& house, HandClock& clock, const WardPlan& plan, const Begin& begin, Society& society)
      : house_(house), clock_(clock), plan_(plan), begin_(begin), society_(society), machines_(house, clock, begin.size.seed) {}

  void live(Time until) {
    for (std::size_t i = 0; i < plan_.devices.size(); ++i)
      if (plan_.devices[i].compound < begin_.compounds) devices_.push_back(i);
    for (Time at = clock_.now() + kStep; at <= until && !is_over(begin_.ended); at += kStep) {
      pass_to(at);
      hear_devices(at);
      const auto hour = std::chrono::duration_cast<std::chrono::hours>(at.time_since_epoch()).count() + begin_.offset_minutes / 60;
      const bool day = hour % 24 >= 7 && hour % 24 < 22;
      for (const int minute : {1, 8, 22, 45}) {
        const Time then = at + std::chrono::minutes(minute);
        if (then >= until) break;
        pass_to(then);
        // Nothing is reported in the last hours: what the last morning reports would join it.
        society_.step(minute != 8 || at + std::chrono::hours(4) > until ? 0 : day ? 0.5 : 0.08);
      }
      if (hour % 6 == 0) society_.judge();
      if (hour % 24 == 3) fold();
      if (hour % 72 == 10) society_.announce();
    }
    if (!is_over(begin_.ended)) pass_to(until);
  }

 private:
  /// The clock stops where something is due, but not oftener than every few minutes: some timers look every minute,
  /// which would make a month long.
  void pass_to(Time end) {
    house_.lane.settle();
    for (;;) {
      machines_.answer(end);
      auto due = house_.jobs.next_due();
      if (const auto timer = house_.rules.live().next_due(); timer && (!due || *timer < *due)) due = timer;
      if (!due || *due > end) break;
      clock_.set(std::min(end, std::max(*due, clock_.now() + kLeastStep)));
      if (!house_.lane.step()) break;
      house_.lane.settle();
    }
    clock_.set(end);
    house_.lane.settle();
  }
  void hear_devices(Time at) {
    readings::Batch batch;
    for (const std::size_t i : devices_)
      add_to(batch, house_, plan_.devices[i], sense(plan_.devices[i], plan_.size.seed, at - kStep, at, {}), at);
    house_.lane.now([&](Tx& tx) { house_.take(tx, batch); });
  }
  void fold() {
    const auto in_reader = [&](const std::function<void(Reader&)>& fn) {
      auto lease = house_.readers.lease();
      fn(lease.reader());
    };
    const auto in_tx = [&](const std::function<void(Tx&)>& fn) { house_.lane.now(fn); };
    while (house_.readings.tend(in_reader, in_tx)) continue;
  }

  House& house_;
  HandClock& clock_;
  const WardPlan& plan_;
  const Begin& begin_;
  Society& society_;
  Machines machines_;
  std::vector<std::size_t> devices_;
};

}  // namespace

bool is_empty(const config::Config& config, const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  const auto database = open_database(config, directory, RealClock{}.now());
  const auto session = database->connect();
  Reader reader(*session);
  return places::Places::count(reader, Caller::system(), {}) == 0;
}

std::optional<Loaded> begin_ward(config::Config config, const std::filesystem::path& directory, const Begin& begin, const WardPlan& plan,
                                 Time now, const std::function<void(const std::string&)>& told) {
  HandClock clock(std::chrono::floor<std::chrono::hours>(now) - std::chrono::days(begin.days));
  RealIds ids(clock);
  World world{clock, ids};
  // Whatever is cut off while it is being made is made again: it need not survive a power cut.
  config.database.synchronous = config::Synchronous::normal;
  config.accounts.session_lifetime = config.accounts.session_idle = std::chrono::days(60);
  const auto database = open_database(config, directory, clock.now());
  House house(plan_of(config, directory, ids), *database, world);
  house.open();
  accounts::make_first_admin(house.accounts, house.lane, world, directory, config::take_admin_password());
  const Loaded loaded = load_ward(house, plan, begin.password, told, begin.ended);
  if (is_over(begin.ended)) return std::nullopt;
  told(fmt::format("{} days of the past", begin.days));
  DoorCounter counter(house);
  Society society(plan, counter, plan.size.seed, 1);
  Past(house, clock, plan, begin, society).live(now);
  if (is_over(begin.ended)) return std::nullopt;
  society.leave_one_of_each();
  house.lane.settle();
  const auto& done = society.done();
  told(fmt::format("{} reports, {} steps of staff, {} evaluations, {} refused{}{}", done.reported, done.moved, done.judged,
                   done.refused, counter.trouble.empty() ? "" : "; last: ", counter.trouble));
  return loaded;
}

}  // namespace lifang::ward
