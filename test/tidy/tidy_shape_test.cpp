// Sizes, names and the shape of a room: the other half of what a program can check.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "support/source_tree.hpp"

namespace lifang::tidy {
namespace {

constexpr std::size_t kFile = 500, kDoor = 150, kFunction = 70;

TEST(Tidy, files_are_read_in_one_go) {
  Findings found;
  for (const auto& [path, source] : tree())
    if (source.is_code() && source.lines.size() > kFile)
      found.add(source, fmt::format("{} lines, {} are enough: what is hiding in it?", source.lines.size(), kFile));
  EXPECT_TRUE(found.none()) << found.text();
}

TEST(Tidy, doors_are_one_look) {
  Findings found;
  each_part([&](const Source& source) {
    if (source.room().empty() || source.name() != source.room() + ".hpp") return;
    // What explains is not counted, so that nobody explains less.
    const auto lines = static_cast<std::size_t>(std::count_if(source.lines.begin(), source.lines.end(), [](const std::string& line) {
      const auto at = line.find_first_not_of(' ');
      return at != std::string::npos && line.compare(at, 2, "//") != 0;
    }));
    if (lines > kDoor) found.add(source, fmt::format("{} lines: a door has {}; put the values into {}_values.hpp", lines, kDoor, source.room()));
  });
  EXPECT_TRUE(found.none()) << found.text();
}

/// Lists that happen to be functions: one line is like the other.
const std::map<std::string, std::string_view> kLists = {
    {"src/house.cpp", "who hears whom, on one page"},
    {"src/platform/http/message.cpp", "the registered phrases"},
    {"src/rooms/accounts/accounts_roles.cpp", "the supplied roles"},
    {"src/ward/ward_almanac.cpp", "the demo's rules"},
};

/// Where functions begin: at the margin or inside a class, a line with '(' that ends with '{', closed by a '}' at the same indent.
TEST(Tidy, functions_are_one_screen) {
  Findings found;
  static const std::regex other(R"(^\s*(namespace|struct|class|enum|union|extern|constexpr|const|static const|inline constexpr)\b)");
  each_part([&](const Source& source) {
    if (kLists.contains(source.path)) return;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      const std::string& line = source.lines[i];
      const auto indent = line.find_first_not_of(' ');
      if (indent == std::string::npos || indent > 2 || !line.ends_with('{') || line[indent] == '}' || line[indent] == '#') continue;
      if (line.find('(') == std::string::npos && line.find(')') == std::string::npos) continue;
      if (std::regex_search(line, other) && line.find(") {") == std::string::npos) continue;
      const std::string end = std::string(indent, ' ') + "}";
      for (std::size_t j = i + 1; j < source.lines.size(); ++j)
        if (source.lines[j].starts_with(end)) {
          if (j - i - 1 > kFunction) found.add(source, i + 1, fmt::format("{} lines in one function, {} are enough", j - i - 1, kFunction));
          break;
        }
    }
  });
  EXPECT_TRUE(found.none()) << found.text();
}

TEST(Tidy, the_first_line_of_a_header_says_what_it_is) {
  Findings found;
  for (const auto& [path, source] : tree())
    if (source.is_header() && (source.lines.size() < 2 || !source.lines[0].starts_with("// ") || source.lines[0].size() < 15))
      found.add(source, 1, "begin with a comment of one sentence: what is this, and for whom?");
  for (const auto& [path, source] : tree())
    if (source.is_header() && source.text().find("#pragma once") == std::string::npos) found.add(source, "#pragma once is missing");
  EXPECT_TRUE(found.none()) << found.text();
}

TEST(Tidy, names_say_something) {
  Findings found;
  static const std::regex type(R"(^\s*(?:struct|class|enum class|enum|using)\s+([A-Za-z0-9_]+)\b)");
  static const std::regex empty_word(R"((Manager|Helper|Util|Utils|Impl|Data|Info|Base|Handler)$)");
  // Somebody who acts for another person is called a helper, in the law as in the house.
  const std::set<std::string> people = {"Helper", "NamedHelper"};
  each_part([&](const Source& source) {
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(source.lines[i], match, type)) continue;
      const std::string name = match[1];
      if (source.room() == "people" && people.contains(name)) continue;
      if (source.path == "src/platform/http/server.hpp" && name == "Handler") continue;  // the field's own word
      if (std::regex_search(name, empty_word)) found.add(source, i + 1, fmt::format("{}: such a word says nothing; what does it do?", name));
    }
    for (const char* word : {"manager", "helper", "util", "impl", "common", "misc"})
      if (source.name().find(word) != std::string::npos && source.name().find(std::string(word) + "s") == std::string::npos)
        found.add(source, "a file's name says what is in it");
  });
  EXPECT_TRUE(found.none()) << found.text();
}

TEST(Tidy, nothing_is_left_for_later) {
  Findings found;
  const std::vector<std::string> words = {std::string("TO") + "DO", std::string("FIX") + "ME", std::string("XX") + "X", std::string("HA") + "CK"};
  for (const auto& [path, source] : tree())
    for (std::size_t i = 0; i < source.lines.size(); ++i)
      for (const auto& word : words)
        if (has_word(source.lines[i], word)) found.add(source, i + 1, "do it now, or write it down as an issue");
  EXPECT_TRUE(found.none()) << found.text();
}

