#include "rooms/files/files_store.hpp"

#include "base/members.hpp"

namespace lifang::files::store {
namespace {

constexpr std::string_view kFile =
    "SELECT id, content, type, bytes, width, height, digest, made_by, made_at, keep_until FROM files_files";
constexpr std::string_view kInsert =
    "INSERT INTO files_files (id, content, type, bytes, width, height, digest, made_by, made_at, keep_until) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
constexpr std::string_view kAddContent =
    "INSERT INTO files_contents (content, bytes, uploads) VALUES ($1, $2, 1) "
    "ON CONFLICT (content) DO UPDATE SET uploads = files_contents.uploads + 1";
constexpr std::string_view kSetKeep = "UPDATE files_files SET keep_until = $2 WHERE id = $1";
constexpr std::string_view kUploadsSince = "SELECT COUNT(*) FROM files_files WHERE made_by = $1 AND made_at > $2";
constexpr std::string_view kRemove = "DELETE FROM files_files WHERE id = $1";
constexpr std::string_view kLess = "UPDATE files_contents SET uploads = uploads - 1 WHERE content = $1";
constexpr std::string_view kRemoveContent = "DELETE FROM files_contents WHERE content = $1 AND uploads <= 0";
constexpr std::string_view kHasContent = "SELECT 1 FROM files_contents WHERE content = $1";
constexpr std::string_view kAddGone = "INSERT INTO files_gone (content) VALUES ($1) ON CONFLICT (content) DO NOTHING";
constexpr std::string_view kGone = "SELECT content FROM files_gone ORDER BY content LIMIT $1";
constexpr std::string_view kForgetGone = "DELETE FROM files_gone WHERE content = $1";
constexpr std::string_view kInsertUse =
    "INSERT INTO files_uses (file, owner_kind, owner, path, needs, person, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (file, owner_kind, owner) DO UPDATE SET path = excluded.path, needs = excluded.needs, person = excluded.person";
constexpr std::string_view kUsesOf = "SELECT owner_kind, owner, path, needs, person FROM files_uses WHERE file = $1";
constexpr std::string_view kHeldBy = "SELECT file FROM files_uses WHERE owner_kind = $1 AND owner = $2 ORDER BY file";
constexpr std::string_view kHolders =
    "SELECT owner FROM files_uses WHERE owner_kind = $1 AND made_at < $2 AND owner > $3 GROUP BY owner ORDER BY owner LIMIT $4";
constexpr std::string_view kRemoveUses = "DELETE FROM files_uses WHERE owner_kind = $1 AND owner = $2";
constexpr std::string_view kRemoveUse = "DELETE FROM files_uses WHERE file = $1 AND owner_kind = $2 AND owner = $3";
constexpr std::string_view kRebase =
    "UPDATE files_uses SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

FileRow file_of(const db::Row& row) {
  FileRow found;
  File& f = found.file;
  f.id = row.get<FileId>(0);
  found.content = row.text(1);
  f.type = enum_of<Type>(row.text(2));
  f.kind = kind_of(f.type);
  f.bytes = row.integer(3);
  if (row.integer(4) > 0) f.width = row.integer(4);
  if (row.integer(5) > 0) f.height = row.integer(5);
  f.digest = row.text(6);
  f.made_by = row.text(7);
  f.made_at = row.time(8);
  f.keep_until = row.get<std::optional<Time>>(9);
  return found;
}

std::string text_of(const db::Row& row) { return std::string(row.text(0)); }

}  // namespace

void insert(Tx& tx, const FileRow& row) {
  const File& f = row.file;
  tx.run(kAddContent, row.content, f.bytes);
  tx.run(kForgetGone, row.content);
  tx.run(kInsert, f.id, row.content, enum_name(f.type), f.bytes, f.width.value_or(0), f.height.value_or(0), f.digest,
         f.made_by, f.made_at, f.keep_until);
}

std::optional<FileRow> find(Reader& reader, const FileId& id) {
  static const std::string sql = std::string(kFile) + " WHERE id = $1";
  return reader.one(sql, file_of, id);
}

void set_keep_until(Tx& tx, const FileId& id, const std::optional<Time>& until) { tx.run(kSetKeep, id, until); }

std::int64_t uploads_since(Reader& reader, const std::string& by, Time since) {
  return reader.value<std::int64_t>(kUploadsSince, by, since).value_or(0);
}

std::vector<FileRow> due(Reader& reader, Time now, int limit) {
  static const std::string sql = std::string(kFile) + " WHERE keep_until <= $1 ORDER BY keep_until LIMIT $2";
  return reader.all(sql, file_of, now, limit);
}

void remove(Tx& tx, const FileRow& row) {
  tx.run(kRemove, row.file.id);
  tx.run(kLess, row.content);
  if (tx.run(kRemoveContent, row.content) > 0) add_gone(tx, row.content);
}

bool has_content(Reader& reader, const std::string& content) {
  return reader.value<std::int64_t>(kHasContent, content).has_value();
}
void add_gone(Tx& tx, const std::string& content) { tx.run(kAddGone, content); }
std::vector<std::string> gone(Reader& reader, int limit) { return reader.all(kGone, text_of, limit); }
void forget_gone(Tx& tx, const std::string& content) { tx.run(kForgetGone, content); }

void insert_use(Tx& tx, const FileId& id, const Use& use) {
  tx.run(kInsertUse, id, use.owner_kind, use.owner, use.path, use.needs, use.person, tx.now());
}

std::vector<Use> uses_of(Reader& reader, const FileId& id) {
  return reader.all(kUsesOf, [](const db::Row& row) {
    return Use{row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3),
               row.get<std::string>(4)};
  }, id);
}

std::vector<FileId> held_by(Reader& reader, std::string_view owner_kind, std::string_view owner) {
  return reader.all(kHeldBy, [](const db::Row& row) { return row.get<FileId>(0); }, owner_kind, owner);
}

std::vector<std::string> holders(Reader& reader, std::string_view owner_kind, Time since, std::string_view after, int limit) {
  return reader.all(kHolders, text_of, owner_kind, since, after, limit);
}
void remove_uses(Tx& tx, std::string_view owner_kind, std::string_view owner) { tx.run(kRemoveUses, owner_kind, owner); }

bool remove_use(Tx& tx, const FileId& id, std::string_view owner_kind, std::string_view owner) {
  return tx.run(kRemoveUse, id, owner_kind, owner) > 0;
}

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // follows '/': everything at or below `from` lies between
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

}  // namespace lifang::files::store
