// Files that must be there after a power cut: whole, or as they were before.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace lifang::vision {

/// Puts `text` in the place of a file at once, on disk before it returns; folders are made. False when the disk refused: the file is
/// then what it was.
bool write_durably(const std::filesystem::path& file, std::string_view text);

/// Adds a line, on disk before it returns. What a power cut tore off before it ends at its own line. False when the disk refused: the file is then
/// what it was.
bool append_durably(const std::filesystem::path& file, std::string_view line);
/// The same for a line that follows from the one before: `line` gets that one (empty: there is none), and no other process writes meanwhile.
bool append_durably(const std::filesystem::path& file, const std::function<std::string(std::string_view before)>& line);

/// Two programs on one folder would take each other's recordings and letters. Held until it goes, also by a kill.
class FolderLock {
 public:
  /// Throws Refusal (conflict, "vision.folder_in_use") while another holds it, (unavailable, "vision.folder") when it cannot be written to.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;

 private:
  int file_;
};

}  // namespace lifang::vision
