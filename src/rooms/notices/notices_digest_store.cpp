#include "rooms/notices/notices_digest_store.hpp"

namespace lifang::notices::store {
namespace {

constexpr std::string_view kGather =
    "INSERT INTO notices_digest (announcement, person, path, title, text, at, due, notice) VALUES ($1, $2, $3, $4, $5, $6, $7, '') "
    "ON CONFLICT (announcement, person) DO NOTHING";
constexpr std::string_view kReceivers =
    "SELECT DISTINCT person FROM notices_digest WHERE notice = '' AND due <= $1 ORDER BY person LIMIT $2";
constexpr std::string_view kPieces =
    "SELECT announcement, path, title, text FROM notices_digest WHERE notice = '' AND person = $1 AND due <= $2 ORDER BY at, announcement";
constexpr std::string_view kDelivered = "UPDATE notices_digest SET notice = $3 WHERE notice = '' AND person = $1 AND due <= $2";
constexpr std::string_view kMoveDue = "UPDATE notices_digest SET due = $2 WHERE notice = '' AND person = $1";
constexpr std::string_view kWaiting = "SELECT COUNT(*) FROM notices_digest WHERE notice = '' AND person = $1";
constexpr std::string_view kRemoveWaiting = "DELETE FROM notices_digest WHERE notice = '' AND announcement = $1";
constexpr std::string_view kHours = "SELECT hour, phone FROM notices_digest_hours WHERE person = $1";
constexpr std::string_view kKeepHours =
    "INSERT INTO notices_digest_hours (person, hour, phone) VALUES ($1, $2, $3) ON CONFLICT (person) DO UPDATE SET hour = excluded.hour, "
    "phone = excluded.phone";
constexpr std::string_view kRebase = "UPDATE notices_digest SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";
constexpr std::string_view kForget = "DELETE FROM notices_digest WHERE person = $1";
constexpr std::string_view kForgetHours = "DELETE FROM notices_digest_hours WHERE person = $1";
constexpr std::string_view kSweep =
    "DELETE FROM notices_digest WHERE at IN (SELECT at FROM notices_digest WHERE at < $1 AND notice <> '' ORDER BY at LIMIT $2) AND "
    "notice <> ''";

}  // namespace

void gather(Tx& tx, const std::string& person, const Gathered& piece, Time due) {
  tx.run(kGather, piece.announcement, person, piece.path, piece.title, piece.text, tx.now(), due);
}

std::vector<std::string> due_receivers(Reader& reader, Time now, std::size_t limit) {
  return reader.all(kReceivers, [](const db::Row& row) { return std::string(row.text(0)); }, now, limit);
}

std::vector<Gathered> due_pieces(Reader& reader, const std::string& person, Time now) {
  return reader.all(kPieces, [](const db::Row& row) {
    return Gathered{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3))};
  }, person, now);
}

void delivered(Tx& tx, const std::string& person, Time now, const NoticeId& notice) { tx.run(kDelivered, person, now, notice); }
void move_due(Tx& tx, const std::string& person, Time due) { tx.run(kMoveDue, person, due); }

std::int64_t waiting(Reader& reader, const std::string& person) { return reader.value<std::int64_t>(kWaiting, person).value_or(0); }

std::int64_t remove_waiting(Tx& tx, const std::string& announcement) { return tx.run(kRemoveWaiting, announcement); }

std::optional<DigestHours> digest_hours(Reader& reader, const std::string& person) {
  return reader.one(kHours, [](const db::Row& row) {
    DigestHours hours;
    hours.hour = row.integer(0);
    hours.phone = row.integer(1) != 0;
    return hours;
  }, person);
}

void keep_digest_hours(Tx& tx, const std::string& person, const DigestHours& hours) {
  tx.run(kKeepHours, person, hours.hour, std::int64_t{hours.phone ? 1 : 0});
}

void rebase_digest(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // the character after '/'
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

void forget_digest(Tx& tx, const std::string& person) {
  tx.run(kForget, person);
  tx.run(kForgetHours, person);
}

void sweep_digest(Tx& tx, Time before, std::int64_t limit) { tx.run(kSweep, before, limit); }

}  // namespace lifang::notices::store
