#include "rooms/notices/notices_announce.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/members.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/accounts/accounts.hpp"
#include "rooms/notices/notices_announce_store.hpp"
#include "rooms/notices/notices_phone.hpp"
#include "rooms/notices/notices_store.hpp"
#include "rooms/people/people_audience.hpp"

namespace lifang::notices {
namespace {

constexpr const char* kSpreadJob = "notices.spread";
constexpr const char* kEscalateJob = "notices.escalate";
constexpr std::size_t kSlice = 200;
constexpr std::int64_t kFew = 5;

Preview shown(std::int64_t count) {
  if (count < kFew) return {{}, true};
  return {count, false};
}

/// As many as will be reached: persons, or households where one of each is enough.
std::int64_t counted(Reader& reader, const people::Audience& audience, const AudienceWords& words) {
  return words.one_a_household.value_or(false) ? people::audience_households(reader, audience)
                                               : people::People::audience_count(reader, audience);
}

std::int64_t year_of(Time t, int offset_minutes) {
  const auto day = std::chrono::floor<std::chrono::days>(t + std::chrono::minutes{offset_minutes});
  return static_cast<int>(std::chrono::year_month_day{day}.year());
}

/// {names} replaced; one that has no value is refused, so that nobody reads "{date}".
std::string filled(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string mark = "{" + name + "}";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) text.replace(at, mark.size(), value);
  }
  const auto open = text.find('{');
  if (open != std::string::npos && text.find('}', open) != std::string::npos)
    throw invalid("notices.value_missing", "/values", "nothing was given for " + text.substr(open, text.find('}', open) - open + 1));
  return text;
}

/// As it was counted and will be reached, however long it waited.
people::Audience kept_audience(const store::KeptAnnouncement& a) {
  return {{a.path}, a.audience.tags.value_or(std::vector<std::string>{}), a.audience.roles.value_or(std::vector<people::ResidentRole>{}),
          a.born_from, a.born_to};
}

constexpr std::int64_t kGrownUp = 18;  ///< years

/// Who of a household is spoken to for all of it: somebody whom the app reaches, then whose home it is, then no child.
people::PersonId one_of(Reader& reader, const people::Audience& audience, const people::HouseholdId& household,
                        const people::PersonId& otherwise, std::int64_t year) {
  const auto all = people::audience_of_household(reader, audience, household);
  const auto rank = [&](const people::OfHousehold& one) {
    return std::tuple(!accounts::Accounts::find_by_person(reader, one.person.text), one.role == people::ResidentRole::member,
                      one.born && year - *one.born < kGrownUp);
  };
  std::optional<std::pair<decltype(rank(all.front())), people::PersonId>> best;
  for (const people::OfHousehold& one : all)
    if (auto here = rank(one); !best || here < best->first) best.emplace(here, one.person);
  return best ? best->second : otherwise;
}

void check_text(const std::string& title, const std::string& text) {
  if (title.empty() || title.size() > 200) throw invalid("notices.bad_title", "/title", "1 to 200 bytes");
  if (text.size() > 8000) throw invalid("notices.too_long", "/text", "at most 8,000 bytes");
}

}  // namespace

Announcements::Announcements(bus::Bus& bus, jobs::Jobs& jobs, const people::People& people, cases::Cases& cases, Phones& phones, Quiet quiet)
    : bus_(bus), jobs_(jobs), people_(people), cases_(cases), phones_(phones), quiet_(quiet), digest_(bus, jobs, phones, quiet), ways_(jobs, phones, quiet) {
  jobs_.on(kSpreadJob, [this](Tx& tx, const jobs::Job& job) { spread(tx, AnnouncementId{job.name}); });
  jobs_.on(kEscalateJob, [this](Tx& tx, const jobs::Job& job) { escalate(tx, AnnouncementId{job.name}); });
}

// ---- whom it is for -----------------------------------------------------------------------------------------------

people::Audience Announcements::audience_of(Reader& reader, const Caller& caller, const AudienceWords& words, Time now) const {
  people::Audience audience;
  audience.paths = {places::Places::path_of(reader, words.place, "/audience/place")};
  caller.must("notices.send", audience.paths.front());
  audience.tags = words.tags.value_or(std::vector<std::string>{});
  audience.roles = words.roles.value_or(std::vector<people::ResidentRole>{});
  const auto kinds = people::People::tag_kinds(reader);
  for (std::size_t i = 0; i < audience.tags.size(); ++i) {
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const people::TagKind& k) { return k.id == audience.tags[i]; });
    const std::string field = "/audience/tags/" + std::to_string(i);
    if (kind == kinds.end()) throw invalid("people.unknown_tag", field, "no such tag");
    if (!kind->sensitive) continue;
    // Who may not know that somebody is poor or ill may not learn it from a message's receipts either.
    if (caller.purpose.empty()) throw forbidden("people.no_purpose", "say what for: X-Purpose or ?purpose=");
    caller.must("purpose." + caller.purpose, audience.paths.front());
  }
  const std::int64_t year = year_of(now, quiet_.offset_minutes);
  for (const auto& age : {words.age_from, words.age_to})
    if (age && (*age < 0 || *age > 150)) throw invalid("notices.bad_age", "/audience/age_from", "0 to 150 years");
  if (words.age_to) audience.born_from = year - *words.age_to;
  if (words.age_from) audience.born_to = year - *words.age_from;
  return audience;
}

