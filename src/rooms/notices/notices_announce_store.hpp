// Every SQL statement about announcements.
#pragma once
#include "rooms/notices/notices_announce.hpp"

namespace lifang::notices::store {

/// As it is kept: the audience by years of birth, so that it stays the same however long it waits.
struct KeptAnnouncement : Announcement {
  std::optional<std::int64_t> born_from, born_to;
  std::int64_t counted = 0;
  std::int64_t got = 0, rung = 0;  ///< inboxes that it reached; who was rung up
  std::string cursor;
};
void insert(Tx& tx, const KeptAnnouncement& a);
/// State, counts, cursor, confirmation and times.
void update(Tx& tx, const KeptAnnouncement& a);
std::optional<KeptAnnouncement> find_announcement(Reader& reader, const AnnouncementId& id);
std::vector<KeptAnnouncement> announcements(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after,
                                            std::size_t limit);
/// Sent since, for a place: its own, of what lies above and of what lies below; newest first.
std::vector<KeptAnnouncement> sent_for(Reader& reader, const std::string& path, Time since, std::size_t limit);
std::int64_t read_of(Reader& reader, const AnnouncementId& id);
/// Persons who have not read it, in order.
std::vector<std::string> unread_of(Reader& reader, const AnnouncementId& id, const std::string& after, std::size_t limit);
/// False if the household was reached already.
bool reach(Tx& tx, const AnnouncementId& id, const std::string& household);

void keep_template(Tx& tx, const Template& t);
bool remove_template(Tx& tx, const TemplateId& id);
std::vector<Template> templates(Reader& reader);
void rebase_announcements(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::notices::store
