#include "rooms/rules/rules_store.hpp"

#include "base/reflect.hpp"

namespace lifang::rules::store {
namespace {

constexpr std::string_view kFind = "SELECT id, number, latest, active FROM rules WHERE id = $1";
constexpr std::string_view kFindByNumber = "SELECT id, number, latest, active FROM rules WHERE number = $1";
constexpr std::string_view kList = "SELECT id, number, latest, active FROM rules WHERE id > $1 ORDER BY id LIMIT $2";
constexpr std::string_view kKeep =
    "INSERT INTO rules (id, number, latest, active) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (id) DO UPDATE SET latest = excluded.latest, active = excluded.active";
constexpr std::string_view kLastNumber = "SELECT MAX(number) FROM rules";
constexpr std::string_view kAddVersion =
    "INSERT INTO rules_versions (id, version, words, kept_at, by) VALUES ($1, $2, $3, $4, $5)";
constexpr std::string_view kStamp = "UPDATE rules_versions SET activated_at = $1 WHERE id = $2 AND version = $3";
constexpr std::string_view kVersions =
    "SELECT version, kept_at, by, activated_at, words FROM rules_versions WHERE id = $1 ORDER BY version DESC";
constexpr std::string_view kVersion =
    "SELECT version, kept_at, by, activated_at, words FROM rules_versions WHERE id = $1 AND version = $2";
constexpr std::string_view kMemories = "SELECT device, memory, newest, arrived, by_arrival FROM rules_memory";
constexpr std::string_view kKeepMemory =
    "INSERT INTO rules_memory (device, memory, newest, arrived, by_arrival) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (device) DO UPDATE SET memory = excluded.memory, newest = excluded.newest, arrived = excluded.arrived, "
    "by_arrival = excluded.by_arrival";
constexpr std::string_view kRemoveMemory = "DELETE FROM rules_memory WHERE device = $1";

Row row_of(const db::Row& r) {
  return {r.get<std::string>(0), r.get<std::uint32_t>(1), r.integer(2), r.integer(3)};
}

VersionView version_of(const db::Row& r) {
  return {r.integer(0), r.time(1), r.get<std::string>(2), r.get<std::optional<Time>>(3), {r.get<std::string>(4)}};
}

}  // namespace

std::optional<Row> find(Reader& reader, const std::string& id) { return reader.one(kFind, row_of, id); }
std::vector<Row> list(Reader& reader, const std::string& after, std::size_t limit) {
  return reader.all(kList, row_of, after, limit);
}
void keep(Tx& tx, const Row& row) { tx.run(kKeep, row.id, row.number, row.latest, row.active); }
std::uint32_t last_number(Reader& reader) { return reader.value<std::uint32_t>(kLastNumber).value_or(0); }
void add_version(Tx& tx, const std::string& id, const VersionView& v) {
  tx.run(kAddVersion, id, v.version, v.rule.text, v.kept_at, v.by);
}
void stamp_activated(Tx& tx, const std::string& id, std::int64_t version) { tx.run(kStamp, tx.now(), id, version); }
std::vector<VersionView> versions(Reader& reader, const std::string& id) { return reader.all(kVersions, version_of, id); }
std::optional<VersionView> version(Reader& reader, const std::string& id, std::int64_t version) {
  return reader.one(kVersion, version_of, id, version);
}

void each_memory(Reader& reader, const std::function<void(Memory)>& fn) {
  reader.each(kMemories, [&](const db::Row& r) {
    fn({r.get<std::uint32_t>(0), std::string(r.blob(1)), r.time(2), r.time(3), r.get<bool>(4)});
  });
}
void keep_memory(Tx& tx, const Memory& m) {
  tx.run(kKeepMemory, m.device, db::Blob{m.blob}, m.newest, m.arrived, m.by_arrival);
}
void remove_memory(Tx& tx, std::uint32_t device) { tx.run(kRemoveMemory, device); }

RulePtr load(Reader& reader, const Row& row, std::int64_t version) {
  const auto found = store::version(reader, row.id, version);
  if (!found) return nullptr;
  return std::make_shared<RuleVersion>(
      RuleVersion{row.number, static_cast<std::uint32_t>(version), row.id, parse_rule(found->rule.text)});
}

RulePtr load(Reader& reader, RuleRef ref) {
  const auto row = reader.one(kFindByNumber, row_of, ref.number);
  return row ? load(reader, *row, ref.version) : nullptr;
}

}  // namespace lifang::rules::store
