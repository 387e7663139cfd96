#include "rooms/exchange/exchange_store.hpp"

namespace lifang::exchange::store {
namespace {

constexpr std::string_view kKeep =
    "INSERT INTO exchange_orders (number, case_id, path, digest, received_at, reply, replied_at, replied_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (number) DO UPDATE SET digest = excluded.digest, "
    "reply = excluded.reply, replied_at = excluded.replied_at, replied_by = excluded.replied_by";
constexpr std::string_view kColumns =
    "SELECT number, case_id, path, digest, received_at, reply, replied_at, replied_by FROM exchange_orders";
constexpr std::string_view kFind =
    "SELECT number, case_id, path, digest, received_at, reply, replied_at, replied_by FROM exchange_orders WHERE number = $1";
constexpr std::string_view kRebase = "UPDATE exchange_orders SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

Order order_of(const db::Row& row) {
  return {std::string(row.text(0)), row.get<CaseId>(1), std::string(row.text(2)), std::string(row.text(3)), row.time(4),
          std::string(row.text(5)), row.get<std::optional<Time>>(6), std::string(row.text(7))};
}

}  // namespace

void keep(Tx& tx, const Order& o) {
  tx.run(kKeep, o.number, o.case_, o.path, o.digest, o.received_at, o.reply, o.replied_at, o.replied_by);
}

std::optional<Order> find(Reader& reader, const std::string& number) { return reader.one(kFind, order_of, number); }

std::vector<Order> list(Reader& reader, const std::vector<std::string>& roots, const HotlineFilter& filter) {
  db::Where where;
  where.under("path", roots);
  where.maybe("received_at >= $", filter.since);
  where.maybe("number > $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Order> found;
  reader.each_of(std::string(kColumns) + where.sql() + " ORDER BY number LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(order_of(row)); });
  return found;
}

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // the character after '/'
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

}  // namespace lifang::exchange::store
