#include "vision/judges/plate_grammar.hpp"

#include <algorithm>
#include <numeric>

namespace lifang::vision {
namespace {

constexpr std::string_view provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
constexpr std::string_view endings = "挂学警港澳领使";
constexpr std::size_t province_count = 31;
constexpr std::size_t letter_count = 26;
constexpr std::size_t first_letter = province_count, first_digit = first_letter + letter_count;
constexpr std::size_t first_ending = first_digit + 10;

bool is_letter(std::size_t s) { return s >= first_letter && s < first_digit; }
bool is_digit(std::size_t s) { return s >= first_digit && s < first_ending; }
bool is_one_of(std::size_t s, std::string_view letters) {
  return is_letter(s) && letters.find(static_cast<char>('A' + (s - first_letter))) != letters.npos;
}

}  // namespace

const std::vector<std::string>& plate_symbols() {
  static const std::vector<std::string> symbols = [] {
    std::vector<std::string> out = characters_of(provinces);
    for (char c = 'A'; c <= 'Z'; ++c) out.emplace_back(1, c);
    for (char c = '0'; c <= '9'; ++c) out.emplace_back(1, c);
    for (const std::string& e : characters_of(endings)) out.push_back(e);
    return out;
  }();
  return symbols;
}

bool plate_allows(std::size_t symbol, std::size_t position, std::size_t length) {
  if (position >= length) return false;
  if (position == 0) return symbol < province_count;
  if (position == 1) return is_letter(symbol) && !is_one_of(symbol, "I");
  const bool usual = is_digit(symbol) || (is_letter(symbol) && !is_one_of(symbol, "IO"));
  if (length == 7) return usual || (position == 6 && symbol >= first_ending);
  // New energy: small cars have the letter third and digits after the fourth, large ones have it last.
  if (position == 2) return is_digit(symbol) || is_one_of(symbol, "ABCDEFGHJK");
  if (position == 3) return usual;
  if (position == 7) return is_digit(symbol) || is_one_of(symbol, "ABCDEFGHJK");
  return is_digit(symbol);
}

bool is_plate(std::string_view text) {
  const auto characters = characters_of(text);
  const auto& symbols = plate_symbols();
  if (characters.size() != 7 && characters.size() != 8) return false;
  std::size_t letters = 0;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const auto at = std::find(symbols.begin(), symbols.end(), characters[i]);
    const auto symbol = static_cast<std::size_t>(at - symbols.begin());
    if (at == symbols.end() || !plate_allows(symbol, i, characters.size())) return false;
    letters += (i == 2 || i == 7) && is_letter(symbol);
  }
  return characters.size() == 7 || letters == 1;
}

std::vector<std::string> characters_of(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t n = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    n = std::min(n, text.size() - i);
    out.emplace_back(text.substr(i, n));
    i += n;
  }
  return out;
}

std::size_t plate_distance(std::string_view a, std::string_view b) {
  const auto x = characters_of(a), y = characters_of(b);
  std::vector<std::size_t> row(y.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= x.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= y.size(); ++j) {
      const std::size_t change = diagonal + (x[i - 1] != y[j - 1]);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::size_t match_plate(std::string_view text, const std::vector<std::string>& list) {
  std::size_t found = npos;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == text) return i;
    if (plate_distance(list[i], text) > 1) continue;
    if (found != npos && list[found] != list[i]) found = list.size();
    if (found == npos) found = i;
  }
  return found < list.size() ? found : npos;
}

}  // namespace lifang::vision
