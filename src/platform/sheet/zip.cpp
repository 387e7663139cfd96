#include "platform/sheet/zip.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "base/check.hpp"
#include "base/refusal.hpp"

namespace lifang::sheet {
namespace {

constexpr std::uint32_t kLocal = 0x04034b50;
constexpr std::uint32_t kCentral = 0x02014b50;
constexpr std::uint32_t kEnd = 0x06054b50;
constexpr std::uint16_t kDate1980 = 0x0021;
constexpr std::size_t kLocalSize = 30;
constexpr std::size_t kCentralSize = 46;
constexpr std::size_t kEndSize = 22;

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i)
    out += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
}

void put_at(std::string& out, std::size_t at, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i)
    out[at + i] = static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
}

[[noreturn]] void refuse(std::string why) {
  throw Refusal(RefusalKind::unreadable, "sheet.unreadable", std::move(why));
}

[[noreturn]] void refuse_size() {
  throw Refusal(RefusalKind::too_large, "sheet.too_large", "the file unpacks to too much");
}

/// Little-endian number of `bytes` bytes at `at`; outside the file is refused.
std::uint32_t number(std::string_view text, std::size_t at, std::size_t bytes) {
  if (at > text.size() || text.size() - at < bytes) refuse("the archive ends too early");
  std::uint32_t value = 0;
  for (std::size_t i = bytes; i > 0; --i)
    value = value << 8 | static_cast<unsigned char>(text[at + i - 1]);
  return value;
}

std::uint16_t short_number(std::string_view text, std::size_t at) {
  return static_cast<std::uint16_t>(number(text, at, 2));
}

