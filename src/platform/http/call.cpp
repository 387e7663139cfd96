#include <sodium.h>

#include <algorithm>
#include <charconv>

#include "platform/http/routes_held.hpp"

namespace lifang::http {

std::optional<std::string> Call::word(std::string_view name, std::string_view type) const {
  if (watch) (*watch)(name, type);
  const auto value = request.parameter(name);
  if (!value || value->empty()) return std::nullopt;
  return std::string(*value);
}

std::optional<std::string> Call::query(std::string_view name) const { return word(name, "string"); }

namespace {

/// A zone's plus sign that was not escaped arrives as a space: "2026-01-01T00:00:00 08:00". Nothing else ends so.
std::optional<Time> time_of(std::string text) {
  if (const auto t = parse_time(text)) return t;
  constexpr std::size_t kZone = 6;
  if (text.size() <= kZone || text[text.size() - kZone] != ' ') return std::nullopt;
  text[text.size() - kZone] = '+';
  return parse_time(text);
}

}  // namespace

std::optional<Time> Call::time(std::string_view name) const {
  const auto text = word(name, "date-time");
  if (!text) return std::nullopt;
  const auto t = time_of(*text);
  if (!t) throw lifang::invalid("http.bad_time", "?" + std::string(name), "RFC 3339 with zone, or Unix milliseconds");
  return t;
}

std::optional<Duration> Call::duration(std::string_view name) const {
  const auto text = word(name, "duration");
  if (!text) return std::nullopt;
  const auto d = parse_duration(*text);
  if (!d) throw lifang::invalid("http.bad_duration", "?" + std::string(name), "an ISO 8601 duration such as PT1H");
  return d;
}

std::optional<std::int64_t> Call::integer(std::string_view name) const {
  const auto text = word(name, "integer");
  if (!text) return std::nullopt;
  std::int64_t n = 0;
  const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), n);
  if (ec != std::errc{} || end != text->data() + text->size())
    throw lifang::invalid("http.bad_number", "?" + std::string(name), "a whole number");
  return n;
}

bool Call::flag(std::string_view name) const {
  const auto text = word(name, "boolean");
  if (!text) return false;
  if (*text == "true") return true;
  if (*text == "false") return false;
  throw lifang::invalid("http.bad_flag", "?" + std::string(name), "true or false");
}

std::size_t Call::limit() const {
  paged = true;
  const auto n = integer("limit").value_or(50);
  if (n < 1 || n > 500) throw lifang::invalid("http.bad_limit", "?limit", "1 to 500");
  return static_cast<std::size_t>(n);
}

std::optional<std::string> Call::after() const {
  const auto text = word("after", "string");
  if (!text) return std::nullopt;
  const auto key = decode_cursor(*text);
  if (!key) throw lifang::invalid("http.bad_cursor", "?after", "the `next` of an earlier answer, unchanged");
  return key;
}

std::vector<std::string> Call::ids() const {
  constexpr std::size_t kMost = 100;
  const std::string text = query("ids").value_or("");
  std::vector<std::string> all;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    if (one.empty() || std::find(all.begin(), all.end(), one) != all.end()) continue;
    if (all.size() == kMost) throw lifang::invalid("http.too_many_ids", "?ids", "at most 100 at once");
    all.emplace_back(one);
  }
  return all;
}

namespace {

/// What tells a cursor that was damaged on its way from one that was given: four bytes of BLAKE2b before the key.
std::string check_of(std::string_view key) {
  unsigned char hash[crypto_generichash_BYTES_MIN];
  crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(key.data()), key.size(), nullptr, 0);
  return {reinterpret_cast<const char*>(hash), 4};
}

}  // namespace

std::string encode_cursor(std::string_view key) {
  const std::string bytes = check_of(key).append(key);
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();  // the terminating zero
  return text;
}

std::optional<std::string> decode_cursor(std::string_view text) {
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr, &size,
                        &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != text.data() + text.size() || size < 4)
    return std::nullopt;
  std::string key = bytes.substr(4, size - 4);
  if (bytes.compare(0, 4, check_of(key)) != 0) return std::nullopt;
  return key;
}

WholeList whole_list(const Call& call, std::size_t size) {
  // Lists that are short by nature come whole, unless somebody wants less of them at once.
  constexpr std::size_t kMost = 500;
  const std::size_t limit = call.query("limit") ? call.limit() : kMost;
  WholeList page;
  if (const auto after = call.after()) {
    const auto [end, ec] = std::from_chars(after->data(), after->data() + after->size(), page.begin);
    if (ec != std::errc{} || end != after->data() + after->size())
      throw lifang::invalid("http.bad_cursor", "?after", "the `next` of an earlier answer, unchanged");
  }
  page.begin = std::min(page.begin, size);
  page.end = page.begin + std::min(limit, size - page.begin);
  if (page.end < size) page.next = std::to_string(page.end);
  return page;
}

Response json_response(std::string body, int status) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

}  // namespace lifang::http
