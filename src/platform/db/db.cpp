#include "platform/db/db.hpp"

#include <fmt/format.h>

#include <mutex>

#include "base/check.hpp"

namespace lifang::db {

Where& Where::plain(std::string_view condition) {
  if (!conditions_.empty()) conditions_ += " AND ";
  conditions_ += condition;
  return *this;
}

std::string Where::next(Param p) {
  held_.push_back({p, std::string(p.text)});
  return fmt::format("${}", held_.size());
}

Where& Where::add_param(std::string_view condition, Param p) {
  const auto at = condition.find('$');
  check(at != std::string_view::npos, "a condition has one $ where its value goes");
  const std::string placeholder = next(p);
  return plain(std::string(condition.substr(0, at)) + placeholder + std::string(condition.substr(at + 1)));
}

Where& Where::under(std::string_view column, const std::vector<std::string>& path_prefixes) {
  if (path_prefixes.empty()) return plain("1 = 0");
  std::string any;
  for (const std::string& prefix : path_prefixes) {
    check(prefix.ends_with('/'), "a place path ends in /");
    // '0' follows '/' in ASCII: everything that begins with the prefix lies between the two.
    std::string end = prefix;
    end.back() = '0';
    if (!any.empty()) any += " OR ";
    const std::string low = next(param(prefix));
    const std::string high = next(param(end));
    any += fmt::format("({0} >= {1} AND {0} < {2})", column, low, high);
  }
  return plain("(" + any + ")");
}

std::vector<Param> Where::params() const {
  std::vector<Param> params;
  for (const Held& held : held_) {
    params.push_back(held.param);
    if (held.param.kind == Param::Kind::text || held.param.kind == Param::Kind::blob) params.back().text = held.text;
  }
  return params;
}

std::unique_ptr<Database> Database::open(const std::string& url, Options options) {
  if (url.starts_with("sqlite:")) return open_sqlite(url.substr(7), std::move(options));
  if (url.starts_with("postgres://") || url.starts_with("postgresql://")) return open_postgres(url);
  throw Error(Error::Kind::broken, "a database is named sqlite:PATH or postgres://…");
}

struct ReaderPool::Shelf {
  std::mutex mutex;
  std::vector<std::unique_ptr<Session>> idle;
};

ReaderPool::ReaderPool(Database& database, std::size_t keep)
    : database_(database), keep_(keep), shelf_(std::make_unique<Shelf>()) {}
ReaderPool::~ReaderPool() = default;

ReaderPool::Lease ReaderPool::lease() {
  std::unique_ptr<Session> session;
  {
    const std::lock_guard lock(shelf_->mutex);
    if (!shelf_->idle.empty()) {
      session = std::move(shelf_->idle.back());
      shelf_->idle.pop_back();
    }
  }
  if (session && session->alive()) {
    try {
      session->script("BEGIN");
      return {*this, std::move(session)};
    } catch (const Error& error) {
      if (error.kind != Error::Kind::lost) throw;
    }
    // The server went away while this one lay idle, and took the others with it.
    const std::lock_guard lock(shelf_->mutex);
    shelf_->idle.clear();
  }
  session = database_.connect_reader();
  session->script("BEGIN");
  return {*this, std::move(session)};
}

void ReaderPool::give_back(std::unique_ptr<Session> session) {
  const std::lock_guard lock(shelf_->mutex);
  if (shelf_->idle.size() < keep_) shelf_->idle.push_back(std::move(session));
}

ReaderPool::Lease::Lease(ReaderPool& pool, std::unique_ptr<Session> session)
    : pool_(&pool), session_(std::move(session)), reader_(*session_) {}

ReaderPool::Lease::~Lease() {
  if (!session_) return;
  try {
    session_->script("ROLLBACK");
  } catch (const Error&) {
    return;  // a broken connection is not given back; nothing was written on it
  }
  pool_->give_back(std::move(session_));
}

}  // namespace lifang::db
