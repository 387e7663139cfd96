#include "vision/serve/durable.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <string>

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
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  const int opened = ::open(file.c_str(), O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
  if (opened < 0) return false;
  const off_t size = ::lseek(opened, 0, SEEK_END);
  char last = '\n';
  const bool torn = size > 0 && ::pread(opened, &last, 1, size - 1) == 1 && last != '\n';
  const bool written = put_on_disk(opened, (torn ? "\n" : "") + std::string(line) + "\n");
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
