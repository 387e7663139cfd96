#include "platform/sheet/encoding.hpp"

#include <iconv.h>

#include <algorithm>

#include "base/refusal.hpp"
#include "base/text.hpp"

namespace lifang::sheet {
namespace {

constexpr std::string_view kMark8 = "\xEF\xBB\xBF", kMark16Little = "\xFF\xFE", kMark16Big = "\xFE\xFF";

[[noreturn]] void refuse() {
  throw Refusal(RefusalKind::unreadable, "sheet.unknown_encoding", "the text is neither UTF-8 nor GBK; save it as .xlsx or UTF-8 CSV");
}

/// Open as long as one conversion takes.
class Converter {
 public:
  explicit Converter(const char* from) : handle_(iconv_open("UTF-8", from)) {
    if (handle_ == reinterpret_cast<iconv_t>(-1)) refuse();
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() { iconv_close(handle_); }

  std::string convert(std::string_view bytes) {
    std::string out(bytes.size() * 2 + 16, '\0');  // no character grows by more: two bytes of GBK are three of UTF-8
    char* from = const_cast<char*>(bytes.data());  // NOLINT: iconv only reads
    char* to = out.data();
    std::size_t left = bytes.size(), room = out.size();
    if (iconv(handle_, &from, &left, &to, &room) == static_cast<std::size_t>(-1) || left != 0) refuse();
    out.resize(out.size() - room);
    return out;
  }

 private:
  iconv_t handle_;
};

}  // namespace

Encoding encoding_of(std::string_view bytes) {
  if (bytes.starts_with(kMark16Little) || bytes.starts_with(kMark16Big)) return Encoding::utf16;
  if (bytes.starts_with(kMark8) || valid_utf8(bytes)) return Encoding::utf8;
  return Encoding::gb18030;
}

std::string to_utf8(std::string_view bytes) {
  switch (encoding_of(bytes)) {
    case Encoding::utf16:
      return Converter(bytes.starts_with(kMark16Little) ? "UTF-16LE" : "UTF-16BE").convert(bytes.substr(2));
    case Encoding::gb18030:
      return Converter("GB18030").convert(bytes);
    case Encoding::utf8:
      break;
  }
  if (bytes.starts_with(kMark8)) bytes.remove_prefix(kMark8.size());
  if (!valid_utf8(bytes)) refuse();
  return std::string(bytes);
}

char separator_of(std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n'));
  const auto times = [&](char c) { return std::count(first.begin(), first.end(), c); };
  if (times('\t') > times(',') && times('\t') >= times(';')) return '\t';
  return times(';') > times(',') ? ';' : ',';
}

}  // namespace lifang::sheet