TEST(Tidy, every_room_has_its_readme_with_all_headings) {
  Findings found;
  std::set<std::string> rooms;
  each_part([&](const Source& source) {
    if (!source.room().empty()) rooms.insert(source.room());
  });
  EXPECT_GE(rooms.size(), 14U);
  for (const auto& room : rooms) {
    const auto page = tree().find("src/rooms/" + room + "/README.md");
    if (page == tree().end()) {
      ADD_FAILURE() << room << " has no README.md: one screen, as the other rooms have it";
      continue;
    }
    const std::string text = page->second.text();
    for (const char* heading : {"**Owns**", "**Promises**", "**Never**", "**Hears**", "**Tells**", "**Depends on**", "**Refuses**"})
      if (text.find(heading) == std::string::npos) found.add(page->second, fmt::format("{} is missing", heading));
    if (page->second.lines.size() > 60) found.add(page->second, "more than one screen");
    if (!page->second.lines[0].starts_with("# " + room)) found.add(page->second, 1, "begins with the room's name");
    for (const std::string& file : {room + ".hpp", room + "_http.cpp"})
      if (!tree().contains("src/rooms/" + room + "/" + file)) found.add(page->second, "the room has no " + file);
  }
  EXPECT_TRUE(found.none()) << found.text();
}

TEST(Tidy, schema_files_are_numbered_and_make_only_the_rooms_own_tables) {
  Findings found;
  std::map<std::string, std::vector<const Source*>> folders;
  for (const auto& [path, source] : tree())
    if (path.ends_with(".sql")) folders[path.substr(0, path.rfind('/'))].push_back(&source);
  static const std::regex table(R"(CREATE TABLE (?:IF NOT EXISTS )?([a-z0-9_]+))");
  for (const auto& [folder, files] : folders) {
    const std::string owner = folder.substr(0, folder.rfind('/')).substr(folder.substr(0, folder.rfind('/')).rfind('/') + 1);
    for (std::size_t i = 0; i < files.size(); ++i) {  // in order of name
      if (!files[i]->name().starts_with(fmt::format("{:04}_", i + 1)))
        found.add(*files[i], fmt::format("should begin with {:04}_: numbers are given once and without a gap", i + 1));
      const std::string text = files[i]->text();
      for (std::sregex_iterator at(text.begin(), text.end(), table), end; at != end; ++at) {
        const std::string name = (*at)[1];
        if (name != owner && !name.starts_with(owner + "_"))
          found.add(*files[i], fmt::format("makes the table {}: tables of {} begin with its name", name, owner));
      }
      if (text.find("REFERENCES ") != std::string::npos) found.add(*files[i], "no foreign keys: rows of other rooms are ids");
    }
  }
  EXPECT_TRUE(found.none()) << found.text();
}

/// Numbers that belong to nobody: everybody's example, and the ranges that the demo uses.
bool is_made_up(const std::string& number) {
  static const std::set<std::string> known = {"13800138000", "13900139000", "13812345678", "13800000000"};
  // 1380000000x: one digit apart, for tests with several people.
  return known.contains(number) || number.starts_with("1380000000");
}

TEST(Tidy, nobodys_personal_data_stands_in_the_tree) {
  Findings found;
  static const std::regex phone(R"((^|[^0-9])(1[3-9][0-9]{9})([^0-9]|$))");
  static const std::regex mail(R"(([A-Za-z0-9._+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+))");
  for (const auto& [path, source] : tree())
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      const std::string& line = source.lines[i];
      std::smatch match;
      if (std::count_if(line.begin(), line.end(), [](char c) { return c >= '0' && c <= '9'; }) >= 11)
        for (auto at = line.cbegin(); std::regex_search(at, line.cend(), match, phone); at = match[2].second)
          if (!is_made_up(match[2])) found.add(source, i + 1, fmt::format("{} may be somebody's phone: use 13800138000", match[2].str()));
      if (line.find('@') != std::string::npos && std::regex_search(line, match, mail) && match[1].str().find("example") == std::string::npos &&
          match[1].str().find("@here") == std::string::npos && match[1].str().find("@there") == std::string::npos && !path.starts_with("web/"))
        found.add(source, i + 1, fmt::format("{} may be somebody's address: use …@example.org", match[1].str()));
    }
  EXPECT_TRUE(found.none()) << found.text();
}

TEST(Tidy, no_path_of_one_machine_stands_in_the_tree) {
  Findings found;
  const std::string work = std::string("/wo") + "rk/", home = std::string("/ho") + "me/";
  for (const auto& [path, source] : tree())
    for (std::size_t i = 0; i < source.lines.size(); ++i)
      if (source.lines[i].find(work) != std::string::npos || source.lines[i].find(home) != std::string::npos)
        found.add(source, i + 1, "this path is of one machine");
  EXPECT_TRUE(found.none()) << found.text();
}

}  // namespace
}  // namespace lifang::tidy
