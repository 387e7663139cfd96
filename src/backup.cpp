#include "backup.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <vector>

#include "base/embedded.hpp"
#include "base/refusal.hpp"
#include "base/secret.hpp"
#include "node.hpp"
#include "platform/db/copy.hpp"
#include "platform/db/migrate.hpp"
#include "platform/db/tx.hpp"
#include "rooms/cases/cases.hpp"

namespace lifang {
namespace {

namespace fs = std::filesystem;

using Archive = std::unique_ptr<archive, int (*)(archive*)>;

[[noreturn]] void fail(archive* a, const char* code, const std::string& what) {
  throw Refusal(RefusalKind::unavailable, code, what + ": " + (archive_error_string(a) ? archive_error_string(a) : "unknown"));
}

/// The last member: a line "BLAKE2b-256  name" for each one before it. The compression's own sums say nothing of a bit that turned.
constexpr const char* kManifest = "manifest";

void add_text(archive* out, const std::string& name, const std::string& text) {
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0600);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(text.size()));
  if (archive_write_header(out, entry.get()) != ARCHIVE_OK || archive_write_data(out, text.data(), text.size()) < 0)
    fail(out, "node.backup_failed", name);
}

void add_file(archive* out, const fs::path& file, const std::string& name, std::string& manifest) {
  struct stat facts {};
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 || ::fstat(descriptor, &facts) != 0) {
    if (descriptor >= 0) ::close(descriptor);
    // A file may be removed meanwhile by its retention; the database may not.
    if (name == "lifang.db") fail(out, "node.backup_failed", "the snapshot of the database is gone");
    return;
  }
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
  archive_entry_copy_stat(entry.get(), &facts);
  archive_entry_set_pathname(entry.get(), name.c_str());
  if (archive_write_header(out, entry.get()) != ARCHIVE_OK) fail(out, "node.backup_failed", name);
  char buffer[1 << 16];
  ssize_t n = 0;
  bool written = true;
  Blake2b hash;
  // No more than its header says: what grew meanwhile is not of this moment.
  auto left = static_cast<std::size_t>(facts.st_size);
  for (; written && left > 0 && (n = ::read(descriptor, buffer, std::min(sizeof buffer, left))) > 0; left -= static_cast<std::size_t>(n)) {
    hash.add({buffer, static_cast<std::size_t>(n)});
    written = archive_write_data(out, buffer, static_cast<std::size_t>(n)) >= 0;
  }
  ::close(descriptor);
  if (n < 0) throw Refusal(RefusalKind::unavailable, "node.backup_failed", name + " cannot be read");
  if (!written) fail(out, "node.backup_failed", name);
  // The archive would fill the rest with zeros, and nobody could restore it.
  if (left > 0) throw Refusal(RefusalKind::unavailable, "node.backup_failed", name + " was cut short while it was read; make it again");
  manifest += hash.finish_hex() + "  " + name + "\n";
}

void index_words(db::Session& session, World& world) {
  session.script("BEGIN");
  Tx tx(session, world, world.clock.now());
  cases::Cases::index_words(tx);
  session.script("COMMIT");
}

/// Rows of PostgreSQL as SQLite has them, read in one snapshot while the node goes on.
void copy_into(const fs::path& file, db::Database& database, World& world) {
  const auto from = database.connect_reader();
  if (db::standing(*from, embedded::schemas()) != db::Standing::current)
    throw conflict("node.schema_behind", "this database was written by another program version; nothing was written. Save it with "
                                         "that program, or start lifang serve once: it brings the schema up to date");
  // Made anew after a failure: nothing waits for the disk.
  const auto to = db::Database::open("sqlite:" + file.string(), {"NORMAL"})->connect();
  to->script("PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF");
  db::migrate(*to, embedded::schemas(), world.clock.now());
  db::copy_rows(*from, *to);
  index_words(*to, world);
}

