// The refusal codes that a room's README lists are those that its sources refuse with, no more and no fewer.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "support/source_tree.hpp"

namespace lifang::tidy {
namespace {

using Codes = std::set<std::string>;

/// The sentence behind "**Refuses**": up to the full stop outside of a code, or to the end of its paragraph.
std::string refuses_of(const std::string& page) {
  const std::string word = "**Refuses**";
  const auto begin = page.find(word);
  if (begin == std::string::npos) return {};
  bool in_code = false;
  std::size_t at = begin + word.size();
  for (; at < page.size() && page.compare(at, 2, "\n\n") != 0; ++at) {
    if (page[at] == '`') in_code = !in_code;
    if (!in_code && page[at] == '.' && (at + 1 == page.size() || page[at + 1] == ' ' || page[at + 1] == '\n')) break;
  }
  return page.substr(begin, at - begin);
}

/// "`cases.unknown`, `not_yours`" in the README of cases: both are its own. `sheet.*` speaks of many and is passed over.
Codes named_in(const std::string& room, const std::string& page) {
  static const std::regex code("`([a-z0-9_.]+)`");
  const std::string text = refuses_of(page);
  Codes named;
  for (std::sregex_iterator it(text.begin(), text.end(), code), end; it != end; ++it) {
    const std::string word = (*it)[1];
    named.insert(word.find('.') == std::string::npos ? room + "." + word : word);
  }
  return named;
}

struct Spoken {
  Codes all;      ///< whatever looks like a code: topics, rights and jobs too
  Codes refused;  ///< those within a statement that makes a Refusal
};

void note(const std::string& text, Codes& codes) {
  static const std::regex literal(R"re("([a-z]+\.[a-z0-9_]+)")re");
  for (std::sregex_iterator it(text.begin(), text.end(), literal), end; it != end; ++it) codes.insert((*it)[1]);
}

std::string without_comments(const Source& source) {
  std::string text;
  for (const std::string& line : source.lines) {
    const auto at = line.find_first_not_of(' ');
    if (at != std::string::npos && line.compare(at, 2, "//") != 0) text += line + "\n";
  }
  return text;
}

std::map<std::string, Spoken> spoken_by_rooms() {
  static const std::regex begins(R"(\b(throw\b|invalid\(|missing\(|not_found\(|conflict\(|forbidden\(|Refusal\())");
  std::map<std::string, Spoken> rooms;
  each_part([&](const Source& source) {
    if (source.room().empty()) return;
    Spoken& spoken = rooms[source.room()];
    const std::string text = without_comments(source);
    note(text, spoken.all);
    for (std::sregex_iterator it(text.begin(), text.end(), begins), end; it != end; ++it) {
      const auto from = static_cast<std::size_t>(it->position());
      note(text.substr(from, std::min(text.find(';', from), text.size()) - from), spoken.refused);
    }
  });
  return rooms;
}

TEST(Tidy, a_rooms_readme_lists_the_refusals_that_there_are) {
  const auto rooms = spoken_by_rooms();
  ASSERT_GT(rooms.size(), 15U);
  Codes known;
  for (const auto& [room, spoken] : rooms) known.insert(spoken.all.begin(), spoken.all.end());
  Findings found;
  for (const auto& [room, spoken] : rooms) {
    const auto page = tree().find("src/rooms/" + room + "/README.md");
    if (page == tree().end()) continue;  // said elsewhere
    const Codes named = named_in(room, page->second.text());
    if (named.empty()) found.add(page->second, "**Refuses** is missing: the codes that programs meet");
    for (const std::string& code : spoken.refused)
      if (code.starts_with(room + ".") && !named.contains(code))
        found.add(page->second, fmt::format("refuses with {}: name it behind **Refuses**", code));
    for (const std::string& code : named)
      if (!(code.starts_with(room + ".") ? spoken.all : known).contains(code))
        found.add(page->second, fmt::format("names {}, which no source has: take it out", code));
  }
  EXPECT_TRUE(found.none()) << found.text();
}

TEST(Tidy, a_sentence_of_refusals_is_read_to_its_end) {
  const std::string page =
      "**Never** does `other.thing`.\n**Refuses** `cases.unknown`, `not_yours`; of lists `places.cycle`,\n`sheet.*`. Then `more`.\n";
  EXPECT_EQ(named_in("cases", page), (Codes{"cases.unknown", "cases.not_yours", "places.cycle"}));
  EXPECT_TRUE(named_in("cases", "no such sentence").empty());
}

}  // namespace
}  // namespace lifang::tidy
