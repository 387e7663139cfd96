#include "support/private_postgres.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "platform/db/db.hpp"

namespace lifang {
namespace {

std::string bin() {
  for (const auto& version : {"15", "16", "17"}) {
    const std::string dir = fmt::format("/usr/lib/postgresql/{}/bin", version);
    if (std::filesystem::exists(dir + "/initdb")) return dir;
  }
  throw std::runtime_error("PostgreSQL's programs are not below /usr/lib/postgresql; ./dev test installs them");
}

}  // namespace

PrivatePostgres& PrivatePostgres::get() {
  static PrivatePostgres server;
  return server;
}

PrivatePostgres::PrivatePostgres() {
  // Every test gets a database of its own: in memory, where there is room for it, that costs a third.
  std::error_code none;
  const auto shared = std::filesystem::space("/dev/shm", none);
  const bool roomy = !none && shared.available > (std::uintmax_t{4} << 30);
  std::string pattern = (roomy ? "/dev/shm" : "/tmp") + std::string("/lifang-pg-XXXXXX");
  directory_ = mkdtemp(pattern.data());
  if (geteuid() == 0) run(fmt::format("chown postgres {}", directory_));
  const std::string as = geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : "";
  run(fmt::format("cd {0} && {1}{2}/initdb -D {0}/data -U postgres --locale=C -E UTF8 -A trust -N", directory_, as, bin()));
  start();
}

PrivatePostgres::~PrivatePostgres() {
  stop();
  std::filesystem::remove_all(directory_);
}

void PrivatePostgres::start() {
  const std::string as = geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : "";
  run(fmt::format("cd {0} && {1}{2}/pg_ctl -D {0}/data -w -l {0}/log -o \"-c listen_addresses='' -k {0} -c fsync=off "
                  "-c full_page_writes=off -c synchronous_commit=on -c max_connections=200 -c shared_buffers=64MB\" start",
                  directory_, as, bin()));
}

void PrivatePostgres::stop() {
  const std::string as = geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : "";
  run(fmt::format("cd {0} && {1}{2}/pg_ctl -D {0}/data -m immediate -w stop || true", directory_, as, bin()));
}

void PrivatePostgres::run(const std::string& words) const {
  const std::string quiet = "(" + words + ") >" + directory_ + "/command.log 2>&1";
  if (std::system(quiet.c_str()) != 0) throw std::runtime_error("failed: " + words);
}

std::string PrivatePostgres::url(const std::string& name) const {
  return fmt::format("postgresql:///{}?host={}&user=postgres", name, directory_);
}

std::string PrivatePostgres::create(const std::string& name, const std::string& like) {
  const auto session = db::Database::open(url("postgres"))->connect();
  session->script(fmt::format("CREATE DATABASE {} TEMPLATE {}", name, like.empty() ? "template0" : like));
  return url(name);
}

void PrivatePostgres::drop(const std::string& name) {
  const auto session = db::Database::open(url("postgres"))->connect();
  session->script(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name));
}

}  // namespace lifang
