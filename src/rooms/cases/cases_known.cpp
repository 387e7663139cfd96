// Whether what a move names exists: a case that goes to nobody is lost, and so is one that waits for a bureau that is none.
#include <algorithm>

#include "rooms/accounts/accounts.hpp"
#include "rooms/cases/cases_do.hpp"
#include "rooms/people/people.hpp"

namespace lifang::cases {
namespace {

/// Staff of the place: in a roster over it, or with a login that handles cases there.
bool is_staff(Work& work, const PersonId& person) {
  if (work.tools().rosters.serves(work.tx, person, work.record.path, work.tx.now())) return true;
  const auto account = accounts::Accounts::find_by_person(work.tx, person.text);
  if (!account) return false;
  const auto handle = accounts::Accounts::holders(work.tx, "cases.handle", work.record.path, work.tx.now());
  return std::find(handle.begin(), handle.end(), *account) != handle.end();
}

}  // namespace

void must_be_known(Reader& reader, const PostId& post, const std::string& field) {
  if (!rosters::Rosters::is_known(reader, post))
    throw invalid("cases.unknown_post", field, "no such post; GET /api/v1/rosters/posts lists them");
}

void must_be_known(Reader& reader, const OrganisationId& called, const std::string& field) {
  if (!rosters::Rosters::is_known(reader, PostId{called.text}))
    throw invalid("cases.unknown_organisation", field, "neither an organisation nor a post");
}

void must_be_known(const Doing& d) {
  Work& work = d.work;
  if (d.words.post) must_be_known(work.tx, *d.words.post, "/post");
  if (!d.words.person) return;
  const PersonId& person = *d.words.person;
  if (!is_staff(work, person)) {
    if (!people::People::path_of(work.tx, people::PersonId{person.text}))
      throw invalid("cases.unknown_person", "/person", "no such person");
    throw invalid("cases.not_staff", "/person", "in no roster over this place, and without a login that handles cases here");
  }
  if (store::is_reporter(work.tx, work.record.id, person.text, ""))
    throw invalid("cases.own_report", "/person", "whoever reported it does not hold it");
}

namespace {

/// What of the words is another organisation's than the one that has the case: "/post", "/person", or nothing.
std::string_view elsewhere(const Doing& d) {
  Work& work = d.work;
  const rosters::Rosters& rosters = work.tools().rosters;
  if (d.words.post && d.words.post != work.record.post) {
    const auto duty = rosters.on_duty(work.tx, *d.words.post, work.record.path, work.tx.now());
    const auto organisation = duty ? duty->organisation : rosters::Rosters::post(work.tx, *d.words.post).organisation;
    if (organisation != work.record.organisation) return "/post";
  }
  if (!d.words.person) return {};
  const auto all = rosters.memberships(work.tx, *d.words.person, work.tx.now());
  const bool is_one = std::any_of(all.begin(), all.end(), [&](const rosters::Membership& m) {
    return m.organisation == work.record.organisation && work.record.path.starts_with(m.path);
  });
  return is_one ? std::string_view{} : "/person";
}

}  // namespace

bool is_of_the_same(const Doing& d) { return d.work.record.organisation && elsewhere(d).empty(); }

void must_be_of_the_same(const Doing& d) {
  const std::string_view field = elsewhere(d);
  if (!field.empty())
    throw Refusal(RefusalKind::forbidden, "cases.not_your_organisation",
                  "to a post or a person of the organisation that has it; the desk assigns to others",
                  std::string(field));
}

}  // namespace lifang::cases
