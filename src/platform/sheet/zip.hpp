// ZIP archives in memory (APPNOTE 6.3, without ZIP64 and encryption): what spreadsheets travel in.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lifang::sheet {

/// Packs files one after the other; every file is deflated while it is added to. The same input
/// gives the same bytes: all files are dated 1980-01-01.
class ZipWriter {
 public:
  ZipWriter();
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  void begin(std::string name);  ///< ends the file before it
  void add(std::string_view bytes);
  std::string finish();  ///< the archive; once

 private:
  struct Entry {
    std::string name;
    std::uint32_t crc = 0;
    std::uint64_t packed = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
  };
  struct Stream;
  void pump(int flush);
  void end();

  std::string out_;
  std::vector<Entry> entries_;
  std::unique_ptr<Stream> stream_;
};

struct ZipLimits {
  std::size_t files = 2000;
  std::size_t unpacked = 128U << 20;  ///< bytes of all files that are taken out
};

/// An archive from outside. `bytes` must outlive it. Throws Refusal: (unreadable)
/// `sheet.unreadable`, (too_large) `sheet.too_large`.
class ZipReader {
 public:
  explicit ZipReader(std::string_view bytes, ZipLimits limits = {});

  bool contains(const std::string& name) const { return entries_.contains(name); }
  /// The unpacked file, its checksum proven.
  std::string take(const std::string& name);

 private:
  struct Entry {
    std::uint16_t flags = 0;
    std::uint16_t method = 0;
    std::uint32_t crc = 0;
    std::uint32_t packed = 0;
    std::uint32_t size = 0;
    std::uint32_t offset = 0;
  };
  std::string_view bytes_;
  ZipLimits limits_;
  std::size_t taken_ = 0;
  std::map<std::string, Entry> entries_;
};

}  // namespace lifang::sheet
