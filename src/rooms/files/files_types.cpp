#include "rooms/files/files_types.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.hpp"

namespace lifang::files {
namespace {

using std::string_view;

std::uint8_t byte(string_view s, std::size_t at) { return static_cast<std::uint8_t>(s[at]); }
std::uint32_t big16(string_view s, std::size_t at) { return static_cast<std::uint32_t>(byte(s, at) << 8 | byte(s, at + 1)); }
std::uint32_t big32(string_view s, std::size_t at) { return big16(s, at) << 16 | big16(s, at + 2); }
std::uint32_t little16(string_view s, std::size_t at) { return static_cast<std::uint32_t>(byte(s, at) | byte(s, at + 1) << 8); }
std::uint32_t little24(string_view s, std::size_t at) { return little16(s, at) | static_cast<std::uint32_t>(byte(s, at + 2)) << 16; }

bool at(string_view s, std::size_t offset, string_view magic) {
  return s.size() >= offset + magic.size() && s.substr(offset, magic.size()) == magic;
}

/// ISO 14496-12: the brand in the first box.
std::optional<Type> brand_of(string_view head) {
  if (!at(head, 4, "ftyp") || head.size() < 16) return std::nullopt;
  const string_view brand = head.substr(8, 4);
  for (const string_view heic : {"heic", "heix", "hevc", "mif1", "msf1"})
    if (brand == heic) return Type::heic;
  if (brand == "M4A " || brand == "M4B ") return Type::m4a;
  for (const string_view mp4 : {"isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "dash", "3gp4", "3gp5", "qt  "})
    if (brand == mp4) return Type::mp4;
  return std::nullopt;
}

/// A ZIP whose first member is one that spreadsheets begin with, and whose head names the workbook's folder.
bool is_xlsx(string_view head) {
  if (!at(head, 0, "PK\x03\x04") || head.size() < 50) return false;
  const string_view name = head.substr(30, std::min<std::size_t>(little16(head, 26), head.size() - 30));
  const bool begins = name == "[Content_Types].xml" || name.starts_with("_rels/") || name.starts_with("xl/") ||
                      name.starts_with("docProps/") || name == "mimetype";
  return begins && head.find("xl/") != string_view::npos;
}

/// Text without controls that does not begin like a page: what a spreadsheet reads.
bool is_csv(string_view head) {
  // The head may end within a character.
  string_view text = head;
  for (int i = 0; i < 3 && !text.empty() && !valid_utf8(text); ++i) text.remove_suffix(1);
  if (text.empty() || !valid_utf8(text)) return false;
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 32 && c != '\n' && c != '\r' && c != '\t'; }))
    return false;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return !trim(text).starts_with('<');
}

std::string lower(string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// "text/csv; charset=utf-8" → "text/csv"
std::string bare(string_view declared) { return lower(trim(declared.substr(0, declared.find(';')))); }

std::optional<Size> jpeg_size(string_view s) {
  std::size_t i = 2;
  while (i + 9 < s.size()) {
    if (byte(s, i) != 0xFF) return std::nullopt;
    const std::uint8_t marker = byte(s, i + 1);
    if (marker == 0xFF) {  // fill bytes
      ++i;
      continue;
    }
    // SOF0 to SOF15 without DHT, JPG and DAC carry the size (ITU T.81, B.2.2).
    if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC)
      return Size{big16(s, i + 7), big16(s, i + 5)};
    if (marker == 0xD9 || marker == 0xDA || (marker >= 0xD0 && marker <= 0xD8)) return std::nullopt;
    i += 2 + big16(s, i + 2);
  }
  return std::nullopt;
}

std::optional<Size> webp_size(string_view s) {
  if (s.size() < 30) return std::nullopt;
  if (at(s, 12, "VP8X")) return Size{little24(s, 24) + 1, little24(s, 27) + 1};
  if (at(s, 12, "VP8L") && byte(s, 20) == 0x2F) {
    const std::uint32_t bits = little16(s, 21) | little16(s, 23) << 16;
    return Size{(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
  }
  if (at(s, 12, "VP8 ") && at(s, 23, "\x9D\x01\x2A")) return Size{little16(s, 26) & 0x3FFF, little16(s, 28) & 0x3FFF};
  return std::nullopt;
}

/// The largest `ispe` property (ISO 23008-12): pictures are kept in tiles, the whole is the largest.
std::optional<Size> heic_size(string_view s) {
  std::optional<Size> largest;
  for (std::size_t i = s.find("ispe"); i != string_view::npos && i + 16 <= s.size(); i = s.find("ispe", i + 4)) {
    const Size size{big32(s, i + 8), big32(s, i + 12)};
    if (!largest || size.width * size.height > largest->width * largest->height) largest = size;
  }
  return largest;
}

}  // namespace

Kind kind_of(Type type) {
  switch (type) {
    case Type::jpeg:
    case Type::png:
    case Type::webp:
    case Type::heic: return Kind::picture;
    case Type::mp4:
    case Type::webm: return Kind::clip;
    case Type::ogg:
    case Type::mp3:
    case Type::wav:
    case Type::m4a:
    case Type::amr: return Kind::voice;
    case Type::pdf: return Kind::document;
    case Type::xlsx:
    case Type::csv: return Kind::table;
  }
  return Kind::document;
}

string_view media_type(Type type) {
  switch (type) {
    case Type::jpeg: return "image/jpeg";
    case Type::png: return "image/png";
    case Type::webp: return "image/webp";
    case Type::heic: return "image/heic";
    case Type::mp4: return "video/mp4";
    case Type::webm: return "video/webm";
    case Type::ogg: return "audio/ogg";
    case Type::mp3: return "audio/mpeg";
    case Type::wav: return "audio/wav";
    case Type::m4a: return "audio/mp4";
    case Type::amr: return "audio/amr";
    case Type::pdf: return "application/pdf";
    case Type::xlsx: return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    case Type::csv: return "text/csv; charset=utf-8";
  }
  return "application/octet-stream";
}

string_view suffix_of(Type type) {
  constexpr std::array<string_view, 14> suffixes = {".jpg", ".png", ".webp", ".heic", ".mp4", ".webm", ".ogg",
                                                    ".mp3", ".wav", ".m4a",  ".amr",  ".pdf", ".xlsx", ".csv"};
  return suffixes[static_cast<std::size_t>(type)];
}

bool shown_in_pages(Type type) {
  return type != Type::heic && (kind_of(type) == Kind::picture || kind_of(type) == Kind::clip || kind_of(type) == Kind::voice);
}

std::optional<Type> type_of(string_view head, string_view declared) {
  if (at(head, 0, "\xFF\xD8\xFF")) return Type::jpeg;
  if (at(head, 0, "\x89PNG\r\n\x1A\n")) return Type::png;
  if (at(head, 0, "RIFF") && at(head, 8, "WEBP")) return Type::webp;
  if (at(head, 0, "RIFF") && at(head, 8, "WAVE")) return Type::wav;
  if (const auto brand = brand_of(head)) return brand;
  if (at(head, 0, "\x1A\x45\xDF\xA3")) {
    // EBML: only WebM, not any Matroska.
    if (head.substr(0, 64).find("webm") != string_view::npos) return Type::webm;
    return std::nullopt;
  }
  if (at(head, 0, "OggS")) return Type::ogg;
  if (at(head, 0, "ID3")) return Type::mp3;
  if (at(head, 0, "#!AMR\n") || at(head, 0, "#!AMR-WB\n")) return Type::amr;
  // MPEG-1/2 layer III frame header: sync of 11 bits, layer 01, bit rate neither free nor bad.
  if (head.size() > 4 && byte(head, 0) == 0xFF && (byte(head, 1) & 0xE6) == 0xE2 && (byte(head, 2) & 0xF0) != 0xF0 &&
      (byte(head, 2) & 0xF0) != 0)
    return Type::mp3;
  if (at(head, 0, "%PDF-")) return Type::pdf;
  if (is_xlsx(head)) return Type::xlsx;
  const std::string said = bare(declared);
  if ((said == "text/csv" || said == "application/csv") && is_csv(head)) return Type::csv;
  return std::nullopt;
}

bool fits(Type type, string_view declared) {
  const std::string said = bare(declared);
  if (said.empty() || said == "application/octet-stream" || said == bare(media_type(type))) return true;
  switch (type) {
    case Type::jpeg: return said == "image/jpg" || said == "image/pjpeg";
    case Type::heic: return said == "image/heif";
    case Type::mp4: return said == "video/quicktime" || said == "video/3gpp" || said == "audio/mp4";
    case Type::webm: return said == "audio/webm";  // browsers record voice into the same container
    case Type::ogg: return said == "audio/opus" || said == "application/ogg" || said == "video/ogg";
    case Type::mp3: return said == "audio/mp3";
    case Type::wav: return said == "audio/x-wav" || said == "audio/wave" || said == "audio/vnd.wave";
    case Type::m4a: return said == "audio/m4a" || said == "audio/x-m4a" || said == "audio/aac";
    case Type::amr: return said == "audio/3gpp" || said == "audio/amr-wb";
    case Type::csv: return said == "application/csv";
    default: return false;
  }
}

std::optional<Size> size_of(Type type, string_view head) {
  switch (type) {
    case Type::jpeg: return jpeg_size(head);
    case Type::png:
      if (head.size() < 24 || !at(head, 12, "IHDR")) return std::nullopt;
      return Size{big32(head, 16), big32(head, 20)};
    case Type::webp: return webp_size(head);
    case Type::heic: return heic_size(head);
    default: return Size{};
  }
}

}  // namespace lifang::files