/// The database of a running node in one file of its own.
void save_rows(const fs::path& snapshot, db::Database& database, World& world) {
  fs::remove(snapshot);
  if (database.engine() == db::Engine::postgres) return copy_into(snapshot, database, world);
  // VACUUM INTO reads one snapshot and writes a whole, defragmented copy, however busy the lane is.
  const auto session = database.connect_reader();
  session->script("PRAGMA query_only=0");
  const std::string where = snapshot.string();
  const db::Param params[] = {db::param(where)};
  session->execute("VACUUM INTO $1", params, nullptr);
}

/// Removes what was begun, whatever ends the work.
struct Gone {
  fs::path path;
  bool kept = false;
  ~Gone() {
    std::error_code ignored;
    if (!kept) fs::remove_all(path, ignored);
  }
};

/// Whether it begins as what is written here does (RFC 8878).
bool is_zstd(const fs::path& file) {
  constexpr std::string_view kMagic = "\x28\xB5\x2F\xFD";
  char head[4] = {};
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  const ssize_t n = descriptor < 0 ? -1 : ::read(descriptor, head, sizeof head);
  if (descriptor >= 0) ::close(descriptor);
  return n == sizeof head && std::string_view(head, sizeof head) == kMagic;
}

/// A backup takes the place of an older one; it never takes that of the node's own files, or of anything else.
void must_be_a_place_for_it(const fs::path& directory, const fs::path& file) {
  const fs::path own = fs::weakly_canonical(directory), target = fs::weakly_canonical(file), name = target.filename();
  const bool inside = std::mismatch(own.begin(), own.end(), target.begin(), target.end()).first == own.end();
  // Beside the database a new file does no harm; in a folder that the node keeps, or under a name of its own, it does.
  if (inside && (target.parent_path() != own || name.string().starts_with("lifang.") || name == "config.toml"))
    throw conflict("node.backup_inside", "the node keeps its own files there; nothing was written");
  if (fs::exists(target) && !(fs::is_regular_file(target) && is_zstd(target)))
    throw conflict("node.backup_over_another", target.string() + " is there and is no backup; nothing was written");
}

}  // namespace

void back_up(db::Database& database, const fs::path& directory, const fs::path& file, World& world) {
  must_be_a_place_for_it(directory, file);
  const fs::path snapshot = directory / ("backup-" + world.ids.ulid() + ".db"), part = file.string() + "." + world.ids.ulid() + ".part";
  const Gone after{snapshot}, afterwards{part};
  save_rows(snapshot, database, world);
  {
    const Archive out(archive_write_new(), archive_write_free);
    archive_write_set_format_pax_restricted(out.get());
    archive_write_add_filter_zstd(out.get());
    const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0 || archive_write_open_fd(out.get(), descriptor) != ARCHIVE_OK) {
      throw Refusal(RefusalKind::unavailable, "node.backup_failed", "cannot write " + file.string());
    }
    std::string manifest;
    add_file(out.get(), snapshot, "lifang.db", manifest);
    for (const char* folder : {"files", "keys"}) {
      if (!fs::exists(directory / folder)) continue;
      for (const auto& entry : fs::recursive_directory_iterator(directory / folder))
        if (entry.is_regular_file()) add_file(out.get(), entry.path(), fs::relative(entry.path(), directory).string(), manifest);
    }
    if (fs::exists(directory / "config.toml")) add_file(out.get(), directory / "config.toml", "config.toml", manifest);
    add_text(out.get(), kManifest, manifest);
    if (archive_write_close(out.get()) != ARCHIVE_OK) fail(out.get(), "node.backup_failed", file.string());
    ::fsync(descriptor);
    ::close(descriptor);
  }
  fs::rename(part, file);
}

void forget_unfinished_backups(const fs::path& directory) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("backup-") && name.find(".db") != std::string::npos) fs::remove(entry.path(), ignored);
  }
}

