// Caller: who asks, with which rights, where. Rooms check it; the porch and the login make it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/refusal.hpp"

namespace lifang {

/// One right over one place subtree. `path` is a place path ("/xihu/fuyuan/"); "/" is everything.
struct Grant {
  std::string right;  ///< "cases.read"; "cases.*" is every right of the room, "*" every right
  std::string path;
};
BOOST_DESCRIBE_STRUCT(Grant, (), (right, path))

/// Whether who was granted the one ("cases.read", "cases.*", "*") has the other, which may be a pattern too.
inline bool covers(std::string_view granted, std::string_view right) {
  if (granted == "*" || granted == right) return true;
  return granted.ends_with(".*") && right.starts_with(granted.substr(0, granted.size() - 1));
}

/// Whoever a use case is done for. A machine's own doings (timers, rules) have `system()`.
struct Caller {
  std::string account;  ///< id of the account, "system", or "device:ID"
  std::string person;   ///< id of the person behind it, empty for machines
  std::string name;     ///< login, shown in diaries
  std::string purpose;  ///< why personal data is asked for; empty means masked
  std::string session;  ///< id of the session that it came by
  std::vector<Grant> grants;
  std::string of_case = {};  ///< id of the case that the purpose is, where it is one ("case:ID")

  static Caller system() { return {"system", {}, "system", {}, {}, {{"*", "/"}}}; }

  /// For the log of who looked.
  std::optional<std::string> case_named() const { return of_case.empty() ? std::nullopt : std::optional(of_case); }

  /// Has the right over the place with this path.
  bool may(std::string_view right, std::string_view path) const {
    for (const Grant& g : grants)
      if (covers(g.right, right) && path.starts_with(g.path)) return true;
    return false;
  }
  /// Has the right somewhere.
  bool may(std::string_view right) const {
    for (const Grant& g : grants)
      if (covers(g.right, right)) return true;
    return false;
  }
  /// Refuses 403 without the right anywhere, 404 outside its places: nobody learns what lies elsewhere.
  void must(std::string_view right, std::string_view path) const {
    if (may(right, path)) return;
    if (may(right)) throw missing("access.not_here", "no such thing among the places that this login may see");
    throw forbidden("access.no_right", "this login lacks the right " + std::string(right));
  }
  void must(std::string_view right) const {
    if (!may(right)) throw forbidden("access.no_right", "this login lacks the right " + std::string(right));
  }
  /// The roots of the subtrees where the right holds, for lists.
  std::vector<std::string> paths(std::string_view right) const {
    std::vector<std::string> roots;
    for (const Grant& g : grants)
      if (covers(g.right, right)) roots.push_back(g.path);
    return roots;
  }
};

}  // namespace lifang
