#include "rooms/audit/audit_rules.hpp"

namespace lifang::audit {
namespace {

void add_number(std::string& out, std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(bits >> shift & 255);
}

void add_text(std::string& out, std::string_view text) {
  add_number(out, static_cast<std::int64_t>(text.size()));
  out += text;
}

}  // namespace

bool is_kept(const bus::Told& told) {
  return !told.by.empty() && told.by != "system" && !told.by.starts_with("device:");
}

bool is_view(std::string_view action) { return action.ends_with(".revealed"); }

std::string hash_of(const Entry& entry) {
  std::string text;
  add_text(text, entry.previous);
  add_number(text, entry.seq);
  add_number(text, to_ms(entry.at));
  add_text(text, entry.who);
  add_text(text, entry.action);
  add_text(text, entry.subject);
  add_text(text, entry.path);
  add_text(text, entry.cause);
  add_text(text, blake2b_hex(entry.body));
  return blake2b_hex(text);
}

std::string words_of_anchor(std::int64_t seq, std::string_view hash) {
  return std::to_string(seq) + ":" + std::string(hash);
}

}  // namespace lifang::audit
