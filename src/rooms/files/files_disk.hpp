// Bytes on disk: content-addressed, sealed in blocks, whole before anybody can find them.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace lifang::files {

/// An upload on its way: sealed and synchronised in `incoming/`, not yet findable. `Disk::finish` removes its file
/// there; what a crash or a refusal leaves is found by `Disk::leftovers`.
class Landed {
 public:
  Landed(std::filesystem::path path, int descriptor, std::string content, std::int64_t bytes, std::string digest);
  Landed(const Landed&) = delete;
  Landed& operator=(const Landed&) = delete;
  ~Landed();

  const std::string& content() const { return content_; }
  std::int64_t bytes() const { return bytes_; }
  const std::string& digest() const { return digest_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int descriptor_;  ///< held locked, so that others see that it is being worked on
  std::string content_;
  std::int64_t bytes_;
  std::string digest_;
};

/// DIR/files: `ab/cd…` under the keyed hash of the content, `incoming/` for what is on its way. Each block of 64 KiB
/// is sealed with the node's key and bound to content, number and count, so none can be swapped, moved or cut off.
class Disk {
 public:
  static constexpr std::size_t kBlock = 64 * 1024;

  Disk(std::filesystem::path root, const Vault& vault) : root_(std::move(root)), vault_(vault) {}

  /// Gives the next piece of the upload, at most kBlock bytes; empty at the end.
  using Source = std::function<std::string(std::size_t most)>;
  /// Writes and synchronises an upload; any thread. `total`: its bytes, known before.
  /// @throws Refusal unavailable files.disk; invalid files.cut_short
  std::shared_ptr<const Landed> land(const Source& source, std::int64_t total, std::string_view content,
                                     std::string_view digest, Ids& ids) const;
  /// Makes it findable, durably. False if the disk refuses.
  bool publish(const Landed& landed) const;
  /// After the commit: the way in is no longer needed.
  void finish(const Landed& landed) const;
  bool has(std::string_view content) const;
  /// Bytes [from, from+count) of a content of `total` bytes. @throws Refusal unavailable files.damaged
  std::string read(std::string_view content, std::int64_t total, std::int64_t from, std::int64_t count) const;
  void remove(std::string_view content) const;
  /// The keyed hash that names a content whose BLAKE2b digest this is.
  std::string name_of(std::string_view digest) const;
  /// Uploads that a crash left behind, or whose use case was refused: removes each and answers its content.
  std::vector<std::string> leftovers() const;

 private:
  std::filesystem::path path_of(std::string_view content) const;
  std::filesystem::path root_;
  const Vault& vault_;
};

}  // namespace lifang::files
