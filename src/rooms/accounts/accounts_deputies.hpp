// Deputies: who stands in for whom during an absence, whom one may choose, and how it ends early. A part of the door of accounts.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "rooms/accounts/accounts.hpp"

namespace lifang::accounts {

/// A role over a place, in words.
struct Duty {
  static constexpr std::string_view schema_name = "accounts.Duty";
  std::string role, role_name;
  std::string path;
};
BOOST_DESCRIBE_STRUCT(Duty, (), (role, role_name, path))

/// Somebody who could stand in. `name` is masked where it is a registered person's.
struct Candidate {
  AccountId id;
  std::string login, name;
  std::vector<Duty> duties;  ///< of theirs, as far as the caller may see
};
BOOST_DESCRIBE_STRUCT(Candidate, (), (id, login, name, duties))

struct CandidateFilter {
  std::optional<std::string> q;      ///< part of the login or of a desk's name, or a person's whole name
  std::optional<std::string> after;  ///< login of the last one seen
  std::size_t limit = 50;
};

/// What one login lent to another in one go. Names are plain for the two of them, else as in Candidate.
struct Deputy {
  std::string id;
  AccountId owner;
  std::string owner_name;
  AccountId deputy;
  std::string deputy_name;
  std::vector<Duty> duties;
  Time from, until;
  bool in_force = false;  ///< now
};
BOOST_DESCRIBE_STRUCT(Deputy, (), (id, owner, owner_name, deputy, deputy_name, duties, from, until, in_force))

struct DeputyFilter {
  std::optional<AccountId> owner, deputy;
  std::optional<std::string> after;  ///< id of the last one seen
  std::size_t limit = 50;
};

class Deputies {
 public:
  explicit Deputies(Accounts& accounts) : accounts_(&accounts) {}

  /// Staff whom the caller may choose: those with a role in the communities where the caller has one (for a street or a
  /// district: below it), and those whom `accounts.read` shows; never the caller.
  static std::vector<Candidate> candidates(Reader& reader, const Caller& caller, const CandidateFilter& filter, Time now);
  static std::int64_t count(Reader& reader, const Caller& caller, const CandidateFilter& filter, Time now);
  /// @throws Refusal missing accounts.unknown
  static Candidate candidate(Reader& reader, const Caller& caller, const AccountId& id, Time now);

  /// What is lent now or will be: the caller's own in both directions, and what lies where the caller has accounts.read.
  static std::vector<Deputy> list(Reader& reader, const Caller& caller, const DeputyFilter& filter, Time now);
  /// @throws Refusal missing accounts.no_assignment
  static Deputy get(Reader& reader, const Caller& caller, const std::string& id, Time now);
  /// Ends it at once: the owner, the deputy, or whoever stands above the owner. @throws missing accounts.no_assignment
  void end(Tx& tx, const Caller& caller, const std::string& id) const;

 private:
  Accounts* accounts_;
};

}  // namespace lifang::accounts
