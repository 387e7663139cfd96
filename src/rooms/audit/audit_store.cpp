#include "rooms/audit/audit_store.hpp"

namespace lifang::audit::store {
namespace {

constexpr std::string_view kEntry =
    "SELECT seq, at, who, action, subject, path, cause, body, previous, hash FROM audit_entries";
constexpr std::string_view kInsert =
    "INSERT INTO audit_entries (seq, at, who, action, subject, path, cause, viewed, body, previous, hash) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
constexpr std::string_view kLast = "SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1";
constexpr std::string_view kInsertAnchor =
    "INSERT INTO audit_anchors (seq, at, hash, signature) VALUES ($1, $2, $3, $4) ON CONFLICT (seq) DO NOTHING";
constexpr std::string_view kAnchors = "SELECT seq, hash, signature FROM audit_anchors ORDER BY seq";
constexpr std::string_view kBase = "SELECT seq, hash, signature FROM audit_base WHERE id = 1";
constexpr std::string_view kSetBase =
    "INSERT INTO audit_base (id, seq, hash, signature) VALUES (1, $1, $2, $3) "
    "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, signature = excluded.signature";
constexpr std::string_view kHead = "SELECT seq, hash, signature FROM audit_head WHERE id = 1";
constexpr std::string_view kSetHead =
    "INSERT INTO audit_head (id, seq, hash, signature) VALUES (1, $1, $2, $3) "
    "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, signature = excluded.signature";
constexpr std::string_view kLastOld =
    "SELECT seq, hash FROM (SELECT seq, hash FROM audit_entries WHERE at < $1 AND seq < (SELECT MAX(seq) FROM "
    "audit_entries) ORDER BY seq LIMIT $2) AS old ORDER BY seq DESC LIMIT 1";
constexpr std::string_view kRemove = "DELETE FROM audit_entries WHERE seq <= $1";
constexpr std::string_view kRemoveAnchors = "DELETE FROM audit_anchors WHERE seq <= $1";

Entry entry_of(const db::Row& row) {
  return {row.integer(0),           row.time(1),
          row.get<std::string>(2),  row.get<std::string>(3),
          row.get<std::string>(4),  row.get<std::string>(5),
          row.get<std::string>(6),  row.get<std::string>(7),
          row.get<std::string>(8),  row.get<std::string>(9)};
}

Head head_of(const db::Row& row) { return {row.integer(0), row.get<std::string>(1)}; }
Anchor anchor_of(const db::Row& row) { return {row.integer(0), row.get<std::string>(1), row.get<std::string>(2)}; }

db::Where where_of(const std::vector<std::string>& roots, const Filter& filter) {
  db::Where where;
  where.under("path", roots);
  if (filter.under) where.under("path", {*filter.under});
  where.maybe("who = $", filter.who);
  where.maybe("subject = $", filter.subject);
  if (filter.action) {
    where.add("action >= $", *filter.action);
    where.add("action < $", *filter.action + "\x7f");
  }
  where.maybe("at >= $", filter.from);
  where.maybe("at < $", filter.to);
  return where;
}

}  // namespace

void insert(Tx& tx, const Entry& e, bool view) {
  tx.run(kInsert, e.seq, e.at, e.who, e.action, e.subject, e.path, e.cause, view, e.body, e.previous, e.hash);
}

std::optional<Head> last(Reader& reader) { return reader.one(kLast, head_of); }

std::optional<Entry> find(Reader& reader, std::int64_t seq) {
  static const std::string sql = std::string(kEntry) + " WHERE seq = $1";
  return reader.one(sql, entry_of, seq);
}

std::vector<Entry> list(Reader& reader, const std::vector<std::string>& roots, const Filter& filter) {
  db::Where where = where_of(roots, filter);
  where.maybe("seq < $", filter.before);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Entry> found;
  reader.each_of(std::string(kEntry) + where.sql() + " ORDER BY seq DESC LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(entry_of(row)); });
  return found;
}

std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const Filter& filter) {
  const db::Where where = where_of(roots, filter);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM audit_entries" + where.sql(), where.params(),
                 [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

std::vector<Entry> views_of(Reader& reader, const std::string& person, std::optional<std::int64_t> before,
                            std::size_t limit) {
  db::Where where;
  where.plain("viewed = 1");
  where.add("subject = $", person);
  where.maybe("seq < $", before);
  const std::string most = where.placeholder(limit);
  std::vector<Entry> found;
  reader.each_of(std::string(kEntry) + where.sql() + " ORDER BY seq DESC LIMIT " + most, where.params(),
                 [&](const db::Row& row) { found.push_back(entry_of(row)); });
  return found;
}

void each(Reader& reader, const std::function<void(const Entry&)>& fn) {
  static const std::string sql = std::string(kEntry) + " ORDER BY seq";
  reader.each(sql, [&](const db::Row& row) { fn(entry_of(row)); });
}

void insert_anchor(Tx& tx, const Anchor& a) { tx.run(kInsertAnchor, a.seq, tx.now(), a.hash, a.signature); }
std::vector<Anchor> anchors(Reader& reader) { return reader.all(kAnchors, anchor_of); }
std::optional<Anchor> head(Reader& reader) { return reader.one(kHead, anchor_of); }
void set_head(Tx& tx, const Anchor& h) { tx.run(kSetHead, h.seq, h.hash, h.signature); }
std::optional<Anchor> base(Reader& reader) { return reader.one(kBase, anchor_of); }
void set_base(Tx& tx, const Anchor& base) { tx.run(kSetBase, base.seq, base.hash, base.signature); }

std::optional<Head> last_old(Reader& reader, Time before, int limit) {
  return reader.one(kLastOld, head_of, before, limit);
}

std::int64_t remove_to(Tx& tx, std::int64_t seq) {
  tx.run(kRemoveAnchors, seq);
  return tx.run(kRemove, seq);
}

}  // namespace lifang::audit::store
