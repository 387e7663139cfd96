#include "rooms/people/people_rules.hpp"

#include <algorithm>

#include "base/refusal.hpp"
#include "base/text.hpp"

namespace lifang::people {
namespace {

constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford
constexpr std::size_t kCodeLetters = 11;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int number(std::string_view digits) {
  int n = 0;
  for (const char c : digits) n = n * 10 + (c - '0');
  return n;
}

/// Weighted sum with weights 1, 3, 5, … mod 32: odd weights are invertible, so a single wrong character and most
/// swapped neighbours are found.
char check_letter(std::string_view letters) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < letters.size(); ++i) sum += (2 * i + 1) * kLetters.find(letters[i]);
  return kLetters[sum % 32];
}

std::string name_of(std::string_view typed) {
  const std::string name(trim(typed));
  const std::size_t length = length_of(name);
  if (length == 0 || length > 100) throw invalid("people.bad_name", "/name", "1 to 100 characters");
  return name;
}

std::optional<std::string> phone_of(const std::optional<std::string>& typed) {
  if (!typed || trim(*typed).empty()) return std::nullopt;
  auto phone = normal_phone(*typed);
  if (!phone) throw invalid("people.bad_phone", "/phone", "5 to 15 digits");
  return phone;
}

std::optional<std::string> identity_of(const std::optional<std::string>& typed) {
  if (!typed || trim(*typed).empty()) return std::nullopt;
  auto identity = normal_identity(*typed);
  if (!identity) throw invalid("people.bad_identity", "/identity", "5 to 20 letters and digits with a right check character");
  return identity;
}

std::optional<std::string> remarks_of(const std::optional<std::string>& typed) {
  if (!typed || trim(*typed).empty()) return std::nullopt;
  if (length_of(*typed) > 1000) throw invalid("people.bad_remarks", "/remarks", "at most 1000 characters");
  return std::string(trim(*typed));
}

void settle(Plain& plain, Time now) {
  if (plain.identity) {
    if (const auto said = said_by(*plain.identity)) {
      if (plain.birth && *plain.birth != said->birth)
        throw invalid("people.identity_disagrees", "/birth", "the identity number has another birth date");
      if (plain.sex && *plain.sex != Sex::unknown && *plain.sex != said->sex)
        throw invalid("people.identity_disagrees", "/sex", "the identity number has another sex");
      plain.birth = said->birth;
      plain.sex = said->sex;
    }
  }
  if (plain.birth) {
    const auto year = static_cast<int>(plain.birth->year());
    if (!plain.birth->ok() || year < 1850 || std::chrono::sys_days(*plain.birth) > now)
      throw invalid("people.bad_birth", "/birth", "a date between 1850 and today");
  }
}

}  // namespace

std::optional<std::string> normal_phone(std::string_view typed) {
  const std::string half = normalise(typed);
  std::string digits;
  for (const char c : half) {
    if (is_digit(c) || (c == '+' && digits.empty())) digits += c;
    else if (c != ' ' && c != '-' && c != '(' && c != ')') return std::nullopt;
  }
  if (digits.starts_with("+86")) digits.erase(0, 3);
  const std::size_t n = digits.size() - (digits.starts_with('+') ? 1 : 0);
  if (n < 5 || n > 15) return std::nullopt;
  return digits;
}

std::optional<std::string> normal_identity(std::string_view typed) {
  std::string text;
  for (const char c : normalise(typed)) {
    if (c >= 'a' && c <= 'z') text += static_cast<char>(c - 'a' + 'A');
    else if (is_digit(c)) text += c;
    else if (c != ' ' && c != '-') return std::nullopt;
  }
  if (text.size() < 5 || text.size() > 20) return std::nullopt;
  const bool resident = text.size() == 18 && std::all_of(text.begin(), text.end() - 1, is_digit);
  if (resident && !has_good_check_character(text)) return std::nullopt;
  return text;
}

bool has_good_check_character(std::string_view eighteen) {
  constexpr std::array<int, 17> weights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  if (eighteen.size() != 18) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    if (!is_digit(eighteen[i])) return false;
    sum += weights[i] * (eighteen[i] - '0');
  }
  return eighteen[17] == "10X98765432"[sum % 11];
}

std::optional<FromIdentity> said_by(std::string_view identity) {
  if (!has_good_check_character(identity)) return std::nullopt;
  const Day birth = std::chrono::year{number(identity.substr(6, 4))} /
                    static_cast<unsigned>(number(identity.substr(10, 2))) /
                    static_cast<unsigned>(number(identity.substr(12, 2)));
  if (!birth.ok()) return std::nullopt;
  return FromIdentity{birth, (identity[16] - '0') % 2 == 1 ? Sex::male : Sex::female};
}

std::optional<std::string> tail_of(std::string_view normal) {
  if (normal.size() < 8) return std::nullopt;  // a tail of a short value would be most of it
  return std::string(normal.substr(normal.size() - 4));
}

Plain plain_of(const PersonWords& words, Time now) {
  Plain plain{name_of(words.name), phone_of(words.phone), identity_of(words.identity), remarks_of(words.remarks),
              words.birth, words.sex};
  if (words.source.empty() || words.source.size() > 40)
    throw invalid("people.bad_source", "/source", "1 to 40 characters");
  settle(plain, now);
  return plain;
}

Plain changed(Plain plain, const PersonChange& words, Time now) {
  if (words.name) plain.name = name_of(*words.name);
  if (words.phone) plain.phone = phone_of(words.phone);
  if (words.identity) {
    plain.identity = identity_of(words.identity);
    // The old number's birth date and sex were the old number's.
    if (plain.identity && said_by(*plain.identity)) plain.birth.reset(), plain.sex.reset();
  }
  if (words.remarks) plain.remarks = remarks_of(words.remarks);
  if (words.birth) plain.birth = words.birth;
  if (words.sex) plain.sex = words.sex;
  settle(plain, now);
  return plain;
}

std::string make_code(Ids& ids) {
  const std::string random = ids.random_bytes(kCodeLetters);
  std::string code;
  for (const char c : random) code += kLetters[static_cast<unsigned char>(c) % 32];
  return code + check_letter(code);
}

std::optional<std::string> normal_code(std::string_view typed) {
  std::string code;
  for (char c : normalise(typed)) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if (kLetters.find(c) == std::string_view::npos) return std::nullopt;
    code += c;
  }
  if (code.size() != kCodeLetters + 1 || check_letter(std::string_view(code).substr(0, kCodeLetters)) != code.back())
    return std::nullopt;
  return code;
}

bool scope_holds(std::span<const std::string> scope, std::string_view what) {
  return std::any_of(scope.begin(), scope.end(),
                     [&](const std::string& s) { return s == what || (s == "*" && what != "health"); });
}

bool is_how(std::string_view how) { return how == "app" || how == "paper" || how == "voice" || how == "desk"; }

}  // namespace lifang::people
