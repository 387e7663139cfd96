// What somebody sees who may not read all cases of a place: those that their organisation, their post or they themselves have to
// do with. As a set of ids, each found by an index of 0013_called.sql alone, where there are few; as a condition on one row,
// where there are so many that a page is full after some of them.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "rooms/cases/cases_store_query.hpp"

namespace lifang::cases::store {
namespace {

/// Rows of `table` (b) that show somebody their case; what is asked of the case itself has '@' before the column.
struct Reason {
  std::string_view table;
  std::string whose;
};

/// The subtree of a post of theirs within the subtrees where they may see what they are called to.
std::vector<std::string> overlaps(const std::string& path, const std::vector<std::string>& roots) {
  std::vector<std::string> all;
  for (const std::string& root : roots)
    if (path.starts_with(root) || root.starts_with(path)) all.push_back(path.size() > root.size() ? path : root);
  return all;
}

/// As Viewer::may_see without the right to read: called by a whistle, a sub-order, held by their organisation or post, or
/// held once and no matter of a person's.
std::vector<Reason> reasons_of(db::Where& where, const Scope& scope) {
  const std::string mine = "b.person = " + where.placeholder(actor_in(scope)) + " AND b.person <> ''";
  const std::string thing = "@class NOT IN ('help', 'complaint')";
  std::vector<Reason> all{{"cases_called", mine}, {"cases_parts", mine}};
  for (const auto& [post, path] : scope.posts_at) {
    const std::string name = where.placeholder(post), there = within(where, "@path", path);
    all.push_back({"cases_called", fmt::format("b.organisation = {} AND {}", name, there)});
    all.push_back({"cases_parts", fmt::format("b.post = {} AND {}", name, there)});
    for (const std::string& root : overlaps(path, scope.called))
      all.push_back({"cases_holdings",
                     fmt::format("b.post = {0} AND ({1} OR @post = {0}) AND {2}", name, thing, within(where, "@path", root))});
  }
  if (scope.organisations.empty()) return all;
  const std::string names = where.placeholders(scope.organisations);
  all.push_back({"cases_called", fmt::format("b.organisation IN ({})", names)});
  for (const std::string& root : scope.called)
    all.push_back({"cases_holdings", fmt::format("b.organisation IN ({0}) AND ({1} OR @organisation IN ({0})) AND {2}", names,
                                                 thing, within(where, "@path", root))});
  return all;
}

/// The condition with the case's table under that name.
std::string of_case(std::string words, const std::string& row) {
  for (auto at = words.find('@'); at != std::string::npos; at = words.find('@', at)) words.replace(at, 1, row + ".");
  return words;
}

}  // namespace

std::string end_of(std::string path) {
  path.back() = '0';  // follows '/'
  return path;
}

std::string within(db::Where& where, const std::string& column, const std::string& root) {
  const std::string low = where.placeholder(root), high = where.placeholder(end_of(root));
  return fmt::format("({0} || '' >= {1} AND {0} || '' < {2})", column, low, high);
}

const std::string& actor_in(const Scope& scope) { return scope.person.empty() ? scope.account : scope.person; }

std::string ids_called_to(db::Where& where, const Scope& scope) {
  std::string words = "SELECT id FROM cases WHERE person = " + where.placeholder(actor_in(scope)) + " AND person <> ''";
  for (const Reason& reason : reasons_of(where, scope)) {
    const bool asks_case = reason.whose.find('@') != std::string::npos;
    words += fmt::format(" UNION ALL SELECT b.case_id FROM {} AS b{} WHERE {}", reason.table,
                         asks_case ? " JOIN cases AS k ON k.id = b.case_id" : "", of_case(reason.whose, "k"));
  }
  return words;
}

std::string is_called_to(db::Where& where, const Scope& scope, const std::string& row) {
  std::string words = row + ".person = " + where.placeholder(actor_in(scope));
  std::map<std::string_view, std::string> by_table;
  for (const Reason& reason : reasons_of(where, scope)) {
    std::string& any = by_table[reason.table];
    any += fmt::format("{}({})", any.empty() ? "" : " OR ", of_case(reason.whose, row));
  }
  for (const auto& [table, any] : by_table)
    words += fmt::format(" OR EXISTS (SELECT 1 FROM {} AS b WHERE b.case_id = {}.id AND ({}))", table, row, any);
  return words;
}

void add_sight(db::Where& where, const Scope& scope, const std::string& row, const std::string& theirs) {
  const auto& roots = scope.roots;
  if (std::find(roots.begin(), roots.end(), "/") != roots.end()) return;
  if (scope.called.empty()) {
    where.under(row + "path", roots);
    return;
  }
  std::string below;
  for (const std::string& root : scope.called) below += (below.empty() ? "" : " OR ") + within(where, row + "path", root);
  std::string words = fmt::format("{}id IN ({}) AND ({}){}", row, ids_called_to(where, scope), below, theirs);
  if (!roots.empty()) words = "(" + words + ")";
  for (const std::string& root : roots) words += " OR " + within(where, row + "path", root);
  where.plain("(" + words + ")");
}

}  // namespace lifang::cases::store
