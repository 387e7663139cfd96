// At whom a ring rang, and when.
#include "rooms/notices/notices_rung.hpp"

namespace lifang::notices::store {
namespace {

constexpr std::string_view kAddRung =
    "INSERT INTO notices_rung (ring, step, person, at) VALUES ($1, $2, $3, $4) ON CONFLICT (ring, step) DO NOTHING";
constexpr std::string_view kRungOf = "SELECT step, person, at FROM notices_rung WHERE ring = $1 ORDER BY step";

}  // namespace

void add_rung(Tx& tx, const RingId& ring, std::int64_t step, const PersonId& person, Time at) { tx.run(kAddRung, ring, step, person, at); }

std::vector<RungRow> rung(Reader& reader, const RingId& ring) {
  return reader.all(kRungOf, [](const db::Row& row) { return RungRow{row.integer(0), row.get<PersonId>(1), row.time(2)}; }, ring);
}

}  // namespace lifang::notices::store
