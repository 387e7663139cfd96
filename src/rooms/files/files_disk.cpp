#include "rooms/files/files_disk.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/refusal.hpp"

namespace lifang::files {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kOverhead = 1 + 24 + 16;  // version, nonce, tag: base/secret.hpp

struct Descriptor {
  explicit Descriptor(int fd_) : fd(fd_) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  int take() { return std::exchange(fd, -1); }
  int fd;
};

[[noreturn]] void refuse_disk() {
  throw Refusal(RefusalKind::unavailable, "files.disk", "the file could not be written; nothing was kept");
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool sync_directory(const fs::path& directory) {
  const Descriptor d(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return d.fd >= 0 && ::fsync(d.fd) == 0;
}

bool make_directory(const fs::path& directory) {
  if (::mkdir(directory.c_str(), 0700) == 0) return sync_directory(directory.parent_path());
  return errno == EEXIST;
}

std::string bound_to(std::string_view content, std::int64_t block, std::int64_t total) {
  return "files " + std::string(content) + " " + std::to_string(block) + " " + std::to_string(total);
}

}  // namespace

Landed::Landed(fs::path path, int descriptor, std::string content, std::int64_t bytes, std::string digest)
    : path_(std::move(path)), descriptor_(descriptor), content_(std::move(content)), bytes_(bytes), digest_(std::move(digest)) {}

Landed::~Landed() { ::close(descriptor_); }

std::string Disk::name_of(std::string_view digest) const { return vault_.blind_index("files.content", digest); }

fs::path Disk::path_of(std::string_view content) const { return root_ / content.substr(0, 2) / content.substr(2); }

std::shared_ptr<const Landed> Disk::land(const Source& source, std::int64_t total, std::string_view content,
                                         std::string_view digest, Ids& ids) const {
  if (!make_directory(root_) || !make_directory(root_ / "incoming")) refuse_disk();
  const fs::path path = root_ / "incoming" / (std::string(content) + "." + ids.ulid());
  Descriptor out(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (out.fd < 0 || ::flock(out.fd, LOCK_EX | LOCK_NB) != 0) refuse_disk();
  std::int64_t block = 0, left = total;
  Blake2b hash;
  while (left > 0) {
    const std::string piece = source(static_cast<std::size_t>(std::min<std::int64_t>(left, kBlock)));
    hash.add(piece);
    left -= static_cast<std::int64_t>(piece.size());
    const bool full = piece.size() == kBlock || left == 0;
    if (!full || left < 0 || !write_all(out.fd, vault_.seal_own(bound_to(content, block++, total), piece, ids))) {
      ::unlink(path.c_str());
      if (full) refuse_disk();
      throw invalid("files.cut_short", "", "the upload ended early");
    }
  }
  // What was hashed first must be what was written.
  if (hash.finish_hex() != digest || ::fsync(out.fd) != 0) {
    ::unlink(path.c_str());
    refuse_disk();
  }
  return std::make_shared<const Landed>(path, out.take(), std::string(content), total, std::string(digest));
}

bool Disk::publish(const Landed& landed) const {
  const fs::path to = path_of(landed.content());
  if (!make_directory(to.parent_path())) return false;
  if (::link(landed.path().c_str(), to.c_str()) != 0 && errno != EEXIST) return false;
  return sync_directory(to.parent_path());
}

void Disk::finish(const Landed& landed) const { ::unlink(landed.path().c_str()); }

bool Disk::has(std::string_view content) const { return ::access(path_of(content).c_str(), F_OK) == 0; }

std::string Disk::read(std::string_view content, std::int64_t total, std::int64_t from, std::int64_t count) const {
  const auto damaged = [] { return Refusal(RefusalKind::unavailable, "files.damaged", "the stored file does not open"); };
  const Descriptor in(::open(path_of(content).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (in.fd < 0) throw damaged();
  count = std::clamp<std::int64_t>(count, 0, total - from);
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(count));
  const auto size = static_cast<std::int64_t>(kBlock);
  for (std::int64_t block = from / size; block * size < from + count; ++block) {
    const std::int64_t plain = std::min(size, total - block * size);
    std::string sealed(static_cast<std::size_t>(plain) + kOverhead, '\0');
    if (::pread(in.fd, sealed.data(), sealed.size(), block * (size + static_cast<std::int64_t>(kOverhead))) !=
        static_cast<ssize_t>(sealed.size()))
      throw damaged();
    const auto opened = vault_.unseal_own(bound_to(content, block, total), sealed);
    if (!opened) throw damaged();
    const std::int64_t low = std::max<std::int64_t>(from - block * size, 0);
    const std::int64_t high = std::min<std::int64_t>(from + count - block * size, plain);
    bytes.append(*opened, static_cast<std::size_t>(low), static_cast<std::size_t>(high - low));
  }
  return bytes;
}

void Disk::remove(std::string_view content) const { ::unlink(path_of(content).c_str()); }

std::vector<std::string> Disk::leftovers() const {
  std::vector<std::string> contents;
  std::error_code trouble;
  for (const auto& entry : fs::directory_iterator(root_ / "incoming", trouble)) {
    const Descriptor in(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (in.fd < 0 || ::flock(in.fd, LOCK_EX | LOCK_NB) != 0) continue;  // somebody is at work on it
    const std::string name = entry.path().filename().string();
    contents.push_back(name.substr(0, name.find('.')));
    ::unlink(entry.path().c_str());
  }
  return contents;
}

}  // namespace lifang::files
