#include "rooms/notices/notices_rung.hpp"

#include <algorithm>

#include "base/reflect.hpp"
#include "platform/http/routes.hpp"
#include "rooms/notices/notices_store.hpp"

namespace lifang::notices {
namespace {

bool is_own_report(Reader& reader, const Caller& caller, const cases::CaseId& id, const cases::Cases& cases) {
  const auto all = cases.reporters(reader, id);
  return std::any_of(all.begin(), all.end(), [&](const cases::Reporter& r) {
    return (r.person && r.person->text == caller.person) || (r.account == caller.account && !r.on_behalf);
  });
}

/// Who stands behind the account that answered, as the diary knows it.
std::string answerer(const std::vector<cases::DiaryLine>& diary, const Ring& ring) {
  for (const cases::DiaryLine& line : diary)
    if (line.by == ring.by && line.person) return line.person->text;
  return ring.by;
}

void add_of_ring(Reader& reader, const Ring& ring, const std::vector<cases::DiaryLine>& diary, std::vector<Rung>& all) {
  const std::size_t from = all.size();
  for (const store::RungRow& row : store::rung(reader, ring.id)) {
    if (all.size() > from) all.back().ended_at = row.at;
    all.push_back({ring.id, ring.purpose, ring.post, row.step, row.person, {}, row.at, RungState::passed, {}});
  }
  if (all.size() == from) return;
  Rung& last = all.back();
  last.ended_at = ring.ended_at;
  if (ring.state == RingState::ringing) last.state = RungState::ringing;
  if (ring.state == RingState::stopped) last.state = RungState::elsewhere;
  if (ring.state != RingState::answered) return;
  last.state = RungState::elsewhere;
  const std::string by = answerer(diary, ring);
  for (std::size_t i = from; i < all.size(); ++i) {
    if (all[i].person->text != by) continue;
    all[i].state = RungState::answered;
    all[i].ended_at = ring.ended_at;
  }
}

}  // namespace

RungOfCase rung_of(Reader& reader, const Caller& caller, const cases::CaseId& id, const cases::Cases& cases, const people::People& people) {
  const auto about = cases.find(reader, id);
  const bool staff = about && caller.may("notices.read", about->path) && cases.reads(reader, caller, id);
  if (!about || (!staff && !is_own_report(reader, caller, id, cases))) throw missing("cases.unknown", "no such case");
  RungOfCase found{id, {}};
  RingFilter filter;
  filter.case_ = id;
  filter.limit = 200;
  auto rings = store::rings(reader, {"/"}, filter);
  std::sort(rings.begin(), rings.end(), [](const Ring& a, const Ring& b) { return a.id < b.id; });
  const auto diary = cases.diary(reader, Caller::system(), id, 0, 500);
  for (const Ring& ring : rings) add_of_ring(reader, ring, diary, found.rung);
  std::stable_sort(found.rung.begin(), found.rung.end(), [](const Rung& a, const Rung& b) { return a.at < b.at; });
  for (Rung& rung : found.rung) {
    if (people::PersonId::fits(rung.person->text)) rung.name = people.masked_name(reader, people::PersonId{rung.person->text});
    if (!staff || !caller.may("people.read", about->path)) rung.person.reset();
  }
  return found;
}

void add_rung_routes(http::Routes& routes, const cases::Cases& cases, const people::People& people) {
  routes.get("/api/v1/notices/rung", http::kAnyLogin, "Whom a case rang, when, and who answered: ?case=",
             [&cases, &people](Reader& reader, const http::Call& call) {
               const auto about = call.query("case");
               if (!about) throw invalid("json.missing", "?case", "of which case");
               if (!cases::CaseId::fits(*about)) throw missing("cases.unknown", "no such case");
               return rung_of(reader, call.caller, cases::CaseId{*about}, cases, people);
             });
}

}  // namespace lifang::notices