Preview Announcements::preview(Reader& reader, const Caller& caller, const AudienceWords& words, Time now) const {
  return shown(counted(reader, audience_of(reader, caller, words, now), words));
}

// ---- sending ------------------------------------------------------------------------------------------------------

Announcement Announcements::announce(Tx& tx, const Caller& caller, const AnnouncementWords& words) {
  store::KeptAnnouncement a;
  const people::Audience audience = audience_of(tx, caller, words.audience, tx.now());
  a.title = words.title.value_or("");
  a.text = words.text.value_or("");
  if (words.template_) {
    const auto all = store::templates(tx);
    const auto found = std::find_if(all.begin(), all.end(), [&](const Template& t) { return t.id == *words.template_; });
    if (found == all.end()) throw invalid("notices.unknown_template", "/template", "no such template");
    const auto values = words.values.value_or(std::map<std::string, std::string>{});
    a.title = filled(found->title, values);
    a.text = filled(found->text, values);
  }
  check_text(a.title, a.text);
  a.counted = counted(tx, audience, words.audience);
  if (a.counted == 0) throw invalid("notices.to_nobody", "/audience", "nobody belongs to it");
  a.id = AnnouncementId::make(tx.ids());
  a.urgency = words.urgency.value_or(Urgency::normal);
  a.audience = words.audience;
  a.path = audience.paths.front();
  a.born_from = audience.born_from;
  a.born_to = audience.born_to;
  a.by = caller.account;
  a.made_at = tx.now();
  const bool emergency = a.urgency == Urgency::emergency;
  a.send_at = emergency ? tx.now() : decent(std::max(words.at.value_or(tx.now()), tx.now()), quiet_);
  a.state = emergency ? AnnouncementState::waiting : AnnouncementState::queued;
  store::insert(tx, a);
  if (!emergency) jobs_.at(tx, kSpreadJob, a.id.text, a.send_at);
  return shown_of(tx, std::move(a));
}

Announcement Announcements::confirm(Tx& tx, const Caller& caller, const AnnouncementId& id, const ConfirmWords& words) {
  auto a = store::find_announcement(tx, id);
  if (!a || !caller.may("notices.send", a->path)) throw missing("notices.unknown", "no such announcement");
  if (a->state != AnnouncementState::waiting) throw conflict("notices.not_waiting", "only an emergency that was not confirmed yet");
  const people::Audience audience = kept_audience(*a);
  a->counted = counted(tx, audience, a->audience);
  if (shown(a->counted).count != words.count) throw conflict("notices.count_changed", "not as many as were shown; look again");
  a->confirmed_by = caller.account;
  a->state = AnnouncementState::queued;
  a->send_at = tx.now();
  store::update(tx, *a);
  jobs_.at(tx, kSpreadJob, id.text, tx.now());
  return get(tx, caller, id);
}

Announcement Announcements::withdraw(Tx& tx, const Caller& caller, const AnnouncementId& id) {
  auto a = store::find_announcement(tx, id);
  if (!a || !caller.may("notices.send", a->path)) throw missing("notices.unknown", "no such announcement");
  // What still waits for somebody's hour is taken back from them; the others have it.
  const std::int64_t spared = a->urgency == Urgency::low ? Digest::withdraw(tx, id.text) : 0;
  a->got -= spared;
  if (a->state != AnnouncementState::waiting && a->state != AnnouncementState::queued && spared == 0)
    throw conflict("notices.sent_already", "it has left");
  a->state = AnnouncementState::withdrawn;
  store::update(tx, *a);
  jobs_.cancel(tx, kSpreadJob, id.text);
  return get(tx, caller, id);
}

void Announcements::reach(Tx& tx, const Announcement& a, const people::PersonId& person) {
  if (a.urgency == Urgency::low) return digest_.gather(tx, PersonId{person.text}, {a.id.text, a.path, a.title, a.text});
  Notice notice;
  notice.id = NoticeId::make(tx.ids());
  notice.class_ = a.urgency == Urgency::emergency ? Class::alarm : Class::announcement;
  notice.person = PersonId{person.text};
  notice.path = a.path;
  notice.title = a.title;
  notice.text = a.text;
  notice.about = a.id.text;
  notice.urgent = a.urgency == Urgency::emergency;
  notice.at = tx.now();
  notice.cause = a.id.text;
  store::add(tx, notice);
  bus::tell(bus_, tx, Arrived{notice.id, notice.person, {}, notice.urgent}, {notice.id.text, notice.path, a.id.text, a.by});
}