namespace {

/// Writes a member's bytes to the file. @returns their BLAKE2b-256 in hex
std::string unpack_one(archive* in, const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) throw Refusal(RefusalKind::unavailable, "node.restore_failed", file.string() + " cannot be written");
  Blake2b hash;
  char buffer[1 << 16];
  la_ssize_t n = 0;
  bool written = true;
  while (written && (n = archive_read_data(in, buffer, sizeof buffer)) > 0) {
    hash.add({buffer, static_cast<std::size_t>(n)});
    for (la_ssize_t at = 0; written && at < n;) {
      const ssize_t some = ::write(descriptor, buffer + at, static_cast<std::size_t>(n - at));
      written = some > 0;
      at += some;
    }
  }
  ::fsync(descriptor);
  ::close(descriptor);
  if (!written) throw Refusal(RefusalKind::unavailable, "node.restore_failed", file.string() + " cannot be written; is the disk full?");
  if (n < 0) fail(in, "node.bad_backup", file.filename().string());
  return hash.finish_hex();
}

/// What a backup holds, below `part`.
void unpack(const fs::path& file, const fs::path& part) {
  const Archive in(archive_read_new(), archive_read_free);
  archive_read_support_format_tar(in.get());
  archive_read_support_filter_zstd(in.get());
  if (archive_read_open_filename(in.get(), file.c_str(), 1 << 16) != ARCHIVE_OK)
    fail(in.get(), "node.bad_backup", file.string());
  fs::create_directories(part);
  fs::permissions(part, fs::perms::owner_all);
  archive_entry* entry = nullptr;
  int rc;
  std::string found;  // as the manifest says it
  while ((rc = archive_read_next_header(in.get(), &entry)) == ARCHIVE_OK) {
    const fs::path name = fs::path(archive_entry_pathname(entry)).lexically_normal();
    if (name.is_absolute() || *name.begin() == "..") fail(in.get(), "node.bad_backup", "a path leads outside");
    fs::create_directories((part / name).parent_path());
    const std::string hash = unpack_one(in.get(), part / name);
    if (name != kManifest) found += hash + "  " + name.string() + "\n";
  }
  if (rc != ARCHIVE_EOF || !fs::exists(part / "lifang.db"))
    throw Refusal(RefusalKind::unreadable, "node.bad_backup", file.string() + " is no backup of a node; nothing was written");
  std::ifstream manifest(part / kManifest, std::ios::binary);
  if (std::string(std::istreambuf_iterator<char>(manifest), {}) != found)
    throw Refusal(RefusalKind::unreadable, "node.bad_backup", file.string() + " is damaged: its contents are not what was saved; nothing was written");
  fs::remove(part / kManifest);
  if (fs::exists(part / "keys")) fs::permissions(part / "keys", fs::perms::owner_all);
}

/// Moves the rows out of a folder's lifang.db into an empty PostgreSQL database.
void move_rows(const fs::path& part, const std::string& url, World& world) {
  const fs::path file = part / "lifang.db";
  {
    const auto database = db::Database::open(url);
    if (database->engine() != db::Engine::postgres)
      throw invalid("node.bad_database", "/database", "a PostgreSQL URL: postgresql://…; without one the rows stay in the folder");
    const auto to = database->connect();
    if (db::is_used(*to)) throw conflict("node.not_empty", "that database holds a node already; nothing was written");
    const auto from = db::Database::open("sqlite:" + file.string())->connect();
    db::migrate(*from, embedded::schemas(), world.clock.now());
    db::migrate(*to, embedded::schemas(), world.clock.now());
    db::copy_rows(*from, *to);
    index_words(*to, world);
  }
  for (const char* end : {"", "-wal", "-shm"}) fs::remove(file.string() + end);
}

/// The folder in which a node is put together. As long as there is one, what lies around it is no node: it goes last.
constexpr const char* kUnfinished = ".restore-";
constexpr const char* kLock = "lifang.lock";

