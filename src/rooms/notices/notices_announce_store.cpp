#include "rooms/notices/notices_announce_store.hpp"

#include "base/reflect.hpp"

namespace lifang::notices::store {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO notices_announcements (id, title, text, urgency, state, audience, path, born_from, born_to, expected, reached, called, "
    "cursor, by, confirmed_by, made_at, send_at, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
    "$16, $17, $18)";
constexpr std::string_view kUpdate =
    "UPDATE notices_announcements SET state = $2, expected = $3, reached = $4, called = $5, cursor = $6, confirmed_by = $7, send_at = $8, "
    "sent_at = $9 WHERE id = $1";
constexpr std::string_view kColumns =
    "SELECT id, title, text, urgency, state, audience, path, born_from, born_to, expected, reached, called, cursor, by, confirmed_by, "
    "made_at, send_at, sent_at FROM notices_announcements";
constexpr std::string_view kFind =
    "SELECT id, title, text, urgency, state, audience, path, born_from, born_to, expected, reached, called, cursor, by, confirmed_by, "
    "made_at, send_at, sent_at FROM notices_announcements WHERE id = $1";
constexpr std::string_view kSentFor =
    "SELECT id, title, text, urgency, state, audience, path, born_from, born_to, expected, reached, called, cursor, by, confirmed_by, "
    "made_at, send_at, sent_at FROM notices_announcements WHERE sent_at >= $1 AND "
    "(substr($2, 1, length(path)) = path OR substr(path, 1, length($2)) = $2) ORDER BY id DESC LIMIT $3";
constexpr std::string_view kRead =
    "SELECT (SELECT COUNT(*) FROM notices n WHERE n.about = $1 AND EXISTS (SELECT 1 FROM notices_receipts r WHERE r.notice = n.id)) + "
    "(SELECT COUNT(*) FROM notices_digest d WHERE d.announcement = $1 AND EXISTS (SELECT 1 FROM notices_receipts r WHERE r.notice = "
    "d.notice))";
constexpr std::string_view kUnread =
    "SELECT n.person FROM notices n WHERE n.about = $1 AND n.person > $2 AND n.channel = 'app' AND NOT EXISTS "
    "(SELECT 1 FROM notices_receipts r WHERE r.notice = n.id) ORDER BY n.person LIMIT $3";
constexpr std::string_view kReach =
    "INSERT INTO notices_reached (announcement, household) VALUES ($1, $2) ON CONFLICT (announcement, household) DO NOTHING";
constexpr std::string_view kKeepTemplate =
    "INSERT INTO notices_templates (id, name, title, text) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET "
    "name = excluded.name, title = excluded.title, text = excluded.text";
constexpr std::string_view kRemoveTemplate = "DELETE FROM notices_templates WHERE id = $1";
constexpr std::string_view kTemplates = "SELECT id, name, title, text FROM notices_templates ORDER BY id";
constexpr std::string_view kRebase =
    "UPDATE notices_announcements SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

KeptAnnouncement announcement_of(const db::Row& row) {
  KeptAnnouncement a;
  a.id = row.get<AnnouncementId>(0);
  a.title = row.text(1);
  a.text = row.text(2);
  a.urgency = enum_of<Urgency>(row.text(3));
  a.state = enum_of<AnnouncementState>(row.text(4));
  a.audience = from_json<AudienceWords>(row.text(5));
  a.path = row.text(6);
  a.born_from = row.get<std::optional<std::int64_t>>(7);
  a.born_to = row.get<std::optional<std::int64_t>>(8);
  a.counted = row.integer(9);
  a.got = row.integer(10);
  a.rung = row.integer(11);
  a.cursor = row.text(12);
  a.by = row.text(13);
  a.confirmed_by = row.text(14);
  a.made_at = row.time(15);
  a.send_at = row.time(16);
  a.sent_at = row.get<std::optional<Time>>(17);
  return a;
}

}  // namespace

void insert(Tx& tx, const KeptAnnouncement& a) {
  tx.run(kInsert, a.id, a.title, a.text, enum_name(a.urgency), enum_name(a.state), to_json(a.audience), a.path, a.born_from, a.born_to,
         a.counted, a.got, a.rung, a.cursor, a.by, a.confirmed_by, a.made_at, a.send_at, a.sent_at);
}

void update(Tx& tx, const KeptAnnouncement& a) {
  tx.run(kUpdate, a.id, enum_name(a.state), a.counted, a.got, a.rung, a.cursor, a.confirmed_by, a.send_at, a.sent_at);
}

std::optional<KeptAnnouncement> find_announcement(Reader& reader, const AnnouncementId& id) { return reader.one(kFind, announcement_of, id); }

std::vector<KeptAnnouncement> announcements(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after,
                                            std::size_t limit) {
  db::Where where;
  where.under("path", roots);
  where.maybe("id < $", after);
  const std::string most = where.placeholder(limit);
  std::vector<KeptAnnouncement> found;
  reader.each_of(std::string(kColumns) + where.sql() + " ORDER BY id DESC LIMIT " + most, where.params(),
                 [&](const db::Row& row) { found.push_back(announcement_of(row)); });
  return found;
}

std::vector<KeptAnnouncement> sent_for(Reader& reader, const std::string& path, Time since, std::size_t limit) {
  return reader.all(kSentFor, announcement_of, since, path, limit);
}

std::int64_t read_of(Reader& reader, const AnnouncementId& id) { return reader.value<std::int64_t>(kRead, id).value_or(0); }

std::vector<std::string> unread_of(Reader& reader, const AnnouncementId& id, const std::string& after, std::size_t limit) {
  return reader.all(kUnread, [](const db::Row& row) { return std::string(row.text(0)); }, id, after, limit);
}

bool reach(Tx& tx, const AnnouncementId& id, const std::string& household) { return tx.run(kReach, id, household) > 0; }

void keep_template(Tx& tx, const Template& t) { tx.run(kKeepTemplate, t.id, t.name, t.title, t.text); }
bool remove_template(Tx& tx, const TemplateId& id) { return tx.run(kRemoveTemplate, id) > 0; }

std::vector<Template> templates(Reader& reader) {
  return reader.all(kTemplates, [](const db::Row& row) {
    Template t;
    t.id = row.get<TemplateId>(0);
    t.name = row.text(1);
    t.title = row.text(2);
    t.text = row.text(3);
    return t;
  });
}

void rebase_announcements(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // the character after '/'
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

}  // namespace lifang::notices::store
