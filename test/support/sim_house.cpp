#include "support/sim_house.hpp"

#include "porch/telemetry.hpp"

namespace lifang {
namespace {

constexpr std::string_view kHeard = "INSERT INTO sim_heard (seq) VALUES ($1)";
constexpr std::string_view kTwice =
    "SELECT COUNT(*) FROM (SELECT seq FROM sim_heard GROUP BY seq HAVING COUNT(*) <> 1) AS twice";
constexpr std::string_view kMissed =
    "SELECT COUNT(*) FROM bus_events WHERE seq > (SELECT MIN(seq) FROM sim_heard) AND seq NOT IN (SELECT seq FROM sim_heard)";

}  // namespace

SimHouse::SimHouse(db::Engine engine) : database_(engine) {
  database_.database().connect()->script("CREATE TABLE sim_heard (seq BIGINT NOT NULL)");
  open();
}

SimHouse::~SimHouse() { drop(); }

House::Plan SimHouse::plan() {
  House::Plan plan;
  plan.directory = database_.directory();
  plan.node_key = Secret(std::string(kKeyBytes, 'k'));
  plan.accounts.cost = PasswordCost::for_tests();
  plan.readings.fold_points = 700;  // so small that a run of minutes folds, too
  return plan;
}

void SimHouse::drop() {
  if (!house_) return;
  house_->lane.stop();  // whoever waits is told that nothing of it was stored, as by a closed connection
  portion_.clear();
  intake_.reset();
  house_.reset();
}

void SimHouse::open() {
  house_ = std::make_unique<House>(plan(), database_.database(), world_.world);
  House& house = *house_;
  house.bus.hear("sim", "*", [](Tx& tx, const bus::Told& told) { tx.run(kHeard, told.seq); });
  intake_ = std::make_unique<porch::Intake>(
      house.lane, house.metrics, house.devices.refusals(), [&house](Tx& tx, readings::Batch& batch) { house.take(tx, batch); },
      100'000);
  house.open();
}

void SimHouse::say(const std::string& device, const std::string& payload, porch::Stored stored) {
  const auto entry = house_->devices.registry().find(device);
  porch::Limits limits;
  limits.now = to_ms(clock().now());
  const auto taken = porch::read_telemetry(payload, *entry, limits, portion_.batch);
  check(taken.anything(), "a message of the simulation is readable");
  portion_.waiting.push_back(std::move(stored));
}

void SimHouse::hand_over() { intake_->submit(portion_); }

void SimHouse::pass_to(Time end) {
  for (;;) {
    auto due = house_->jobs.next_due();
    if (const auto timer = house_->rules.live().next_due(); timer && (!due || *timer < *due)) due = timer;
    if (!due || *due > end) break;
    if (*due > clock().now()) clock().set(*due);
    if (!house_->lane.step()) break;
    house_->lane.settle();
  }
  clock().set(end);
  house_->lane.settle();
}

void SimHouse::tend() {
  const auto in_reader = [this](const std::function<void(Reader&)>& fn) {
    auto lease = house_->readers.lease();
    fn(lease.reader());
  };
  house_->readings.tend(in_reader, [this](const std::function<void(Tx&)>& fn) { house_->lane.now(fn); });
}

std::pair<std::int64_t, std::int64_t> SimHouse::events_amiss() {
  Reader read = reader();
  return {read.value<std::int64_t>(kTwice).value_or(0), read.value<std::int64_t>(kMissed).value_or(0)};
}

}  // namespace lifang
