// Drafts of kinds: what is being written for the catalogue before it counts. A part of the door of cases.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "rooms/cases/cases_catalogue.hpp"

namespace lifang::cases {

/// What stands in the way of publishing a draft.
struct Fault {
  std::string field;  ///< JSON pointer, "/micro/handle"
  std::string words;
};
BOOST_DESCRIBE_STRUCT(Fault, (), (field, words))

/// One draft a kind; whoever keeps the catalogue sees it and goes on with it.
struct Draft : KindWords {
  std::string code;
  std::int64_t base = 0;  ///< the version that it began from; 0: a new kind
  Time at;
  std::string by;              ///< account that wrote last
  std::optional<Fault> fault;  ///< absent: it can be published
};
BOOST_DESCRIBE_STRUCT(Draft, (KindWords), (code, base, at, by, fault))

/// All need the right cases.catalogue over everything.
class Drafts {
 public:
  explicit Drafts(Catalogue& catalogue) : catalogue_(catalogue) {}

  /// Keeps the draft as it is, also half done. It stands on the newest version of that moment, or keeps the
  /// version that it stood on. @throws Refusal cases.bad_kind for the code alone
  Draft put(Tx& tx, const Caller& caller, const std::string& code, const KindWords& words);
  void drop(Tx& tx, const Caller& caller, const std::string& code);
  /// The draft becomes the newest version and is gone.
  /// @throws Refusal cases.bad_kind, conflict cases.kind_changed (somebody published one meanwhile), cases.unknown_draft
  Kind publish(Tx& tx, const Caller& caller, const std::string& code);
  /// It stands on the newest version from now on: its writer has seen what the other changed.
  Draft rebase(Tx& tx, const Caller& caller, const std::string& code);

  Draft get(Reader& reader, const Caller& caller, const std::string& code) const;
  std::vector<Draft> list(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit) const;

 private:
  Catalogue& catalogue_;
};

}  // namespace lifang::cases