bool is_unfinished(const fs::directory_entry& entry) {
  return entry.path().filename().string().starts_with(kUnfinished) && entry.is_directory();
}

/// A lock that nobody holds is what a look left behind, and a disk of one's own begins with a folder for what is found.
bool is_nothing(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  return name == kLock || (name == "lost+found" && entry.is_directory());
}

/// @returns whether the folder is still to be made. @throws Refusal node.not_empty, node.restore_unfinished
bool must_be_free(const fs::path& directory) {
  if (!fs::exists(directory)) return true;
  if (!fs::is_directory(directory)) throw conflict("node.not_empty", directory.string() + " is no folder; nothing was written");
  bool unfinished = false, more = false;
  for (const auto& entry : fs::directory_iterator(directory)) {
    unfinished = unfinished || is_unfinished(entry);
    more = more || !(is_unfinished(entry) || is_nothing(entry));
  }
  // Cut short before the first was moved up, nothing of the node's is there yet, and it is begun again without a word.
  if (unfinished && more) must_be_restored_whole(directory);
  if (more) throw conflict("node.not_empty", directory.string() + " is not empty; nothing was written");
  return false;
}

void forget_unfinished(const fs::path& directory) {
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(directory))
    if (is_unfinished(entry)) old.push_back(entry.path());
  for (const fs::path& path : old) fs::remove_all(path);
}

/// A restore that was refused leaves no folder where there was none, and no lock in one that was empty.
class NoTrace {
 public:
  NoTrace(fs::path directory, bool made) : directory_(std::move(directory)), made_(made) {}
  ~NoTrace() {
    std::error_code ignored;
    if (kept_) return;
    fs::remove(directory_ / kLock, ignored);
    if (made_) fs::remove(directory_, ignored);
  }
  NoTrace(const NoTrace&) = delete;
  NoTrace& operator=(const NoTrace&) = delete;
  void keep() { kept_ = true; }

 private:
  fs::path directory_;
  bool made_, kept_ = false;
};

/// A name that is taken would be written over.
void must_not_meet(const fs::path& part, const fs::path& directory) {
  for (const auto& entry : fs::directory_iterator(part))
    if (fs::exists(directory / entry.path().filename()))
      throw Refusal(RefusalKind::unreadable, "node.bad_backup", entry.path().filename().string() + " is none of a backup's; nothing was written");
}

void sync_folder(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

/// Each entry one step up, within one disk; the database last, and then the empty folder, which said that it is not done.
void move_up(const fs::path& part, const fs::path& directory) {
  std::vector<fs::path> names;
  for (const auto& entry : fs::directory_iterator(part)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end(), [](const fs::path& a, const fs::path& b) {
    return std::pair(a.string().starts_with("lifang."), a) < std::pair(b.string().starts_with("lifang."), b);
  });
  for (const fs::path& name : names) fs::rename(part / name, directory / name);
  sync_folder(directory);
  fs::remove(part);
  sync_folder(directory);
}

}  // namespace

void must_be_restored_whole(const fs::path& directory) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored))
    if (is_unfinished(entry))
      throw conflict("node.restore_unfinished", "a restore into " + directory.string() + " was cut short (" + entry.path().filename().string() +
                                                    "): this is no node. Remove everything in the folder, then restore again");
}

void restore(const fs::path& directory, const fs::path& file, const std::string& database, World& world) {
  const bool made = must_be_free(directory);
  const DirectoryLock lock(directory);
  NoTrace trace(directory, made);
  forget_unfinished(directory);
  const fs::path part = directory / (kUnfinished + world.ids.ulid());
  {
    Gone after{part};
    unpack(file, part);
    must_not_meet(part, directory);  // before anything is written to a database elsewhere
    if (!database.empty()) {
      move_rows(part, database, world);
      remember_database(part, database);
    }
    must_not_meet(part, directory);
    after.kept = true;
  }
  trace.keep();
  move_up(part, directory);
}

}  // namespace lifang
