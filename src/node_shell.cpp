#include "node_shell.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>

#include "house_verify.hpp"
#include "house_why.hpp"
#include "platform/http/routes.hpp"
#include "rooms/accounts/accounts_first.hpp"

namespace lifang {
namespace {

namespace fs = std::filesystem;

void must_be_shell(const http::Call& call) {
  if (call.request.remote_address != "unix") throw forbidden("node.shell_only", "only over the node's own socket");
}

struct FileWords {
  std::string file;
};
BOOST_DESCRIBE_STRUCT(FileWords, (), (file))

using Archive = std::unique_ptr<archive, int (*)(archive*)>;

[[noreturn]] void fail(archive* a, const char* code, const std::string& what) {
  throw Refusal(RefusalKind::unavailable, code, what + ": " + (archive_error_string(a) ? archive_error_string(a) : "unknown"));
}

void add_file(archive* out, const fs::path& file, const std::string& name) {
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
  for (ssize_t n; (n = ::read(descriptor, buffer, sizeof buffer)) > 0;)
    if (archive_write_data(out, buffer, static_cast<std::size_t>(n)) < 0) fail(out, "node.backup_failed", name);
  ::close(descriptor);
}

}  // namespace

void back_up(db::Database& database, const fs::path& directory, const fs::path& file) {
  if (database.engine() != db::Engine::sqlite)
    throw invalid("node.backup_postgres", "/file", "a PostgreSQL database is saved by its own tools (pg_basebackup), DIR by yours");
  const fs::path snapshot = directory / "backup.db";
  fs::remove(snapshot);
  // VACUUM INTO reads one snapshot and writes a whole, defragmented copy, however busy the lane is.
  const auto session = database.connect_reader();
  session->script("PRAGMA query_only=0");
  const std::string where = snapshot.string();
  const db::Param params[] = {db::param(where)};
  session->execute("VACUUM INTO $1", params, nullptr);
  const fs::path part = file.string() + ".part";
  {
    const Archive out(archive_write_new(), archive_write_free);
    archive_write_set_format_pax_restricted(out.get());
    archive_write_add_filter_zstd(out.get());
    const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0 || archive_write_open_fd(out.get(), descriptor) != ARCHIVE_OK) {
      fs::remove(snapshot);
      throw Refusal(RefusalKind::unavailable, "node.backup_failed", "cannot write " + file.string());
    }
    add_file(out.get(), snapshot, "lifang.db");
    for (const char* folder : {"files", "keys"}) {
      if (!fs::exists(directory / folder)) continue;
      for (const auto& entry : fs::recursive_directory_iterator(directory / folder))
        if (entry.is_regular_file()) add_file(out.get(), entry.path(), fs::relative(entry.path(), directory).string());
    }
    if (fs::exists(directory / "config.toml")) add_file(out.get(), directory / "config.toml", "config.toml");
    if (archive_write_close(out.get()) != ARCHIVE_OK) fail(out.get(), "node.backup_failed", file.string());
    ::fsync(descriptor);
    ::close(descriptor);
  }
  fs::remove(snapshot);
  fs::rename(part, file);
}

void restore(const fs::path& directory, const fs::path& file) {
  if (fs::exists(directory) && !fs::is_empty(directory))
    throw conflict("node.not_empty", directory.string() + " is not empty; nothing was written");
  const Archive in(archive_read_new(), archive_read_free);
  archive_read_support_format_tar(in.get());
  archive_read_support_filter_zstd(in.get());
  if (archive_read_open_filename(in.get(), file.c_str(), 1 << 16) != ARCHIVE_OK)
    fail(in.get(), "node.bad_backup", file.string());
  const fs::path part = directory.string() + ".part";
  fs::remove_all(part);
  fs::create_directories(part);
  fs::permissions(part, fs::perms::owner_all);
  archive_entry* entry = nullptr;
  int rc;
  while ((rc = archive_read_next_header(in.get(), &entry)) == ARCHIVE_OK) {
    const fs::path name = fs::path(archive_entry_pathname(entry)).lexically_normal();
    if (name.is_absolute() || *name.begin() == "..") fail(in.get(), "node.bad_backup", "a path leads outside");
    fs::create_directories((part / name).parent_path());
    const int descriptor = ::open((part / name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0 || archive_read_data_into_fd(in.get(), descriptor) != ARCHIVE_OK)
      fail(in.get(), "node.bad_backup", name.string());
    ::fsync(descriptor);
    ::close(descriptor);
  }
  if (rc != ARCHIVE_EOF || !fs::exists(part / "lifang.db")) {
    fs::remove_all(part);
    throw Refusal(RefusalKind::unreadable, "node.bad_backup", file.string() + " is no backup of a node; nothing was written");
  }
  if (fs::exists(part / "keys")) fs::permissions(part / "keys", fs::perms::owner_all);
  if (fs::exists(directory)) fs::remove(directory);
  fs::rename(part, directory);
}

void add_shell_routes(House& house, const fs::path& directory) {
  http::Routes& routes = *house.routes;
  routes.get("/api/v1/why/{id}", http::kAnyLogin, "The chain of causes behind an id, newest first",
             [&house](Reader& reader, const http::Call& call) { return explain(reader, house, call.caller, call.id()); });
  routes.get("/api/v1/node/verify", "node.verify", "Proves schema, audit chain, causes, readings, cases and events",
             [&house](Reader& reader, const http::Call&) { return verify(reader, house); });
  routes.post_slow<FileWords, http::Nothing>(
      "/api/v1/node/backup", "node.backup", "Writes a backup to a file on the node's machine",
      [&house, directory](Reader&, const http::Call& call, const FileWords& words) {
        must_be_shell(call);
        back_up(house.database, directory, words.file);
        return [](Tx&, const http::Call&) { return http::json_response("{}"); };
      });
  routes.post_slow<accounts::AccountWords, accounts::Account>(
      "/api/v1/node/users", "accounts.write", "lifang user add",
      [&house](Reader&, const http::Call& call, const accounts::AccountWords& words) {
        must_be_shell(call);
        const auto account = accounts::add_from_shell(house.accounts, house.lane, house.world, words);
        return [response = http::Routes::render(account)](Tx&, const http::Call&) { return response; };
      });
}

}  // namespace lifang
