// Files: pictures, clips, voice, documents; typed by content, sealed on disk, opened through what holds them. The door.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/id.hpp"
#include "platform/bus/bus.hpp"
#include "rooms/files/files_disk.hpp"
#include "rooms/files/files_types.hpp"
#include "rooms/places/places.hpp"

namespace lifang::files {

struct FileTag {
  static constexpr std::string_view prefix = "file";
};
using FileId = Id<FileTag>;

struct Settings {
  std::int64_t max_upload = 64 << 20;  ///< bytes of the largest file of all
  std::map<Kind, std::int64_t> max_bytes = {{Kind::picture, 20 << 20}, {Kind::clip, 64 << 20}, {Kind::voice, 10 << 20},
                                            {Kind::document, 20 << 20}, {Kind::table, 20 << 20}};
  /// How long a file is kept that nothing holds (any more).
  std::map<Kind, std::int64_t> days = {{Kind::picture, 90}, {Kind::clip, 30}, {Kind::voice, 90}, {Kind::document, 90}, {Kind::table, 30}};
  Duration unused = std::chrono::hours(24);  ///< a person's upload that nothing ever held
  std::int64_t uploads_a_day = 500;          ///< of one login or key
  std::int64_t machine_uploads_a_day = 5000; ///< of one device: a watch over many cameras has many pictures
  std::int64_t max_pixels = 60'000'000;
  std::int64_t max_side = 16'384;            ///< pixels
  Duration link = std::chrono::minutes(10);  ///< how long a signed address opens a file
};

struct File {
  FileId id;
  Type type = Type::jpeg;
  Kind kind = Kind::picture;
  std::int64_t bytes = 0;
  std::optional<std::int64_t> width, height;  ///< pixels, of pictures
  std::string digest;                         ///< BLAKE2b-256, for evidence
  std::string made_by;
  Time made_at;
  std::optional<Time> keep_until;  ///< absent while something holds it
};
BOOST_DESCRIBE_STRUCT(File, (), (id, type, kind, bytes, width, height, digest, made_by, made_at, keep_until))

/// What holds a file: whoever has `needs` over `path` may open it, and `person`, if there is one whom it concerns.
struct Use {
  std::string owner_kind;  ///< "case"
  std::string owner;       ///< id of the case
  std::string path;
  std::string needs;  ///< "cases.read"
  std::string person = {};
};

/// An address that opens the file without a login, for a while: for <img> and <video>.
struct Link {
  std::string url;
  Time expires_at;
};
BOOST_DESCRIBE_STRUCT(Link, (), (url, expires_at))

struct Kept {
  static constexpr std::string_view topic = "files.kept";
  FileId file;
};
BOOST_DESCRIBE_STRUCT(Kept, (), (file))

/// Its time is over and its bytes are gone.
struct Removed {
  static constexpr std::string_view topic = "files.removed";
  FileId file;
};
BOOST_DESCRIBE_STRUCT(Removed, (), (file))

/// An upload that was checked and lies sealed on disk, before its row is written.
struct Upload {
  std::shared_ptr<const Landed> landed;
  Type type = Type::jpeg;
  Size size;
};

/// What `made_by` says of a device's upload.
std::string maker_of(std::string_view device);

class Files {
 public:
  Files(bus::Bus& bus, const Vault& vault, std::filesystem::path directory, Settings settings)
      : bus_(bus), vault_(vault), disk_(std::move(directory), vault), settings_(std::move(settings)) {}

  // ---- taking in ------------------------------------------------------------------------------------------------
  /// Checks and writes an upload; slow, any thread, off the lane. `body_file` in place of `body` where it is set.
  /// @throws Refusal invalid files.unknown_type, files.not_what_it_says, files.damaged_picture, files.too_many_pixels,
  ///   files.empty; too_large files.too_large; unavailable files.disk
  Upload take_in(std::string_view body, const std::string& body_file, std::string_view declared, Ids& ids) const;
  /// Writes its row: durable when this commits. @throws Refusal too_many files.too_many; unavailable files.disk
  File keep(Tx& tx, const Caller& caller, const Upload& upload);
  /// The same for a device's or the program's own file; kept by its kind's days from the start. `by`: maker_of a device.
  /// @throws Refusal too_many files.too_many; unavailable files.disk
  File keep_for_machine(Tx& tx, const std::string& by, const Upload& upload, const std::string& cause);

  // ---- holding --------------------------------------------------------------------------------------------------
  /// Binds a file to its holder. The caller must have uploaded it or be able to open it.
  /// @throws Refusal invalid files.unknown at `field`
  void use(Tx& tx, const Caller& caller, const FileId& id, const Use& use, std::string_view field = "/files");
  /// The same as `use` for evidence that a machine named: nothing happens for a file that no device uploaded.
  /// @returns whether it is held.
  bool use_evidence(Tx& tx, std::string_view id, const Use& use);
  /// The holder is gone, or no longer wants its files: they stay for their kind's days.
  void release(Tx& tx, std::string_view owner_kind, std::string_view owner);
  /// Somebody asked that it be removed: that holder lets go of it, and what nobody else holds goes with the next sweep.
  void withdraw(Tx& tx, const FileId& id, std::string_view owner_kind, std::string_view owner);
  /// Beside right and person: what the holder itself says of the caller (a case in which their organisation has a part).
  using Opens = std::function<bool(Reader&, const Caller&, const std::string& owner)>;
  void ask_holder(const std::string& owner_kind, Opens opens) { holders_[owner_kind] = std::move(opens); }
  /// Whether this use opens the file to the caller.
  bool opens_for(Reader& reader, const Caller& caller, const Use& use) const;
  static std::vector<FileId> held_by(Reader& reader, std::string_view owner_kind, std::string_view owner);
  /// Who has held files since before `since`, behind `after` in the order of their ids, at most `limit`.
  static std::vector<std::string> holders(Reader& reader, std::string_view owner_kind, Time since, std::string_view after, int limit);

  // ---- giving out -----------------------------------------------------------------------------------------------
  /// For whoever uploaded it or may open one of its holders. @throws Refusal missing files.unknown
  File get(Reader& reader, const Caller& caller, const FileId& id) const;
  static std::optional<File> find(Reader& reader, const FileId& id);
  /// @throws Refusal unavailable files.damaged
  std::string read(Reader& reader, const File& file, std::int64_t from, std::int64_t count) const;
  Link link(const FileId& id, Time now) const;
  bool opens(const FileId& id, std::string_view expires, std::string_view signature, Time now) const;

  // ---- wiring ---------------------------------------------------------------------------------------------------
  void on_moved(Tx& tx, const places::Moved& moved);
  /// Removes what is due, at most `limit` uploads, and the bytes of what went before. @returns whether more may be due
  bool sweep(Tx& tx, int limit);
  std::size_t max_upload() const { return static_cast<std::size_t>(settings_.max_upload); }

 private:
  File insert(Tx& tx, const std::string& by, const Upload& upload, Time keep_until, const std::string& cause);
  Duration days_of(Kind kind) const;
  bool may_open(Reader& reader, const Caller& caller, const File& file) const;

  bus::Bus& bus_;
  const Vault& vault_;
  Disk disk_;
  Settings settings_;
  std::map<std::string, Opens, std::less<>> holders_;
};

}  // namespace lifang::files
