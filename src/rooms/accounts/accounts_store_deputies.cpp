#include "rooms/accounts/accounts_store_deputies.hpp"

#include "rooms/accounts/accounts_store.hpp"

namespace lifang::accounts::store {
namespace {

constexpr std::string_view kLent =
    "SELECT a.id, a.account, a.role, a.path, a.starts, a.ends, a.source, s.account, o.name, d.name, o.person, d.person, a.made_at "
    "FROM accounts_assignments a JOIN accounts_assignments s ON s.id = a.source JOIN accounts o ON o.id = s.account "
    "JOIN accounts d ON d.id = a.account";
constexpr std::int64_t kMostLent = 5000;

db::Where staff_under(const std::vector<std::string>& roots, Time now) {
  db::Where inner;
  inner.plain("a.account = c.id AND a.source = '' AND r.staff = 1 AND c.state = 'active'");
  inner.add("a.starts <= $", now);
  inner.add("a.ends > $", now);
  inner.under("a.path", roots);
  return inner;
}

constexpr std::string_view kFrom = " FROM accounts c JOIN accounts_assignments a ON a.account = c.id JOIN accounts_roles r ON r.id = a.role";

db::Where where_of(const std::vector<std::string>& roots, const CandidateFilter& filter, const std::string& but, Time now) {
  db::Where where = staff_under(roots, now);
  where.add("c.id <> $", but);
  if (!filter.q) return where;
  const std::string part = where.placeholder(*filter.q), whole = where.placeholder(*filter.q);
  // A registered person is found by the whole name alone, so that nobody spells it out letter by letter.
  where.plain("(c.login LIKE '%' || " + part + " || '%' OR (c.person = '' AND c.name LIKE '%' || " + part + " || '%') OR c.name = " + whole + ")");
  return where;
}

}  // namespace

std::vector<Account> candidates(Reader& reader, const std::vector<std::string>& roots, const CandidateFilter& filter,
                                const std::string& but, Time now) {
  db::Where where = where_of(roots, filter, but, now);
  where.maybe("c.login > $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<AccountId> ids;
  reader.each_of("SELECT DISTINCT c.login, c.id" + std::string(kFrom) + where.sql() + " ORDER BY c.login LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { ids.push_back(row.get<AccountId>(1)); });
  std::vector<Account> found;
  for (const AccountId& id : ids) {
    auto row = find(reader, id);
    row->account.assignments = assignments_of(reader, id);
    found.push_back(std::move(row->account));
  }
  return found;
}

std::int64_t count_candidates(Reader& reader, const std::vector<std::string>& roots, const CandidateFilter& filter,
                              const std::string& but, Time now) {
  const db::Where where = where_of(roots, filter, but, now);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(DISTINCT c.id)" + std::string(kFrom) + where.sql(), where.params(),
                 [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

bool is_candidate(Reader& reader, const std::vector<std::string>& roots, const AccountId& id, Time now) {
  db::Where where = staff_under(roots, now);
  where.add("c.id = $", id.text);
  bool found = false;
  reader.each_of("SELECT 1" + std::string(kFrom) + where.sql() + " LIMIT 1", where.params(), [&](const db::Row&) { found = true; });
  return found;
}

std::vector<Lent> lent(Reader& reader, const std::vector<std::string>& roots, const std::string& about, Time now) {
  db::Where where;
  where.plain("a.source <> '' AND o.state = 'active' AND d.state = 'active'");
  where.add("a.ends > $", now);
  const std::string me = where.placeholder(about);
  std::string any = "s.account = " + me + " OR a.account = " + me;
  for (const std::string& root : roots) any += " OR substr(a.path, 1, " + std::to_string(root.size()) + ") = " + where.placeholder(root);
  where.plain("(" + any + ")");
  const std::string limit = where.placeholder(kMostLent);
  std::vector<Lent> found;
  reader.each_of(std::string(kLent) + where.sql() + " ORDER BY a.id LIMIT " + limit, where.params(), [&](const db::Row& row) {
    Lent one;
    one.assignment = {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
                      row.time(4), row.time(5), std::string(row.text(6))};
    one.owner = row.get<AccountId>(7);
    one.owner_name = row.text(8);
    one.deputy_name = row.text(9);
    one.owner_is_person = !row.text(10).empty();
    one.deputy_is_person = !row.text(11).empty();
    one.made_at = row.time(12);
    found.push_back(std::move(one));
  });
  return found;
}

}  // namespace lifang::accounts::store