std::uint32_t crc_of(std::string_view bytes, std::uint32_t before = 0) {
  return static_cast<std::uint32_t>(
      crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

Bytef* writable(std::string_view bytes) {  // zlib reads through a pointer that is not const
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

}  // namespace

struct ZipWriter::Stream {
  z_stream z{};
  Stream() {
    check(deflateInit2(&z, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK,
          "zlib cannot start");
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { deflateEnd(&z); }
};

ZipWriter::ZipWriter() = default;
ZipWriter::~ZipWriter() = default;

void ZipWriter::begin(std::string name) {
  end();
  entries_.push_back({std::move(name), 0, 0, 0, out_.size()});
  const std::string& named = entries_.back().name;
  put(out_, kLocal, 4);
  put(out_, 20, 2);  // version 2.0
  put(out_, 0, 2);
  put(out_, Z_DEFLATED, 2);
  put(out_, 0, 2);
  put(out_, kDate1980, 2);
  out_.append(12, '\0');  // checksum and sizes: set in end()
  put(out_, named.size(), 2);
  put(out_, 0, 2);
  out_ += named;
  stream_ = std::make_unique<Stream>();
}

void ZipWriter::pump(int flush) {
  char block[16 << 10];
  z_stream& z = stream_->z;
  do {
    z.next_out = reinterpret_cast<Bytef*>(block);
    z.avail_out = sizeof block;
    check(deflate(&z, flush) != Z_STREAM_ERROR, "zlib is used wrongly");
    out_.append(block, sizeof block - z.avail_out);
  } while (z.avail_out == 0);
}

void ZipWriter::add(std::string_view bytes) {
  check(stream_ != nullptr, "bytes without a file");
  Entry& entry = entries_.back();
  entry.crc = crc_of(bytes, entry.crc);
  entry.size += bytes.size();
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, 1U << 30);
    stream_->z.next_in = writable(piece);
    stream_->z.avail_in = static_cast<uInt>(piece.size());
    pump(Z_NO_FLUSH);
    bytes.remove_prefix(piece.size());
  }
}

void ZipWriter::end() {
  if (!stream_) return;
  pump(Z_FINISH);
  stream_.reset();
  Entry& entry = entries_.back();
  entry.packed = out_.size() - entry.offset - kLocalSize - entry.name.size();
  check(
      std::max<std::uint64_t>(entry.size, out_.size()) <= std::numeric_limits<std::uint32_t>::max(),
      "an archive of more than 4 GiB");
  put_at(out_, entry.offset + 14, entry.crc, 4);
  put_at(out_, entry.offset + 18, entry.packed, 4);
  put_at(out_, entry.offset + 22, entry.size, 4);
}

std::string ZipWriter::finish() {
  end();
  const std::size_t start = out_.size();
  for (const Entry& entry : entries_) {
    put(out_, kCentral, 4);
    put(out_, 20, 2);
    put(out_, 20, 2);
    put(out_, 0, 2);
    put(out_, Z_DEFLATED, 2);
    put(out_, 0, 2);
    put(out_, kDate1980, 2);
    put(out_, entry.crc, 4);
    put(out_, entry.packed, 4);
    put(out_, entry.size, 4);
    put(out_, entry.name.size(), 2);
    put(out_, 0, 8);  // no extra field, no comment, first disk, no inner attributes
    put(out_, 0, 4);
    put(out_, entry.offset, 4);
    out_ += entry.name;
  }
  const std::size_t size = out_.size() - start;
  put(out_, kEnd, 4);
  put(out_, 0, 4);
  put(out_, entries_.size(), 2);
  put(out_, entries_.size(), 2);
  put(out_, size, 4);
  put(out_, start, 4);
  put(out_, 0, 2);
  return std::move(out_);
}

ZipReader::ZipReader(std::string_view bytes, ZipLimits limits) : bytes_(bytes), limits_(limits) {
  // The directory stands at the end, before a comment of at most 64 KiB.
  std::size_t end = std::string_view::npos;
  for (std::size_t back = kEndSize; back <= bytes.size() && back <= kEndSize + 0xFFFF; ++back)
    if (number(bytes, bytes.size() - back, 4) == kEnd) {
      end = bytes.size() - back;
      break;
    }
  if (end == std::string_view::npos) refuse("not an .xlsx file");
  const std::size_t count = number(bytes, end + 10, 2);
  std::size_t at = number(bytes, end + 16, 4);
  if (count > limits.files) refuse("an archive of too many files");
  for (std::size_t i = 0; i < count; ++i) {
    if (number(bytes, at, 4) != kCentral) refuse("the archive's directory is damaged");
    const Entry entry{short_number(bytes, at + 8), short_number(bytes, at + 10),
                      number(bytes, at + 16, 4),   number(bytes, at + 20, 4),
                      number(bytes, at + 24, 4),   number(bytes, at + 42, 4)};
    const std::size_t name = number(bytes, at + 28, 2);
    const std::size_t rest = number(bytes, at + 30, 2) + number(bytes, at + 32, 2);
    if (bytes.size() - at - kCentralSize < name + rest)
      refuse("the archive's directory is damaged");
    entries_.emplace(bytes.substr(at + kCentralSize, name), entry);
    at += kCentralSize + name + rest;
  }
}

std::string ZipReader::take(const std::string& name) {
  const auto found = entries_.find(name);
  if (found == entries_.end()) refuse("the file lacks " + name);
  const Entry& entry = found->second;
  if ((entry.flags & 1) != 0) refuse("the file is encrypted");
  if (entry.size > limits_.unpacked - taken_) refuse_size();
  if (number(bytes_, entry.offset, 4) != kLocal) refuse("the archive is damaged");
  const std::size_t from = entry.offset + kLocalSize + number(bytes_, entry.offset + 26, 2) +
                           number(bytes_, entry.offset + 28, 2);
  if (from > bytes_.size() || bytes_.size() - from < entry.packed)
    refuse("the archive ends too early");
  const std::string_view packed = bytes_.substr(from, entry.packed);
  std::string plain;
  if (entry.method == 0) {
    plain = packed;
  } else if (entry.method == Z_DEFLATED) {
    plain.resize(entry.size);  // bounded above; what claims to be smaller than it is does not fit
    z_stream z{};
    check(inflateInit2(&z, -MAX_WBITS) == Z_OK, "zlib cannot start");
    z.next_in = writable(packed);
    z.avail_in = static_cast<uInt>(packed.size());
    z.next_out = reinterpret_cast<Bytef*>(plain.data());
    z.avail_out = static_cast<uInt>(plain.size());
    const int done = inflate(&z, Z_FINISH);
    const bool whole = done == Z_STREAM_END && z.avail_out == 0;
    inflateEnd(&z);
    if (!whole) refuse("the archive is damaged");
  } else {
    refuse("the archive is packed in a way that is not known");
  }
  if (plain.size() != entry.size || crc_of(plain) != entry.crc) refuse("the archive is damaged");
  taken_ += plain.size();
  return plain;
}

}  // namespace lifang::sheet
