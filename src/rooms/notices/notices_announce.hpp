// Announcements: one message to an audience: counted before it is sent, at decent hours, with receipts and escalation. A
// part of the door of notices.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/id.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/cases/cases.hpp"
#include "rooms/notices/notices_digest.hpp"
#include "rooms/notices/notices_values.hpp"
#include "rooms/notices/notices_ways.hpp"
#include "rooms/people/people.hpp"
#include "rooms/places/places.hpp"

namespace lifang::notices {

namespace store {
struct KeptAnnouncement;
}

struct AnnouncementTag {
  static constexpr std::string_view prefix = "announcement";
};
using AnnouncementId = Id<AnnouncementTag>;
using TemplateId = Id<struct TemplateTag>;  ///< chosen by the client

/// `low`: can wait for the receiver's digest.
enum class Urgency { low, normal, emergency };
BOOST_DESCRIBE_ENUM(Urgency, low, normal, emergency)
/// `waiting`: an emergency that nobody confirmed yet; `queued`: until its hour; `sending`: slice by slice.
enum class AnnouncementState { waiting, queued, sending, sent, withdrawn };
BOOST_DESCRIBE_ENUM(AnnouncementState, waiting, queued, sending, sent, withdrawn)

/// Present persons of a place and all below it; with one of the tags, one of the roles, of an age within the band (both
/// ends included); one a household where `one_a_household`.
struct AudienceWords {
  places::PlaceId place;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::vector<people::ResidentRole>> roles;
  std::optional<std::int64_t> age_from, age_to;
  std::optional<bool> one_a_household;
};
BOOST_DESCRIBE_STRUCT(AudienceWords, (), (place, tags, roles, age_from, age_to, one_a_household))

/// How many it would reach (households, where one of each is enough): never who. Below five it says so and no more: a small number would name somebody.
struct Preview {
  std::optional<std::int64_t> count;
  bool fewer_than_five = false;
};
BOOST_DESCRIBE_STRUCT(Preview, (), (count, fewer_than_five))

/// Title and text, or a template with what goes into its {places}. `at`: not before.
struct AnnouncementWords {
  AudienceWords audience;
  std::optional<std::string> title, text;
  std::optional<TemplateId> template_;
  std::optional<std::map<std::string, std::string>> values;
  std::optional<Urgency> urgency;
  std::optional<Time> at;
};
BOOST_DESCRIBE_STRUCT(AnnouncementWords, (), (audience, title, text, template_, values, urgency, at))

struct Announcement {
  AnnouncementId id;
  std::string title, text;
  Urgency urgency = Urgency::normal;
  AnnouncementState state = AnnouncementState::queued;
  AudienceWords audience;
  std::string path;
  Preview expected;
  /// Absent where fewer than five are meant or were reached: a small number would name somebody, and who has not read.
  std::optional<std::int64_t> reached, read;
  std::optional<std::int64_t> called;  ///< of an emergency: those who had not read it and were rung up, or stand on the list of those to be told
  std::string by, confirmed_by;
  Time made_at, send_at;
  std::optional<Time> sent_at;
};
BOOST_DESCRIBE_STRUCT(Announcement, (), (id, title, text, urgency, state, audience, path, expected, reached, read, called, by,
                                         confirmed_by, made_at, send_at, sent_at))

/// The count that the sender saw; another than it is now, and they look again. Absent where it said `fewer_than_five`.
struct ConfirmWords {
  std::optional<std::int64_t> count;
};
BOOST_DESCRIBE_STRUCT(ConfirmWords, (), (count))

struct TemplateWords {
  std::string name, title, text;
};
BOOST_DESCRIBE_STRUCT(TemplateWords, (), (name, title, text))
struct Template : TemplateWords {
  TemplateId id;
};
BOOST_DESCRIBE_STRUCT(Template, (TemplateWords), (id))

struct Announced {
  static constexpr std::string_view topic = "notices.announced";
  AnnouncementId announcement;
  Urgency urgency = Urgency::normal;
};
BOOST_DESCRIBE_STRUCT(Announced, (), (announcement, urgency))

class Announcements {
 public:
  using Quiet = notices::Quiet;
  Announcements(bus::Bus& bus, jobs::Jobs& jobs, const people::People& people, cases::Cases& cases, Phones& phones, Quiet quiet);

  /// Right notices.send over the place; tags that are sensitive need a purpose of the caller's.
  Preview preview(Reader& reader, const Caller& caller, const AudienceWords& words, Time now) const;
  /// An emergency waits for `confirm`; anything else goes out at its hour, never in the quiet ones.
  Announcement announce(Tx& tx, const Caller& caller, const AnnouncementWords& words);
  /// @throws conflict notices.count_changed, notices.not_waiting
  Announcement confirm(Tx& tx, const Caller& caller, const AnnouncementId& id, const ConfirmWords& words);
  /// What has not left. @throws conflict notices.sent_already
  Announcement withdraw(Tx& tx, const Caller& caller, const AnnouncementId& id);
  Announcement get(Reader& reader, const Caller& caller, const AnnouncementId& id) const;
  std::vector<Announcement> list(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit) const;

  /// Right notices.send over everything.
  Template put_template(Tx& tx, const Caller& caller, const TemplateId& id, const TemplateWords& words);
  void remove_template(Tx& tx, const Caller& caller, const TemplateId& id);
  static std::vector<Template> templates(Reader& reader);

  /// To be pinned up: one announcement on A4.
  std::string printed(Reader& reader, const Caller& caller, const AnnouncementId& id) const;
  /// What hangs in a stairwell for a week: announcements of the last seven days, what was put right, and where to report.
  /// Holds nothing personal. `url`: of the residents' page; empty: none is shown.
  std::string stairwell(Reader& reader, const Caller& caller, const places::PlaceId& place, const std::string& url, Time now) const;
  /// A letter on A4 in big letters to somebody without a phone: the number of the case, what it was about, what came of it or why
  /// it was refused; a question with boxes to tick. Of a notice that staff must tell (right notices.send there).
  /// @throws Refusal missing notices.unknown, conflict notices.reads_it_themselves
  std::string letter(Reader& reader, const Caller& caller, const NoticeId& id, Time now) const;
  void place_moved(Tx& tx, const std::string& from, const std::string& to);
  /// Where those of low urgency wait.
  Digest& digest() { return digest_; }
  /// By which way each hears.
  Ways& ways() { return ways_; }

 private:
  people::Audience audience_of(Reader& reader, const Caller& caller, const AudienceWords& words, Time now) const;
  void reach(Tx& tx, const Announcement& a, const people::PersonId& person);
  Announcement shown_of(Reader& reader, store::KeptAnnouncement kept) const;
  void spread(Tx& tx, const AnnouncementId& id);
  void escalate(Tx& tx, const AnnouncementId& id);
  std::string local_day(Time t) const;

  bus::Bus& bus_;
  jobs::Jobs& jobs_;
  const people::People& people_;
  cases::Cases& cases_;
  Phones& phones_;
  Quiet quiet_;
  Digest digest_;
  Ways ways_;
};

}  // namespace lifang::notices
