#include "base/words.hpp"

#include <algorithm>
#include <charconv>

#include "base/refusal.hpp"

namespace lifang::reflect {
namespace {

namespace json = boost::json;

template <class Number>
std::optional<Number> number_of(std::string_view word) {
  Number number{};
  const auto [end, bad] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (bad != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return number;
}

/// A word that is not what the member wants stays text: reading it says so.
json::value value_of_word(std::string_view word, WordKind kind) {
  if (kind == WordKind::flag) {
    if (word == "true" || word == "1" || word.empty()) return true;
    if (word == "false" || word == "0") return false;
  } else if (kind == WordKind::number) {
    if (const auto number = number_of<std::int64_t>(word)) return *number;
    if (const auto number = number_of<std::uint64_t>(word)) return *number;
    if (const auto number = number_of<double>(word)) return *number;
  }
  return json::value(word);
}

void add_items(json::array& items, std::string_view words, WordKind kind) {
  for (;;) {
    const auto comma = words.find(',');
    const std::string_view word = words.substr(0, comma);
    if (!word.empty()) items.push_back(value_of_word(word, kind));
    if (comma == std::string_view::npos) return;
    words.remove_prefix(comma + 1);
  }
}

}  // namespace

json::object object_of_words(const std::vector<std::pair<std::string, std::string>>& words,
                             std::span<const WordMember> members) {
  json::object object;
  for (const auto& [name, word] : words) {
    const auto member =
        std::find_if(members.begin(), members.end(),
                     [&name = name](const WordMember& m) { return m.name == name; });
    if (member == members.end()) {
      object[name] = word;  // refused by name when it is read
    } else if (member->list) {
      if (!object.contains(name)) object[name] = json::array();
      add_items(object[name].as_array(), word, member->kind);
    } else if (object.contains(name)) {
      const Path root;
      refuse(Path{&root, name, {}}, "json.repeated", "given twice");
    } else if (!word.empty() || member->kind == WordKind::flag) {
      object[name] = value_of_word(word, member->kind);
    }
  }
  return object;
}

}  // namespace lifang::reflect
