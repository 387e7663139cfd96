// The catalogue of kinds: versioned data, with a ready-made set that comes with the program.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/refusal.hpp"
#include "platform/db/tx.hpp"
#include "rooms/cases/cases_kinds.hpp"

namespace lifang::cases {

/// The kind under which a case stands whose own is not known: nothing that happens is lost.
inline constexpr std::string_view kOtherKind = "other";

struct KindFilter {
  std::optional<Class> class_;
  std::optional<Grade> grade;
  bool retired = false;  ///< those too
  std::optional<std::string> after;
  std::size_t limit = 50;
};

class Catalogue {
 public:
  /// Keeps ready-made kinds that are new, and new versions of those that people have not changed.
  void open(Tx& tx);

  /// A new version; the first if there is none. Right cases.catalogue over everything.
  /// @throws Refusal cases.bad_kind with the field to blame
  Kind put(Tx& tx, const Caller& caller, const std::string& code, const KindWords& words);
  /// No new case of it; open ones go on.
  Kind retire(Tx& tx, const Caller& caller, const std::string& code, bool retired);

  /// The newest version.
  std::optional<Kind> find(Reader& reader, std::string_view code) const;
  std::optional<Kind> find(Reader& reader, std::string_view code, std::int64_t version) const;
  /// The version of a case; a stored case always has one.
  Kind get(Reader& reader, std::string_view code, std::int64_t version) const;
  std::vector<Kind> list(Reader& reader, const KindFilter& filter) const;
  std::int64_t count(Reader& reader, const KindFilter& filter) const;
  std::vector<Kind> versions(Reader& reader, std::string_view code) const;
};

/// What data/kinds.csv holds.
std::vector<Kind> ready_made_kinds();
/// A line of a ready-made plan in English; nothing for what people wrote.
std::optional<std::string> plan_line_in_english(const std::string& words);
/// What is wrong with it, cases.bad_kind with the leaf to blame; nothing if it may be published.
std::optional<Refusal> fault_of(const KindWords& words);
/// @throws Refusal invalid cases.bad_kind
void check_words(const KindWords& words);

}  // namespace lifang::cases
