#include "base/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/refusal.hpp"
#include "base/text.hpp"

namespace lifang {
namespace {

constexpr int kEnd = -1;
constexpr std::size_t kBlock = 64U << 10;

bool is_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double ignored = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), ignored);
  return bad == std::errc{} && end == text.data() + text.size();
}

}  // namespace

CsvReader::CsvReader(std::istream& in, CsvOptions options) : in_(in), options_(options) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  peek();
  if (buffer_.starts_with(kMark)) at_ = kMark.size();
}

int CsvReader::peek() {
  if (at_ == buffer_.size()) {
    buffer_.resize(kBlock);
    in_.read(buffer_.data(), static_cast<std::streamsize>(kBlock));
    buffer_.resize(static_cast<std::size_t>(in_.gcount()));
    at_ = 0;
    if (buffer_.empty()) return kEnd;
  }
  return static_cast<unsigned char>(buffer_[at_]);
}

int CsvReader::take() {
  const int c = peek();
  if (c != kEnd) ++at_;
  if (c == '\n') ++line_;
  return c;
}

/// Eats LF or CRLF; a lone CR is an ordinary character.
bool CsvReader::take_line_end() {
  if (peek() == '\n') {
    take();
    return true;
  }
  if (peek() != '\r') return false;
  if (at_ + 1 == buffer_.size()) {  // the LF may stand at the beginning of the next block
    std::string next(kBlock, '\0');
    in_.read(next.data(), static_cast<std::streamsize>(kBlock));
    next.resize(static_cast<std::size_t>(in_.gcount()));
    buffer_ = "\r" + next;
    at_ = 0;
  }
  if (at_ + 1 >= buffer_.size() || buffer_[at_ + 1] != '\n') return false;
  take();
  take();
  return true;
}

void CsvReader::refuse(const char* code, std::size_t column, std::string_view why) const {
  throw Refusal(RefusalKind::unreadable, code,
                fmt::format("line {}, column {}: {}", line_, column, why));
}

void CsvReader::append(std::string& field, int c, std::size_t column) {
  if (field.size() >= options_.max_field)
    refuse("csv.field_too_long", column,
           fmt::format("a field of more than {} bytes", options_.max_field));
  field += static_cast<char>(static_cast<unsigned char>(c));
}

CsvReader::End CsvReader::read_quoted(std::string& field, std::size_t column) {
  take();
  for (;;) {
    const int c = take();
    if (c == kEnd) refuse("csv.unclosed_quote", column, "a quoted field does not end");
    if (c != '"') {
      append(field, c, column);
    } else if (peek() == '"') {
      append(field, take(), column);
    } else {
      break;
    }
  }
  if (peek() == kEnd) return End::file;
  if (take_line_end()) return End::row;
  if (take() == options_.separator) return End::field;
  refuse("csv.after_quote", column, "text follows a closing quote");
}

CsvReader::End CsvReader::read_field(std::string& field, std::size_t column) {
  field.clear();
  if (peek() == '"') return read_quoted(field, column);
  for (;;) {
    const int c = peek();
    if (c == kEnd) return End::file;
    if (c == options_.separator) {
      take();
      return End::field;
    }
    if (take_line_end()) return End::row;
    append(field, take(), column);
  }
}

bool CsvReader::next(std::vector<std::string>& fields) {
  while (take_line_end()) continue;
  if (peek() == kEnd) return false;
  row_line_ = line_;
  std::size_t n = 0;
  for (End end = End::field; end == End::field; ++n) {
    if (n == options_.max_fields)
      refuse("csv.too_many_fields", n + 1, fmt::format("more than {} fields", options_.max_fields));
    if (n == fields.size()) fields.emplace_back();
    end = read_field(fields[n], n + 1);
    if (!valid_utf8(fields[n]))
      refuse("csv.not_utf8", n + 1, "not UTF-8; save the file as \"CSV UTF-8\"");
  }
  fields.resize(n);
  if (!header_.empty() && n != header_.size())
    throw Refusal(RefusalKind::unreadable, "csv.ragged",
                  fmt::format("line {}, column {}: {} fields where the header has {}", row_line_,
                              std::min(n, header_.size()) + 1, n, header_.size()));
  return true;
}

const std::vector<std::string>& CsvReader::read_header() {
  std::vector<std::string> names;
  next(names);
  for (std::string& name : names) name = std::string(trim(name));
  header_ = std::move(names);
  return header_;
}

std::optional<std::size_t> CsvReader::column(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), trim(name));
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

CsvWriter::CsvWriter(std::string& out, CsvStyle style) : out_(out), style_(style) {
  if (style_.byte_order_mark) out_ += "\xef\xbb\xbf";
}

void CsvWriter::field(std::string_view text) {
  const bool formula = style_.guard_formulas && !text.empty() &&
                       std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos &&
                       !is_number(text);
  const char special[] = {style_.separator, '"', '\r', '\n'};
  const bool outer_space = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  if (!outer_space &&
      text.find_first_of(std::string_view(special, sizeof special)) == std::string_view::npos) {
    if (formula) out_ += '\'';
    out_ += text;
    return;
  }
  out_ += '"';
  if (formula) out_ += '\'';
  for (const char c : text) {
    if (c == '"') out_ += '"';
    out_ += c;
  }
  out_ += '"';
}

void CsvWriter::row(std::span<const std::string> fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out_ += style_.separator;
    // A lone empty field would be an empty line, which readers skip.
    if (fields.size() == 1 && fields[i].empty())
      out_ += "\"\"";
    else
      field(fields[i]);
  }
  out_ += "\r\n";
}

}  // namespace lifang
