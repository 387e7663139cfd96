#include "vision/serve/durable.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "base/refusal.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

bool put_on_disk(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0;
}

/// A new name is only sure when its folder is on disk.
void put_folder_on_disk(const fs::path& folder) {
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return;
  ::fsync(opened);
  ::close(opened);
}

/// `torn`: it does not end as a line does.
std::string last_line_of(int file, off_t size, bool& torn) {
  std::string tail;
  torn = false;
  for (off_t from = size; from > 0;) {
    std::string piece(static_cast<std::size_t>(std::min<off_t>(from, 64 << 10)), '\0');
    from -= static_cast<off_t>(piece.size());
    if (::pread(file, piece.data(), piece.size(), from) != static_cast<ssize_t>(piece.size())) return {};
    tail.insert(0, piece);
    const bool ends = tail.back() == '\n';
    torn = !ends;
    const std::size_t before = tail.size() > 1 ? tail.rfind('\n', tail.size() - 2) : std::string::npos;
    if (before == std::string::npos && from > 0) continue;
    tail.erase(0, before == std::string::npos ? 0 : before + 1);
    if (ends) tail.pop_back();
    return tail;
  }
  return {};
}

}  // namespace

bool write_durably(const fs::path& file, std::string_view text) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  const std::string part = file.string() + ".part";
  const int opened = ::open(part.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  if (opened < 0) return false;
  const bool written = put_on_disk(opened, text);
  ::close(opened);
  if (written) fs::rename(part, file, failed);
  else fs::remove(part, failed);
  if (written && !failed) put_folder_on_disk(file.parent_path());
  return written && !failed;
}

bool append_durably(const fs::path& file, std::string_view line) {
  return append_durably(file, [&](std::string_view) { return std::string(line); });
}

bool append_durably(const fs::path& file, const std::function<std::string(std::string_view before)>& line) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  const int opened = ::open(file.c_str(), O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
  if (opened < 0) return false;
  ::flock(opened, LOCK_EX);
  const off_t size = ::lseek(opened, 0, SEEK_END);
  bool torn = false;
  const std::string before = last_line_of(opened, size, torn);
  const bool written = put_on_disk(opened, (torn ? "\n" : "") + line(before) + "\n");
  // Half a line would stay for ever among those that somebody relies on.
  if (!written && ::ftruncate(opened, size) != 0) failed = std::make_error_code(std::errc::io_error);
  ::close(opened);
  if (written && size == 0) put_folder_on_disk(file.parent_path());
  return written;
}

FolderLock::FolderLock(const fs::path& folder) : file_(::open((folder / ".lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)) {
  if (file_ < 0) throw Refusal{RefusalKind::unavailable, "vision.folder", folder.string() + " cannot be written to"};
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(file_);
  throw Refusal{RefusalKind::conflict, "vision.folder_in_use", "another lifang-vision works in " + folder.string()};
}

FolderLock::~FolderLock() { ::close(file_); }

}  // namespace lifang::vision
