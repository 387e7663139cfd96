#include "platform/db/migrate.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <map>

#include "base/check.hpp"

namespace lifang::db {
namespace {

constexpr std::string_view kTable =
    "CREATE TABLE IF NOT EXISTS schema_files (path TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";
constexpr std::string_view kList = "SELECT path, checksum FROM schema_files";
constexpr std::string_view kInsert = "INSERT INTO schema_files (path, checksum, applied_at) VALUES ($1, $2, $3)";
constexpr std::string_view kCollation = "SELECT datcollate FROM pg_database WHERE datname = current_database()";

std::string checksum(std::string_view bytes) {
  unsigned char digest[16];
  crypto_generichash(digest, sizeof digest, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
  std::string hex;
  for (const unsigned char c : digest) hex += fmt::format("{:02x}", c);
  return hex;
}

std::map<std::string, std::string> applied(Session& session) {
  std::map<std::string, std::string> done;
  Reader(session).each(kList, [&](const Row& row) { done[std::string(row.text(0))] = row.text(1); });
  return done;
}

void sort_by_path(std::vector<embedded::File>& files) {
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
}

/// The first file that was applied and is not among `files`.
const std::string* unknown_to(const std::map<std::string, std::string>& done, const std::vector<embedded::File>& files) {
  for (const auto& [path, sum] : done)
    if (std::none_of(files.begin(), files.end(), [&, &name = path](const embedded::File& file) { return file.path == name; })) return &path;
  return nullptr;
}

}  // namespace

std::string text_for(Engine engine, std::string_view text) {
  std::string kept;
  bool keep = true;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (line.starts_with("-- engine all")) keep = true;
    else if (line.starts_with("-- engine sqlite")) keep = engine == Engine::sqlite;
    else if (line.starts_with("-- engine postgres")) keep = engine == Engine::postgres;
    else if (keep) kept += line;
  }
  return kept;
}

void migrate(Session& session, std::vector<embedded::File> files, Time now) {
  if (session.engine() == Engine::postgres) {
    const auto collation = Reader(session).value<std::string>(kCollation);
    if (collation != "C" && collation != "POSIX" && collation != "C.UTF-8")
      throw Error(Error::Kind::broken, "the database must compare text byte by byte: create it with TEMPLATE template0 "
                                       "ENCODING 'UTF8' LOCALE 'C', then start again; nothing was changed");
  }
  sort_by_path(files);
  session.script(std::string(kTable));
  const auto done = applied(session);
  if (const std::string* path = unknown_to(done, files))
    throw Error(Error::Kind::broken, fmt::format("{} was applied by a newer program than this; nothing was changed", *path));
  for (const embedded::File& file : files) {
    const std::string sum = checksum(file.bytes);
    if (const auto it = done.find(std::string(file.path)); it != done.end()) {
      if (it->second != sum)
        throw Error(Error::Kind::broken, fmt::format("{} was applied with another content; a schema file is never "
                                                     "edited, add the next number instead; nothing was changed", file.path));
      continue;
    }
    session.script("BEGIN");
    try {
      session.script(text_for(session.engine(), file.bytes));
      const Param params[] = {param(file.path), param(sum), param(now)};
      session.execute(kInsert, params, nullptr);
      session.script("COMMIT");
    } catch (const Error& error) {
      session.script("ROLLBACK");
      throw Error(error.kind, fmt::format("{}: {}", file.path, error.what()));
    }
  }
}

Standing standing(Session& session, const std::vector<embedded::File>& files) {
  std::map<std::string, std::string> done;
  try {
    done = applied(session);
  } catch (const Error& error) {
    if (error.kind != Error::Kind::broken) throw;
    return Standing::behind;  // there is not even the list of what was applied
  }
  if (unknown_to(done, files)) return Standing::ahead;
  const bool all = std::all_of(files.begin(), files.end(), [&](const embedded::File& file) {
    const auto it = done.find(std::string(file.path));
    return it != done.end() && it->second == checksum(file.bytes);
  });
  return all ? Standing::current : Standing::behind;
}

}  // namespace lifang::db