/// One slice of an audience; the job comes back until all were reached.
void Announcements::spread(Tx& tx, const AnnouncementId& id) {
  auto a = store::find_announcement(tx, id);
  if (!a || (a->state != AnnouncementState::queued && a->state != AnnouncementState::sending)) return;
  if (a->state == AnnouncementState::queued) {
    a->sent_at = tx.now();
    bus::tell(bus_, tx, Announced{id, a->urgency}, {id.text, a->path, {}, a->by});
  }
  a->state = AnnouncementState::sending;
  const people::Audience audience = kept_audience(*a);
  const auto slice = people::People::audience(tx, audience, a->cursor, kSlice);
  const std::int64_t year = year_of(tx.now(), quiet_.offset_minutes);
  for (const people::PersonId& person : slice) {
    a->cursor = person.text;
    people::PersonId whom = person;
    if (a->audience.one_a_household.value_or(false)) {
      const auto homes = people::People::residencies_of(tx, person);
      if (!homes.empty() && !store::reach(tx, id, homes.front().household.text)) continue;
      if (!homes.empty()) whom = one_of(tx, audience, homes.front().household, person, year);
    }
    reach(tx, *a, whom);
    ++a->got;
  }
  if (slice.size() == kSlice) {
    jobs_.at(tx, kSpreadJob, id.text, tx.now());
  } else {
    a->state = AnnouncementState::sent;
    a->cursor.clear();
    if (a->urgency == Urgency::emergency) jobs_.at(tx, kEscalateJob, id.text, tx.now() + quiet_.unanswered);
  }
  store::update(tx, *a);
}

/// Who has not read an emergency is rung up; without a gateway they stand on the list of those whom staff must tell.
void Announcements::escalate(Tx& tx, const AnnouncementId& id) {
  auto a = store::find_announcement(tx, id);
  if (!a) return;
  const auto unread = store::unread_of(tx, id, a->cursor, kSlice);
  for (const std::string& person : unread) {
    a->cursor = person;
    ++a->rung;
    if (phones_.tell(tx, PersonId{person}, fmt::format("{}。{}", a->title, a->text), {id.text, a->path}, true)) continue;
    Notice notice;
    notice.id = NoticeId::make(tx.ids());
    notice.class_ = Class::alarm;
    notice.person = PersonId{person};
    notice.path = a->path;
    notice.title = a->title;
    notice.text = a->text;
    notice.channel = cases::Channel::call;
    notice.urgent = true;
    notice.at = tx.now();
    notice.cause = id.text;
    store::add(tx, notice);
  }
  if (unread.size() == kSlice) jobs_.at(tx, kEscalateJob, id.text, tx.now());
  store::update(tx, *a);
}

// ---- asking -------------------------------------------------------------------------------------------------------

/// Small figures stay with the machine: whoever knows three people of whom one has not read it knows too much.
Announcement Announcements::shown_of(Reader& reader, store::KeptAnnouncement kept) const {
  kept.expected = shown(kept.counted);
  if (kept.counted >= kFew && (kept.got == 0 || kept.got >= kFew)) {
    kept.reached = kept.got;
    kept.read = store::read_of(reader, kept.id);
    kept.called = kept.rung;
  }
  return kept;
}

Announcement Announcements::get(Reader& reader, const Caller& caller, const AnnouncementId& id) const {
  auto a = store::find_announcement(reader, id);
  if (!a || !caller.may("notices.send", a->path)) throw missing("notices.unknown", "no such announcement");
  return shown_of(reader, *std::move(a));
}

std::vector<Announcement> Announcements::list(Reader& reader, const Caller& caller, const std::optional<std::string>& after,
                                              std::size_t limit) const {
  std::vector<Announcement> all;
  for (auto& a : store::announcements(reader, caller.paths("notices.send"), after, limit)) all.push_back(shown_of(reader, std::move(a)));
  return all;
}

Template Announcements::put_template(Tx& tx, const Caller& caller, const TemplateId& id, const TemplateWords& words) {
  caller.must("notices.send", "/");
  check_text(words.title, words.text);
  if (words.name.empty() || words.name.size() > 200) throw invalid("notices.bad_title", "/name", "1 to 200 bytes");
  Template t;
  static_cast<TemplateWords&>(t) = words;
  t.id = id;
  store::keep_template(tx, t);
  return t;
}

void Announcements::remove_template(Tx& tx, const Caller& caller, const TemplateId& id) {
  caller.must("notices.send", "/");
  if (!store::remove_template(tx, id)) throw missing("notices.unknown_template", "no such template");
}

std::vector<Template> Announcements::templates(Reader& reader) { return store::templates(reader); }

void Announcements::place_moved(Tx& tx, const std::string& from, const std::string& to) {
  store::rebase_announcements(tx, from, to);
  Digest::place_moved(tx, from, to);
}

}  // namespace lifang::notices
