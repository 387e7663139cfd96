#include "rooms/accounts/accounts_rules.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace lifang::accounts {
namespace {

/// The heads of the published lists of leaked passwords that are long enough to pass the length rule, and what
/// people make of this program's own name.
constexpr std::array<std::string_view, 44> kWidelyKnown = {
    "1234567890",  "12345678910", "0123456789",  "0987654321",   "1111111111", "0000000000", "8888888888",
    "6666666666",  "1q2w3e4r5t",  "1qaz2wsx3edc", "qwertyuiop",  "qwerty1234", "qwerty12345", "qwerty123456",
    "1234qwerasdf", "asdfghjkl1", "asdfghjkl;",  "zxcvbnm123",   "password12", "password123", "password1234",
    "passw0rd123", "p@ssw0rd123", "p@ssword123", "admin12345",   "admin123456", "administrator", "admin@12345",
    "iloveyou123", "iloveyou520", "woaini1314",  "woaini5201314", "5201314520", "1314520520", "a123456789",
    "aa123456789", "abc123456789", "q123456789", "123456789a",   "123456789q", "letmein123", "welcome123",
    "lifang12345", "lifang123456"};

bool one_letter_or_run(std::u32string_view points) {
  bool same = true, up = true, down = true;
  for (std::size_t i = 1; i < points.size(); ++i) {
    same = same && points[i] == points[i - 1];
    up = up && points[i] == points[i - 1] + 1;
    down = down && points[i] + 1 == points[i - 1];
  }
  return same || up || down;
}

bool is_word(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

std::string normal_login(std::string_view typed) { return normalise(typed); }

bool is_login(std::string_view normal) {
  const std::u32string points = to_code_points(normal);
  if (points.size() < 2 || points.size() > 64) return false;
  return std::all_of(points.begin(), points.end(), [](char32_t c) {
    return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || std::u32string_view(U"._-@+").find(c) != std::u32string_view::npos ||
           is_cjk(c);
  });
}

std::string weakness(std::string_view login, std::string_view password, std::size_t min_length) {
  const std::u32string points = to_code_points(password);
  if (points.size() < min_length) return "at least " + std::to_string(min_length) + " characters";
  if (password.size() > 512) return "at most 512 bytes";
  const std::string normal = normalise(password);
  if (std::find(kWidelyKnown.begin(), kWidelyKnown.end(), normal) != kWidelyKnown.end())
    return "this password is widely known";
  if (one_letter_or_run(points)) return "not one character again and again, and not a run of them";
  const std::string own = normal_login(login);
  if (own.size() >= 4 && normal.find(own) != std::string::npos) return "it must not hold the login";
  if (normal == own) return "it must not be the login";
  return {};
}

bool is_right(std::string_view text) {
  if (text == "*") return true;
  const auto dot = text.find('.');
  if (dot == std::string_view::npos || !is_word(text.substr(0, dot))) return false;
  const std::string_view verb = text.substr(dot + 1);
  return verb == "*" || is_word(verb);
}

std::span<const std::string_view> purposes() {
  static constexpr std::array<std::string_view, 8> known = {
      "case",          // a report or order that this person is part of
      "emergency",     // danger to life or property now
      "care",          // visits and help for those who need them
      "registration",  // keeping the register of homes and people
      "verification",  // is this the person that they say they are
      "service",       // bookings, deliveries, bills, affairs of the person's own
      "request",       // the person asked for it
      "audit"};        // looking into how data was handled
  return known;
}

std::vector<Grant> grants_of(const std::vector<store::Held>& held) {
  std::vector<Grant> grants;
  for (const store::Held& one : held) {
    for (const std::string& right : one.rights) grants.push_back({right, one.path});
    for (const std::string& purpose : one.purposes) grants.push_back({"purpose." + purpose, one.path});
  }
  return grants;
}

bool holds(const std::vector<Grant>& grants, std::string_view right, std::string_view path) {
  return std::any_of(grants.begin(), grants.end(),
                     [&](const Grant& g) { return covers(g.right, right) && path.starts_with(g.path); });
}

std::vector<Grant> capped(const Key& wanted, const std::vector<Grant>& owner) {
  std::vector<Grant> grants;
  for (const std::string& right : wanted.rights) {
    if (holds(owner, right, wanted.path)) {
      grants.push_back({right, wanted.path});
      continue;
    }
    // The owner has less than when the key was made: what is left of it.
    for (const Grant& own : owner) {
      const bool narrower = covers(right, own.right);
      if (!narrower && !covers(own.right, right)) continue;
      const std::string& kept = narrower ? own.right : right;
      if (own.path.starts_with(wanted.path)) grants.push_back({kept, own.path});
      else if (wanted.path.starts_with(own.path)) grants.push_back({kept, wanted.path});
    }
  }
  return grants;
}

}  // namespace lifang::accounts
