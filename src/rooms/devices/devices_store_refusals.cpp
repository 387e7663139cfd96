// The SQL of refusals.
#include "rooms/devices/devices_store.hpp"

namespace lifang::devices::store {
namespace {

constexpr std::string_view kKeepRefusal =
    "INSERT INTO devices_refusals (device, day, reason, times, first_at, last_at, sample) VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (device, day, reason) DO UPDATE SET times = devices_refusals.times + excluded.times, "
    "last_at = CASE WHEN excluded.last_at > devices_refusals.last_at THEN excluded.last_at ELSE devices_refusals.last_at END, "
    "sample = CASE WHEN excluded.sample = '' THEN devices_refusals.sample ELSE excluded.sample END";
constexpr std::string_view kRefusals =
    "SELECT reason, day, times, first_at, last_at, sample FROM devices_refusals WHERE device = $1 ORDER BY reason, day DESC";
constexpr std::string_view kForget = "DELETE FROM devices_refusals WHERE day < $1";

}  // namespace

void keep_refusal(Tx& tx, std::uint32_t device, const RefusalRow& row) {
  tx.run(kKeepRefusal, device, row.day, row.reason, row.times, row.first, row.last, row.sample);
}

std::vector<RefusalRow> refusals(Reader& reader, std::uint32_t device) {
  return reader.all(kRefusals, [](const db::Row& r) {
    return RefusalRow{r.get<std::string>(0), r.integer(1), r.integer(2), r.time(3), r.time(4), r.get<std::string>(5)};
  }, device);
}

void forget_refusals(Tx& tx, std::int64_t before_day) { tx.run(kForget, before_day); }

}  // namespace lifang::devices::store
