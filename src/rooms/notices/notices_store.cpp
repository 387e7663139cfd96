#include "rooms/notices/notices_store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/members.hpp"
#include "base/reflect.hpp"

namespace lifang::notices::store {
namespace {

constexpr std::string_view kAdd =
    "INSERT INTO notices (id, class, person, post, path, title, text, case_id, about, channel, urgent, drill, at, told_at, "
    "told_by, told_note, sender, cause, title_en, text_en) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, '', '', "
    "$14, $15, $16, $17)";
constexpr std::string_view kKeepTold = "UPDATE notices SET told_at = $2, told_by = $3, told_note = $4 WHERE id = $1";
// The receipt is the onlooker's own; what staff told counts as read.
constexpr std::string_view kColumns =
    "SELECT n.id, n.class, n.person, n.post, n.path, n.title, n.text, n.case_id, n.about, n.channel, n.urgent, n.drill, n.at, "
    "COALESCE(n.told_at, r.at), n.told_by, n.told_note, n.sender, n.cause, n.title_en, n.text_en FROM notices n "
    "LEFT JOIN notices_receipts r ON r.notice = n.id AND r.reader = ";
constexpr std::string_view kKeepReceipt =
    "INSERT INTO notices_receipts (notice, reader, at) VALUES ($1, $2, $3) ON CONFLICT (notice, reader) DO NOTHING";
constexpr std::string_view kHasTold =
    "SELECT 1 FROM notices n LEFT JOIN notices_receipts r ON r.notice = n.id AND r.reader = n.person WHERE n.person <> '' AND "
    "n.person = $1 AND n.title = $2 AND n.sender = 'system' AND (r.at IS NULL OR n.at >= $3) LIMIT 1";
constexpr std::string_view kReceipts = "SELECT reader, at FROM notices_receipts WHERE notice = $1 ORDER BY at, reader";

constexpr std::string_view kKeepRing =
    "INSERT INTO notices_rings (id, case_id, path, purpose, post, person, step, each, state, began_at, until, ended_at, by, "
    "rung, drill, cause) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $2) "
    "ON CONFLICT (id) DO UPDATE SET person = excluded.person, step = excluded.step, state = excluded.state, "
    "until = excluded.until, ended_at = excluded.ended_at, by = excluded.by, rung = excluded.rung";
constexpr std::string_view kRingColumns =
    "SELECT id, case_id, path, purpose, post, person, step, each, state, began_at, until, ended_at, by, rung, drill FROM "
    "notices_rings";
constexpr std::string_view kFindRing =
    "SELECT id, case_id, path, purpose, post, person, step, each, state, began_at, until, ended_at, by, rung, drill FROM "
    "notices_rings WHERE id = $1";
constexpr std::string_view kRinging =
    "SELECT id, case_id, path, purpose, post, person, step, each, state, began_at, until, ended_at, by, rung, drill FROM "
    "notices_rings WHERE case_id = $1 AND purpose = $2 AND state = 'ringing' ORDER BY id DESC LIMIT 1";

constexpr std::string_view kAddMessage =
    "INSERT INTO notices_messages (id, channel, recipient, body, dedupe, state, attempts, at, due, ended_at, error, cause, path) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING";
constexpr std::string_view kKeepMessage =
    "UPDATE notices_messages SET state = $2, attempts = $3, due = $4, ended_at = $5, error = $6 WHERE id = $1";
constexpr std::string_view kMessageColumns =
    "SELECT id, channel, recipient, body, state, attempts, at, due, ended_at, error, cause, path FROM notices_messages";
constexpr std::string_view kFindMessage =
    "SELECT id, channel, recipient, body, state, attempts, at, due, ended_at, error, cause, path FROM notices_messages WHERE id = $1";
constexpr std::string_view kAddLog = "INSERT INTO notices_log (message, n, at, sent, detail) VALUES ($1, $2, $3, $4, $5)";
constexpr std::string_view kLog = "SELECT n, at, sent, detail FROM notices_log WHERE message = $1 ORDER BY n";

constexpr std::string_view kKeepWebhook =
    "INSERT INTO notices_webhooks (id, url, topics, path, secret, paused) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (id) DO UPDATE SET url = excluded.url, topics = excluded.topics, path = excluded.path, "
    "secret = excluded.secret, paused = excluded.paused";
constexpr std::string_view kRemoveWebhook = "DELETE FROM notices_webhooks WHERE id = $1";
constexpr std::string_view kWebhooks = "SELECT id, url, topics, path, secret, paused FROM notices_webhooks ORDER BY id";
constexpr std::string_view kFindWebhook =
    "SELECT id, url, topics, path, secret, paused FROM notices_webhooks WHERE id = $1";

constexpr std::string_view kForgetReceipts =
    "DELETE FROM notices_receipts WHERE notice IN (SELECT id FROM notices WHERE at < $1 ORDER BY id LIMIT $2)";
constexpr std::string_view kForgetNotices =
    "DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE at < $1 ORDER BY id LIMIT $2)";
constexpr std::string_view kForgetLog =
    "DELETE FROM notices_log WHERE message IN (SELECT id FROM notices_messages WHERE ended_at < $1 ORDER BY id LIMIT $2)";
constexpr std::string_view kForgetMessages =
    "DELETE FROM notices_messages WHERE id IN (SELECT id FROM notices_messages WHERE ended_at < $1 ORDER BY id LIMIT $2)";
constexpr std::string_view kForgetRings =
    "DELETE FROM notices_rings WHERE id IN (SELECT id FROM notices_rings WHERE ended_at < $1 ORDER BY id LIMIT $2)";

constexpr std::string_view kRebaseNotices = "UPDATE notices SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";
constexpr std::string_view kRebaseRings =
    "UPDATE notices_rings SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";
constexpr std::string_view kRebaseMessages =
    "UPDATE notices_messages SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";
constexpr std::string_view kRebaseWebhooks =
    "UPDATE notices_webhooks SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

template <class T>
std::string text_of(const std::optional<T>& id) {
  return id ? id->text : std::string();
}
template <class T>
std::optional<T> id_at(const db::Row& row, int column) {
  if (row.text(column).empty()) return std::nullopt;
  return T{std::string(row.text(column))};
}

Notice notice_of(const db::Row& row) {
  Notice n;
  n.id = row.get<NoticeId>(0);
  n.class_ = enum_of<Class>(row.text(1));
  n.person = id_at<PersonId>(row, 2);
  n.post = id_at<PostId>(row, 3);
  n.path = row.text(4);
  n.title = row.text(5);
  n.text = row.text(6);
  n.case_ = id_at<cases::CaseId>(row, 7);
  n.about = row.text(8);
  n.channel = enum_of<cases::Channel>(row.text(9));
  n.urgent = row.get<bool>(10);
  n.drill = row.get<bool>(11);
  n.at = row.time(12);
  n.read_at = row.get<std::optional<Time>>(13);
  n.told_by = row.text(14);
  n.told_note = row.text(15);
  n.sender = row.text(16);
  n.cause = row.text(17);
  n.title_en = row.get<std::optional<std::string>>(18);
  n.text_en = row.get<std::optional<std::string>>(19);
  return n;
}

Ring ring_of(const db::Row& row) {
  Ring r;
  r.id = row.get<RingId>(0);
  r.case_ = row.get<cases::CaseId>(1);
  r.path = row.text(2);
  r.purpose = row.text(3);
  r.post = row.get<PostId>(4);
  r.person = row.get<PersonId>(5);
  r.step = row.integer(6);
  r.each = row.get<Duration>(7);
  r.state = enum_of<RingState>(row.text(8));
  r.began_at = row.time(9);
  r.until = row.time(10);
  r.ended_at = row.get<std::optional<Time>>(11);
  r.by = row.text(12);
  r.rung = from_json<std::vector<PersonId>>(row.text(13));
  r.drill = row.get<bool>(14);
  return r;
}

Message message_of(const db::Row& row) {
  Message m;
  m.id = row.get<MessageId>(0);
  m.channel = row.text(1);
  m.to = row.text(2);
  m.body = row.text(3);
  m.state = enum_of<MessageState>(row.text(4));
  m.attempts = row.integer(5);
  m.at = row.time(6);
  m.due = row.time(7);
  m.ended_at = row.get<std::optional<Time>>(8);
  m.error = row.text(9);
  m.cause = row.text(10);
  m.path = row.text(11);
  return m;
}

StoredWebhook webhook_of(const db::Row& row) {
  StoredWebhook w;
  w.id = row.get<WebhookId>(0);
  w.url = row.text(1);
  w.topics = from_json<std::vector<std::string>>(row.text(2));
  w.path = row.text(3);
  w.sealed = std::string(row.blob(4));
  w.paused = row.get<bool>(5);
  return w;
}

/// FROM … WHERE … of an inbox, behind the columns.
db::Where where_of(const Onlooker& who, const Filter& filter, std::string& me) {
  db::Where where;
  me = where.placeholder(who.person);
  if (filter.to_tell) {
    where.plain("n.channel <> 'app'");
    where.plain("n.told_at IS NULL");
    where.under("n.path", who.roots);
  } else {
    std::string mine = "(n.person = " + where.placeholder(who.person);
    for (const auto& [post, path] : who.posts_at) {
      std::string end = path;
      end.back() = '0';  // follows '/'
      const std::string at = where.placeholder(post), low = where.placeholder(path), high = where.placeholder(end);
      mine += fmt::format(" OR (n.post = {} AND n.path >= {} AND n.path < {})", at, low, high);
    }
    where.plain(mine + ")");
    where.plain("n.channel = 'app'");
  }
  if (filter.unread) where.plain("r.at IS NULL");
  if (filter.class_) where.add("n.class = $", enum_name(*filter.class_));
  where.maybe("n.case_id = $", filter.case_);
  return where;
}

db::Where where_of(const std::vector<std::string>& roots, const RingFilter& filter) {
  db::Where where;
  where.under("path", roots);
  where.maybe("case_id = $", filter.case_);
  if (filter.state) where.add("state = $", enum_name(*filter.state));
  return where;
}

db::Where where_of(const MessageFilter& filter) {
  db::Where where;
  // Of everything it is the newest that are asked for, and no index by place helps there.
  if (std::find(filter.roots.begin(), filter.roots.end(), "/") == filter.roots.end()) where.under("path", filter.roots);
  if (filter.state) where.add("state = $", enum_name(*filter.state));
  where.maybe("channel = $", filter.channel);
  where.maybe("recipient = $", filter.to);
  return where;
}

std::int64_t counted(Reader& reader, const std::string& table, const db::Where& where) {
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM " + table + where.sql(), where.params(), [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

}  // namespace

void add(Tx& tx, const Notice& n) {
  tx.run(kAdd, n.id, enum_name(n.class_), text_of(n.person), text_of(n.post), n.path, n.title, n.text, text_of(n.case_), n.about,
         enum_name(n.channel), n.urgent, n.drill, n.at, n.sender, n.cause, n.title_en, n.text_en);
}

void keep_told(Tx& tx, const Notice& n) { tx.run(kKeepTold, n.id, n.read_at, n.told_by, n.told_note); }

std::optional<Notice> find(Reader& reader, const NoticeId& id, const std::string& for_reader) {
  return reader.one(std::string(kColumns) + "$2 WHERE n.id = $1", notice_of, id, for_reader);
}

std::vector<Notice> list(Reader& reader, const Onlooker& who, const Filter& filter) {
  std::string me;
  db::Where where = where_of(who, filter, me);
  where.maybe("n.id < $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Notice> found;
  reader.each_of(std::string(kColumns) + me + where.sql() + " ORDER BY n.id DESC LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(notice_of(row)); });
  return found;
}

std::int64_t count(Reader& reader, const Onlooker& who, const Filter& filter) {
  std::string me;
  const db::Where where = where_of(who, filter, me);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM notices n LEFT JOIN notices_receipts r ON r.notice = n.id AND r.reader = " + me + where.sql(),
                 where.params(), [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

bool has_told(Reader& reader, const PersonId& person, const std::string& title, Time since) {
  return reader.value<std::int64_t>(kHasTold, person, title, since).has_value();
}

void keep_receipt(Tx& tx, const NoticeId& id, const std::string& by, Time at) { tx.run(kKeepReceipt, id, by, at); }

std::vector<Receipt> receipts(Reader& reader, const NoticeId& id) {
  return reader.all(kReceipts, [](const db::Row& row) { return Receipt{std::string(row.text(0)), row.time(1)}; }, id);
}

void keep(Tx& tx, const Ring& r) {
  tx.run(kKeepRing, r.id, r.case_, r.path, r.purpose, r.post, r.person, r.step, r.each, enum_name(r.state), r.began_at, r.until,
         r.ended_at, r.by, to_json(r.rung), r.drill);
}

std::optional<Ring> find_ring(Reader& reader, const RingId& id) { return reader.one(kFindRing, ring_of, id); }

std::optional<Ring> ringing(Reader& reader, const cases::CaseId& id, const std::string& purpose) {
  return reader.one(kRinging, ring_of, id, purpose);
}

std::vector<Ring> rings(Reader& reader, const std::vector<std::string>& roots, const RingFilter& filter) {
  db::Where where = where_of(roots, filter);
  where.maybe("id < $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Ring> found;
  reader.each_of(std::string(kRingColumns) + where.sql() + " ORDER BY id DESC LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(ring_of(row)); });
  return found;
}

std::int64_t count_rings(Reader& reader, const std::vector<std::string>& roots, const RingFilter& filter) {
  return counted(reader, "notices_rings", where_of(roots, filter));
}

bool add(Tx& tx, const Message& m, const std::string& dedupe) {
  return tx.run(kAddMessage, m.id, m.channel, m.to, m.body, dedupe, enum_name(m.state), m.attempts, m.at, m.due, m.ended_at, m.error,
                m.cause, m.path) > 0;
}

void keep(Tx& tx, const Message& m) { tx.run(kKeepMessage, m.id, enum_name(m.state), m.attempts, m.due, m.ended_at, m.error); }

std::optional<Message> find_message(Reader& reader, const MessageId& id) { return reader.one(kFindMessage, message_of, id); }

namespace {

db::Where waiting_in(const Queue& queue) {
  db::Where where;
  where.plain("state = 'queued'");
  if (!queue.channel.empty()) where.add("channel = $", queue.channel);
  if (!queue.others.empty()) where.plain("channel NOT IN (" + where.placeholders(queue.others) + ")");
  if (!queue.resting.empty()) where.plain("recipient NOT IN (" + where.placeholders(queue.resting) + ")");
  return where;
}

}  // namespace

std::vector<Message> due(Reader& reader, Time now, std::size_t limit, const Queue& queue) {
  db::Where where = waiting_in(queue);
  where.add("due <= $", now);
  const std::string most = where.placeholder(limit);
  std::vector<Message> found;
  reader.each_of(std::string(kMessageColumns) + where.sql() + " ORDER BY due, id LIMIT " + most, where.params(),
                 [&](const db::Row& row) { found.push_back(message_of(row)); });
  return found;
}

std::optional<Time> next_due(Reader& reader, const Queue& queue) {
  const db::Where where = waiting_in(queue);
  std::optional<Time> next;
  reader.each_of("SELECT MIN(due) FROM notices_messages" + where.sql(), where.params(),
                 [&](const db::Row& row) { next = row.get<std::optional<Time>>(0); });
  return next;
}

std::int64_t count_messages(Reader& reader, const MessageFilter& filter) {
  return counted(reader, "notices_messages", where_of(filter));
}

std::vector<Message> messages(Reader& reader, const MessageFilter& filter) {
  db::Where where = where_of(filter);
  where.maybe("id < $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Message> found;
  reader.each_of(std::string(kMessageColumns) + where.sql() + " ORDER BY id DESC LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(message_of(row)); });
  return found;
}

void add_log(Tx& tx, const MessageId& id, const LogLine& l) { tx.run(kAddLog, id, l.n, l.at, l.sent, l.detail); }
std::vector<LogLine> log(Reader& reader, const MessageId& id) {
  return reader.all(kLog, [](const db::Row& row) {
    return LogLine{row.integer(0), row.time(1), row.get<bool>(2), std::string(row.text(3))};
  }, id);
}

void keep(Tx& tx, const StoredWebhook& w) {
  tx.run(kKeepWebhook, w.id, w.url, to_json(w.topics), w.path, db::Blob{w.sealed}, w.paused);
}
bool remove_webhook(Tx& tx, const WebhookId& id) { return tx.run(kRemoveWebhook, id) > 0; }
std::vector<StoredWebhook> webhooks(Reader& reader) { return reader.all(kWebhooks, webhook_of); }
std::optional<StoredWebhook> find_webhook(Reader& reader, const WebhookId& id) { return reader.one(kFindWebhook, webhook_of, id); }

std::int64_t forget(Tx& tx, Time before, std::int64_t limit) {
  std::int64_t gone = tx.run(kForgetReceipts, before, limit) + tx.run(kForgetNotices, before, limit);
  gone += tx.run(kForgetLog, before, limit) + tx.run(kForgetMessages, before, limit);
  return gone + tx.run(kForgetRings, before, limit);
}

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // follows '/'
  const auto tail = static_cast<std::int64_t>(from.size()) + 1;
  for (const std::string_view sql : {kRebaseNotices, kRebaseRings, kRebaseMessages, kRebaseWebhooks}) tx.run(sql, to, tail, from, end);
}

}  // namespace lifang::notices::store
