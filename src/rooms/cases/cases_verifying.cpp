// Who may say that it is done: neither whoever did it nor a colleague of theirs, unless nobody else could.
#include <algorithm>

#include "rooms/cases/cases_standing.hpp"

namespace lifang::cases {
namespace {

bool holds(const std::vector<std::string>& all, const std::string& one) { return std::find(all.begin(), all.end(), one) != all.end(); }

/// Those that held it when it was handled, and those that finished a sub-order.
std::vector<std::string> organisations_that_did(Reader& reader, const CaseId& id) {
  std::vector<std::string> did;
  for (const Holding& h : store::holdings(reader, id))
    if (h.handled_at && h.organisation) did.push_back(h.organisation->text);
  for (const Part& part : store::parts(reader, id))
    if (part.done_at && part.organisation) did.push_back(part.organisation->text);
  return did;
}

bool is_of(const std::vector<rosters::Membership>& memberships, const std::vector<std::string>& organisations) {
  return std::any_of(memberships.begin(), memberships.end(),
                     [&](const rosters::Membership& m) { return m.organisation && holds(organisations, m.organisation->text); });
}

}  // namespace

bool Viewer::is_colleague_of_doers(const Record& record) {
  return !memberships().empty() && is_of(memberships(), organisations_that_did(reader_, record.id));
}

bool Viewer::is_barred_from_verifying(const Record& record, Verifier by) {
  if (is_doer(record.id)) return true;
  if (memberships().empty()) return false;
  const auto did = organisations_that_did(reader_, record.id);
  if (!is_of(memberships(), did)) return false;
  // A small place may have one desk and no other: what nobody else can look at would never end.
  const int who = by == Verifier::above ? bit(Standing::above) : bit(Standing::verifier) | bit(Standing::above);
  if ((standings(record) & who) == 0) return true;
  return is_someone_else_to_verify(record, by, did);
}

/// Whoever keeps the machine alone (all rights over everything) is no desk, and is not counted. Asked once for all cases of a
/// list that stand in one place and circle. Of a kind that the circle above verifies nobody else is able to.
const std::vector<accounts::AccountId>& Viewer::able_to_verify(const Record& record, Verifier by) {
  const auto [known, fresh] = able_.try_emplace({record.path, record.circle, by == Verifier::above});
  std::vector<accounts::AccountId>& able = known->second;
  if (!fresh) return able;
  const Time now = rosters_.now();
  if (by != Verifier::above)
    able = accounts::Accounts::holders(
        reader_, "cases.verify", record.circle == Circle::micro ? record.path : seat(record.path, record.circle), now);
  const Circle up = record.circle == Circle::micro ? Circle::small : Circle::great;
  for (auto& account : accounts::Accounts::holders(reader_, "cases.oversee", seat(record.path, up), now)) able.push_back(std::move(account));
  const auto machine = accounts::Accounts::holders(reader_, "*", "/", now);
  std::erase_if(able, [&](const accounts::AccountId& one) { return std::find(machine.begin(), machine.end(), one) != machine.end(); });
  return able;
}

bool Viewer::is_someone_else_to_verify(const Record& record, Verifier by, const std::vector<std::string>& did) {
  const Time now = rosters_.now();
  const auto& able = able_to_verify(record, by);
  return std::any_of(able.begin(), able.end(), [&](const accounts::AccountId& account) {
    if (account.text == caller_.account) return false;
    const std::string person = accounts::Accounts::person_of(reader_, account.text);
    if (store::is_doer(reader_, record.id, account.text)) return false;
    if (person.empty()) return true;
    return !store::is_doer(reader_, record.id, person) && !is_of(rosters_.memberships(reader_, PersonId{person}, now), did);
  });
}

}  // namespace lifang::cases
