// How a caller stands to cases: what they may see, and what they may do with each.
#pragma once
#include <map>
#include <tuple>

#include "base/caller.hpp"
#include "rooms/accounts/accounts.hpp"
#include "rooms/cases/cases_record.hpp"
#include "rooms/cases/cases_store.hpp"
#include "rooms/rosters/rosters.hpp"

namespace lifang::cases {

/// Who acts, as rosters and diaries know them: the person, or the account where no person stands behind it.
PersonId actor_of(const Caller& caller);

/// For one caller and one request; remembers what it has asked.
class Viewer {
 public:
  Viewer(Reader& reader, const rosters::Rosters& rosters, const Caller& caller);

  Standings standings(const Record& record);
  bool may_see(const Record& record);
  /// Sees all of it, and not what they (or whom they help) reported alone.
  bool reads(const Record& record) { return may_see(record) && !only_reports(record); }
  /// Whoever did it, or in whose name it was done.
  bool is_doer(const CaseId& id);
  /// Of an organisation that did it or a part of it (cases_verifying.cpp).
  bool is_colleague_of_doers(const Record& record);
  /// Whether they may not verify it: they did it, or a colleague did and somebody else could look. `by`: of its kind.
  bool is_barred_from_verifying(const Record& record, Verifier by);
  /// Whether they oversee the circle that the appeal is with.
  bool is_mediator(const Record& record);
  /// Whether an appeal that is asked is theirs to decide: as its mediator, and neither their own nor about what they did.
  bool may_mediate(const Record& record);
  /// The last to ask for it ("appeal", "defer") was the caller: whoever asks does not grant.
  bool has_asked(const Record& record, std::string_view code);
  /// An appeal or a deferral waits for them.
  bool is_to_decide(const Record& record);
  /// Of that organisation, or of the post of that name over the place.
  bool is_partner_for(const OrganisationId& organisation, std::string_view path);
  /// Whether the sub-order is theirs to finish.
  bool is_part_theirs(const Part& part, std::string_view path);
  /// Whether a deadline of this round has passed, now or before.
  bool is_late(const Record& record) const;
  /// Whether they have urged it within the hour.
  bool has_just_urged(const Record& record);
  store::Scope scope();
  /// For whoever only reports: says in their words what staff are asked to do, and blanks what other reporters said. For
  /// whom may_know_anonymous bars: blanks who an anonymous reporter is.
  void hide_others(const Record& record, std::vector<DiaryLine>& lines);
  /// Who reported without giving their name: for whoever oversees from above and neither has it nor did it.
  bool may_know_anonymous(const Record& record);
  /// What depends on the caller and the hour: `allowed`, `overdue`, the emergency text, who is not shown.
  Case show(Record record, const Catalogue& catalogue);
  const PersonId& actor() const { return actor_; }

 private:
  bool is_person_of(const Record& record);
  bool is_holder(const Record& record);
  /// Leads the organisation whose post holds it.
  bool is_lead(const Record& record);
  /// Their organisation holds it, or held it and it concerns no person (right cases.called).
  bool is_involved(const Record& record);
  bool is_someone_else_to_verify(const Record& record, Verifier by, const std::vector<std::string>& did);
  const std::vector<accounts::AccountId>& able_to_verify(const Record& record, Verifier by);
  /// Whether the move, allowed by the table, would be refused at once for what the case is.
  bool is_idle(const Record& record, Move move, Standings standings, Verifier by);
  /// What they owe on it beside holding it.
  void fill_owed(Record& record);
  bool is_partner(const Record& record);
  bool is_reporter(const Record& record);
  /// They see it only because they (or whom they help) reported it.
  bool only_reports(const Record& record);
  bool is_theirs(const Reporter& reporter);
  /// Their own words in place of those of whoever reported first.
  void hide_others(Record& record);
  const std::vector<PersonId>& helped();
  bool is_member(const PostId& post, std::string_view path);
  /// The place that has the say in a circle: the case's own, its street, its district.
  const std::string& seat(std::string_view path, Circle circle);
  const std::vector<rosters::Membership>& memberships();

  Reader& reader_;
  const rosters::Rosters& rosters_;
  const Caller& caller_;
  PersonId actor_;
  std::optional<std::vector<rosters::Membership>> memberships_;
  std::optional<std::vector<PersonId>> helped_;  ///< for whom they report as a registered helper
  std::optional<std::vector<PersonId>> absent_;  ///< for whom they stand in
  /// (path, circle, whether only the circle above may) → who could verify there
  std::map<std::tuple<std::string, Circle, bool>, std::vector<accounts::AccountId>> able_;
  std::map<std::string, std::pair<std::string, std::string>> seats_;  ///< path → small, great
  struct OfKind {
    std::string emergency;
    std::optional<std::string> emergency_en;
    Verifier verifier;
  };
  std::map<std::pair<std::string, std::int64_t>, OfKind> kinds_;
};

}  // namespace lifang::cases
