#include "rooms/files/files.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "base/check.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/files/files_store.hpp"

namespace lifang::files {
namespace {

constexpr std::string_view kDevice = "device:";

/// An upload's bytes, from memory or from the file that a large body was put into; read twice.
class Bytes {
 public:
  Bytes(std::string_view body, const std::string& file) : body_(body) {
    if (file.empty()) {
      size_ = static_cast<std::int64_t>(body.size());
      return;
    }
    in_.open(file, std::ios::binary | std::ios::ate);
    size_ = in_ ? static_cast<std::int64_t>(in_.tellg()) : 0;
    from_file_ = true;
    rewind();
  }
  std::int64_t size() const { return size_; }
  void rewind() {
    at_ = 0;
    if (from_file_) in_.seekg(0);
  }
  std::string next(std::size_t most) {
    if (!from_file_) {
      std::string piece(body_.substr(at_, most));
      at_ += piece.size();
      return piece;
    }
    std::string piece(most, '\0');
    in_.read(piece.data(), static_cast<std::streamsize>(most));
    piece.resize(static_cast<std::size_t>(in_.gcount()));
    in_.clear();
    return piece;
  }

 private:
  std::string_view body_;
  std::ifstream in_;
  bool from_file_ = false;
  std::size_t at_ = 0;
  std::int64_t size_ = 0;
};

std::string words_of_link(const FileId& id, std::string_view expires) { return id.text + "\n" + std::string(expires); }

}  // namespace

std::string maker_of(std::string_view device) { return std::string(kDevice) + std::string(device); }

// ---- taking in --------------------------------------------------------------------------------------------------

Upload Files::take_in(std::string_view body, const std::string& body_file, std::string_view declared, Ids& ids) const {
  Bytes bytes(body, body_file);
  if (bytes.size() == 0) throw invalid("files.empty", "", "the upload is empty");
  const std::string head = bytes.next(kHeadBytes);
  const auto type = type_of(head, declared);
  if (!type)
    throw invalid("files.unknown_type", "Content-Type", "a picture, a clip, a voice message, a PDF or a table");
  if (!fits(*type, declared))
    throw invalid("files.not_what_it_says", "Content-Type", "this is " + std::string(media_type(*type)));
  const auto limit = std::min(settings_.max_bytes.at(kind_of(*type)), settings_.max_upload);
  if (bytes.size() > limit)
    throw Refusal(RefusalKind::too_large, "files.too_large", "at most " + std::to_string(limit) + " bytes of this kind");
  const auto size = size_of(*type, head);
  if (!size || (kind_of(*type) == Kind::picture && (size->width <= 0 || size->height <= 0)))
    throw invalid("files.damaged_picture", "", "the picture's header cannot be read");
  if (size->width > settings_.max_side || size->height > settings_.max_side ||
      size->width * size->height > settings_.max_pixels)
    throw invalid("files.too_many_pixels", "", "the picture would unfold to more than anybody can show");

  Blake2b hash;
  bytes.rewind();
  for (std::string piece = bytes.next(Disk::kBlock); !piece.empty(); piece = bytes.next(Disk::kBlock)) hash.add(piece);
  const std::string digest = hash.finish_hex();
  bytes.rewind();
  Upload upload{disk_.land([&](std::size_t most) { return bytes.next(most); }, bytes.size(), disk_.name_of(digest), digest, ids),
                *type, *size};
  if (!disk_.publish(*upload.landed))
    throw Refusal(RefusalKind::unavailable, "files.disk", "the file could not be written; nothing was kept");
  return upload;
}

Duration Files::days_of(Kind kind) const { return std::chrono::hours(24 * settings_.days.at(kind)); }

File Files::keep(Tx& tx, const Caller& caller, const Upload& upload) {
  caller.must("files.write");
  if (store::uploads_since(tx, caller.account, tx.now() - std::chrono::hours(24)) >= settings_.uploads_a_day)
    throw Refusal(RefusalKind::too_many, "files.too_many", "too many uploads within a day");
  return insert(tx, caller.account, upload, tx.now() + settings_.unused, {});
}

File Files::keep_for_machine(Tx& tx, const std::string& by, const Upload& upload, const std::string& cause) {
  if (store::uploads_since(tx, by, tx.now() - std::chrono::hours(24)) >= settings_.machine_uploads_a_day)
    throw Refusal(RefusalKind::too_many, "files.too_many", "too many uploads within a day");
  return insert(tx, by, upload, tx.now() + days_of(kind_of(upload.type)), cause);
}

File Files::insert(Tx& tx, const std::string& by, const Upload& upload, Time keep_until, const std::string& cause) {
  const Landed& landed = *upload.landed;
  // The same content may have been removed since it was published: its bytes are still on their way in.
  if (!disk_.has(landed.content()) && !disk_.publish(landed))
    throw Refusal(RefusalKind::unavailable, "files.disk", "the file could not be written; nothing was kept");
  store::FileRow row;
  row.content = landed.content();
  row.file = {FileId::make(tx.ids()), upload.type, kind_of(upload.type), landed.bytes(), {}, {}, landed.digest(), by,
              tx.now(),               keep_until};
  if (upload.size.width > 0) row.file.width = upload.size.width, row.file.height = upload.size.height;
  store::insert(tx, row);
  bus::tell(bus_, tx, Kept{row.file.id}, {row.file.id.text, "/", cause, by});
  tx.after_commit([this, landed = upload.landed] { disk_.finish(*landed); });
  return row.file;
}

// ---- holding ----------------------------------------------------------------------------------------------------

void Files::use(Tx& tx, const Caller& caller, const FileId& id, const Use& use, std::string_view field) {
  check(use.path.ends_with('/') && !use.needs.empty() && !use.owner.empty(), "a use names its holder, place and right");
  const auto row = store::find(tx, id);
  if (!row || !may_open(tx, caller, row->file))
    throw invalid("files.unknown", std::string(field), "no such file of yours");
  store::insert_use(tx, id, use);
  store::set_keep_until(tx, id, std::nullopt);
}

void Files::withdraw(Tx& tx, const FileId& id, std::string_view owner_kind, std::string_view owner) {
  if (store::remove_use(tx, id, owner_kind, owner) && store::uses_of(tx, id).empty()) store::set_keep_until(tx, id, tx.now());
}

bool Files::use_evidence(Tx& tx, std::string_view id, const Use& use) {
  if (!FileId::fits(id)) return false;
  const auto row = store::find(tx, FileId{std::string(id)});
  if (!row || !row->file.made_by.starts_with(kDevice)) return false;
  store::insert_use(tx, row->file.id, use);
  store::set_keep_until(tx, row->file.id, std::nullopt);
  return true;
}

void Files::release(Tx& tx, std::string_view owner_kind, std::string_view owner) {
  const auto files = store::held_by(tx, owner_kind, owner);
  store::remove_uses(tx, owner_kind, owner);
  for (const FileId& id : files) {
    const auto row = store::find(tx, id);
    if (!row || !store::uses_of(tx, id).empty()) continue;
    store::set_keep_until(tx, id, std::max(row->file.made_at + days_of(row->file.kind), tx.now() + settings_.unused));
  }
}

std::vector<FileId> Files::held_by(Reader& reader, std::string_view owner_kind, std::string_view owner) {
  return store::held_by(reader, owner_kind, owner);
}

std::vector<std::string> Files::holders(Reader& reader, std::string_view owner_kind, Time since, std::string_view after, int limit) {
  return store::holders(reader, owner_kind, since, after, limit);
}

// ---- giving out -------------------------------------------------------------------------------------------------

std::optional<File> Files::find(Reader& reader, const FileId& id) {
  auto row = store::find(reader, id);
  return row ? std::optional(std::move(row->file)) : std::nullopt;
}

bool Files::opens_for(Reader& reader, const Caller& caller, const Use& use) const {
  if (caller.may(use.needs, use.path) || (!use.person.empty() && use.person == caller.person)) return true;
  const auto holder = holders_.find(use.owner_kind);
  return holder != holders_.end() && holder->second(reader, caller, use.owner);
}

bool Files::may_open(Reader& reader, const Caller& caller, const File& file) const {
  if (caller.may("*", "/")) return true;
  if (!caller.account.empty() && file.made_by == caller.account) return true;
  const auto uses = store::uses_of(reader, file.id);
  return std::any_of(uses.begin(), uses.end(), [&](const Use& use) { return opens_for(reader, caller, use); });
}

File Files::get(Reader& reader, const Caller& caller, const FileId& id) const {
  auto file = find(reader, id);
  if (!file || !may_open(reader, caller, *file)) throw missing("files.unknown", "no such file");
  return *std::move(file);
}

std::string Files::read(Reader& reader, const File& file, std::int64_t from, std::int64_t count) const {
  const auto row = store::find(reader, file.id);
  if (!row) throw missing("files.unknown", "no such file");
  return disk_.read(row->content, row->file.bytes, from, count);
}

Link Files::link(const FileId& id, Time now) const {
  // Rounded up, so that a page that asks again within a minute gets the same address and the browser its cache.
  const Time until = std::chrono::ceil<std::chrono::minutes>(now + settings_.link);
  const std::string expires = std::to_string(to_ms(until) / 1000);
  return {"/api/v1/files/" + id.text + "/content?expires=" + expires + "&signature=" +
              vault_.sign("files.link", words_of_link(id, expires)),
          until};
}

bool Files::opens(const FileId& id, std::string_view expires, std::string_view signature, Time now) const {
  std::int64_t seconds = 0;
  const auto [end, ec] = std::from_chars(expires.data(), expires.data() + expires.size(), seconds);
  if (ec != std::errc{} || end != expires.data() + expires.size() || to_ms(now) / 1000 >= seconds) return false;
  return vault_.is_signed("files.link", words_of_link(id, expires), signature);
}

// ---- wiring -----------------------------------------------------------------------------------------------------

void Files::on_moved(Tx& tx, const places::Moved& moved) { store::rebase(tx, moved.from, moved.to); }

bool Files::sweep(Tx& tx, int limit) {
  // Bytes first: those of uploads that went in an earlier, committed run.
  for (const std::string& content : store::gone(tx, limit)) {
    if (!store::has_content(tx, content)) disk_.remove(content);
    store::forget_gone(tx, content);
  }
  for (const std::string& content : disk_.leftovers())
    if (!store::has_content(tx, content)) store::add_gone(tx, content);
  const auto due = store::due(tx, tx.now(), limit);
  for (const store::FileRow& row : due) {
    store::remove(tx, row);
    bus::tell(bus_, tx, Removed{row.file.id}, {row.file.id.text, "/", {}, {}});
  }
  return static_cast<int>(due.size()) == limit;
}

}  // namespace lifang::files
