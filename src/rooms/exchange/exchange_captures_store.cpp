#include "rooms/exchange/exchange_captures_store.hpp"

#include "base/members.hpp"
#include "base/reflect.hpp"

namespace lifang::exchange::store {
namespace {

constexpr std::string_view kKeepLibrary =
    "INSERT INTO exchange_libraries (id, name, url, system, login, secret, places, paths, purpose, basis, until, plates, faces, "
    "signs_posted, scenes, keep_days, keepalive, paused, version, state, state_at, trouble, clock_ahead_s, captured, sent, refused, "
    "withheld, expired) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, '', "
    "NULL, 0, 0, 0, 0, 0) ON CONFLICT (id) DO UPDATE SET name = excluded.name, url = excluded.url, system = excluded.system, "
    "login = excluded.login, secret = excluded.secret, places = excluded.places, paths = excluded.paths, purpose = excluded.purpose, "
    "basis = excluded.basis, until = excluded.until, plates = excluded.plates, faces = excluded.faces, "
    "signs_posted = excluded.signs_posted, scenes = excluded.scenes, keep_days = excluded.keep_days, "
    "keepalive = excluded.keepalive, paused = excluded.paused, version = excluded.version";
constexpr std::string_view kLibraries =
    "SELECT id, name, url, system, login, secret, places, paths, purpose, basis, until, plates, faces, signs_posted, scenes, "
    "keep_days, keepalive, paused, version, state, state_at, trouble, clock_ahead_s, sent, refused, withheld, expired, (SELECT COUNT(*) "
    "FROM exchange_captures WHERE library = exchange_libraries.id AND state = 'waiting') FROM exchange_libraries ORDER BY id";
constexpr std::string_view kFindLibrary =
    "SELECT id, name, url, system, login, secret, places, paths, purpose, basis, until, plates, faces, signs_posted, scenes, "
    "keep_days, keepalive, paused, version, state, state_at, trouble, clock_ahead_s, sent, refused, withheld, expired, (SELECT COUNT(*) "
    "FROM exchange_captures WHERE library = exchange_libraries.id AND state = 'waiting') FROM exchange_libraries WHERE id = $1";
constexpr std::string_view kRemoveLibrary = "DELETE FROM exchange_libraries WHERE id = $1";
constexpr std::string_view kRemoveCaptures = "DELETE FROM exchange_captures WHERE library = $1";
constexpr std::string_view kKeepState =
    "UPDATE exchange_libraries SET state = $1, state_at = $2, trouble = $3, clock_ahead_s = $4 WHERE id = $5";
constexpr std::string_view kCountSerial = "UPDATE exchange_libraries SET captured = captured + 1 WHERE id = $1";
constexpr std::string_view kSerial = "SELECT captured FROM exchange_libraries WHERE id = $1";
constexpr std::string_view kCountEnded =
    "UPDATE exchange_libraries SET sent = sent + $1, refused = refused + $2, withheld = withheld + $3, expired = expired + $4 "
    "WHERE id = $5";

constexpr std::string_view kAdd =
    "INSERT INTO exchange_captures (id, library, kind, object, detection, device, path, shot_at, queued_at, due, left_at, ended_at, "
    "state, attempts, code, words) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, NULL, 'waiting', 0, 0, '') "
    "ON CONFLICT (library, detection) DO NOTHING";
constexpr std::string_view kKeep =
    "UPDATE exchange_captures SET due = $1, left_at = $2, ended_at = $3, state = $4, attempts = $5, code = $6, words = $7 WHERE id = $8";
constexpr std::string_view kColumns =
    "SELECT id, library, kind, object, detection, device, path, shot_at, queued_at, due, left_at, ended_at, state, attempts, code, "
    "words FROM exchange_captures";
constexpr std::string_view kFind =
    "SELECT id, library, kind, object, detection, device, path, shot_at, queued_at, due, left_at, ended_at, state, attempts, code, "
    "words FROM exchange_captures WHERE id = $1";
constexpr std::string_view kDue =
    "SELECT id, library, kind, object, detection, device, path, shot_at, queued_at, due, left_at, ended_at, state, attempts, code, "
    "words FROM exchange_captures WHERE library = $1 AND state = 'waiting' AND due <= $2 ORDER BY id LIMIT $3";
constexpr std::string_view kNextDue = "SELECT MIN(due) FROM exchange_captures WHERE library = $1 AND state = 'waiting'";
constexpr std::string_view kExpire =
    "UPDATE exchange_captures SET state = 'expired', ended_at = $1, words = 'too old' "
    "WHERE library = $2 AND state = 'waiting' AND queued_at < $3";
constexpr std::string_view kLastToGo =
    "SELECT id FROM exchange_captures WHERE library = $1 AND state = 'waiting' ORDER BY id DESC LIMIT 1 OFFSET $2";
constexpr std::string_view kCut =
    "UPDATE exchange_captures SET state = 'expired', ended_at = $1, words = 'too many' "
    "WHERE library = $2 AND state = 'waiting' AND id <= $3";
constexpr std::string_view kForget =
    "DELETE FROM exchange_captures WHERE id IN (SELECT id FROM exchange_captures WHERE state <> 'waiting' AND queued_at < $1 AND "
    "ended_at < $1 LIMIT $2)";
constexpr std::string_view kRebase = "UPDATE exchange_captures SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

StoredLibrary library_of(const db::Row& row) {
  StoredLibrary l;
  l.id = row.get<LibraryId>(0);
  l.name = row.text(1);
  l.url = row.text(2);
  l.system = row.text(3);
  l.login = row.text(4);
  l.sealed = std::string(row.blob(5));
  l.places = from_json<std::vector<places::PlaceId>>(row.text(6));
  l.paths = from_json<std::vector<std::string>>(row.text(7));
  l.purpose = enum_of<SharePurpose>(row.text(8));
  l.basis = row.text(9);
  l.until = row.get<std::optional<Time>>(10);
  l.plates = row.get<bool>(11);
  l.faces = row.get<bool>(12);
  l.signs_posted = row.get<bool>(13);
  l.scenes = row.get<bool>(14);
  l.keep_days = row.integer(15);
  l.keepalive = row.get<Duration>(16);
  l.paused = row.get<bool>(17);
  l.version = row.integer(18);
  l.state = enum_of<LibraryState>(row.text(19));
  l.state_at = row.time(20);
  l.trouble = row.text(21);
  l.clock_ahead_s = row.get<std::optional<std::int64_t>>(22);
  l.sent = row.integer(23);
  l.refused = row.integer(24);
  l.withheld = row.integer(25);
  l.expired = row.integer(26);
  l.waiting = row.integer(27);
  return l;
}

Capture capture_of(const db::Row& row) {
  Capture c;
  c.id = row.get<CaptureId>(0);
  c.library = row.get<LibraryId>(1);
  c.kind = enum_of<CaptureKind>(row.text(2));
  c.object = row.text(3);
  c.detection = row.text(4);
  c.device = row.text(5);
  c.path = row.text(6);
  c.shot_at = row.time(7);
  c.queued_at = row.time(8);
  c.due = row.time(9);
  c.left_at = row.get<std::optional<Time>>(10);
  c.ended_at = row.get<std::optional<Time>>(11);
  c.state = enum_of<CaptureState>(row.text(12));
  c.attempts = row.integer(13);
  c.code = row.integer(14);
  c.words = row.text(15);
  return c;
}

db::Where where_of(const std::vector<std::string>& roots, const CaptureFilter& filter) {
  db::Where where;
  where.under("path", roots);
  where.maybe("library = $", filter.library);
  if (filter.state) where.add("state = $", enum_name(*filter.state));
  if (filter.kind) where.add("kind = $", enum_name(*filter.kind));
  return where;
}

}  // namespace

// ---- libraries ----------------------------------------------------------------------------------------------------

void keep(Tx& tx, const StoredLibrary& l) {
  tx.run(kKeepLibrary, l.id, l.name, l.url, l.system, l.login, db::Blob{l.sealed}, to_json(l.places), to_json(l.paths),
         enum_name(l.purpose), l.basis, l.until, l.plates, l.faces, l.signs_posted, l.scenes, l.keep_days, l.keepalive, l.paused,
         l.version, enum_name(l.state), l.state_at);
}

std::optional<StoredLibrary> find_library(Reader& reader, const LibraryId& id) { return reader.one(kFindLibrary, library_of, id); }
std::vector<StoredLibrary> libraries(Reader& reader) { return reader.all(kLibraries, library_of); }

bool remove_library(Tx& tx, const LibraryId& id) {
  tx.run(kRemoveCaptures, id);
  return tx.run(kRemoveLibrary, id) > 0;
}

void keep_state(Tx& tx, const LibraryId& id, const Library& l) {
  tx.run(kKeepState, enum_name(l.state), l.state_at, l.trouble, l.clock_ahead_s, id);
}

std::int64_t next_serial(Tx& tx, const LibraryId& id) {
  tx.run(kCountSerial, id);
  return tx.value<std::int64_t>(kSerial, id).value_or(0);
}

void count(Tx& tx, const LibraryId& id, CaptureState state, std::int64_t more) {
  const auto of = [&](CaptureState wanted) { return state == wanted ? more : std::int64_t{0}; };
  tx.run(kCountEnded, of(CaptureState::sent), of(CaptureState::refused), of(CaptureState::withheld), of(CaptureState::expired), id);
}

// ---- captures -----------------------------------------------------------------------------------------------------

bool add(Tx& tx, const Capture& c) {
  return tx.run(kAdd, c.id, c.library, enum_name(c.kind), c.object, c.detection, c.device, c.path, c.shot_at, c.queued_at, c.due) > 0;
}

void keep(Tx& tx, const Capture& c) {
  tx.run(kKeep, c.due, c.left_at, c.ended_at, enum_name(c.state), c.attempts, c.code, c.words, c.id);
}

std::optional<Capture> find_capture(Reader& reader, const CaptureId& id) { return reader.one(kFind, capture_of, id); }

std::vector<Capture> due(Reader& reader, const LibraryId& library, Time now, std::size_t limit) {
  auto all = reader.all(kDue, capture_of, library, now, limit);
  if (!all.empty()) std::erase_if(all, [kind = all.front().kind](const Capture& c) { return c.kind != kind; });
  return all;
}

std::optional<Time> next_due(Reader& reader, const LibraryId& library) { return reader.value<Time>(kNextDue, library); }

std::vector<Capture> captures(Reader& reader, const std::vector<std::string>& roots, const CaptureFilter& filter) {
  db::Where where = where_of(roots, filter);
  where.maybe("id < $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Capture> found;
  reader.each_of(std::string(kColumns) + where.sql() + " ORDER BY id DESC LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(capture_of(row)); });
  return found;
}

std::int64_t count_captures(Reader& reader, const std::vector<std::string>& roots, const CaptureFilter& filter) {
  const db::Where where = where_of(roots, filter);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM exchange_captures" + where.sql(), where.params(), [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

std::int64_t expire(Tx& tx, const LibraryId& library, Time before, Time now) { return tx.run(kExpire, now, library, before); }

std::int64_t cut(Tx& tx, const LibraryId& library, std::int64_t most, Time now) {
  const auto last = tx.one(kLastToGo, [](const db::Row& row) { return std::string(row.text(0)); }, library, most);
  return last ? tx.run(kCut, now, library, *last) : 0;
}

void forget_captures(Tx& tx, Time ended_before, std::int64_t limit) { tx.run(kForget, ended_before, limit); }

void rebase_captures(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // the character after '/'
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

}  // namespace lifang::exchange::store
