// The conventions that a program can check (CONTRIBUTING.md). Each finding says what to do.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "support/source_tree.hpp"

namespace lifang::tidy {
namespace {

/// src/base/x.hpp → 0, platform 1, rooms 2, porch 3, what stands on top of the house 4.
int layer_of(std::string_view path) {
  if (path.starts_with("base/")) return 0;
  if (path.starts_with("platform/")) return 1;
  if (path.starts_with("rooms/")) return 2;
  if (path.starts_with("porch/")) return 3;
  return 4;
}

TEST(Tidy, arrows_point_down_only) {
  Findings found;
  each_part([&](const Source& source) {
    const int own = layer_of(source.path.substr(4));
    for (const auto& included : source.quoted)
      if (layer_of(included) > own)
        found.add(source, fmt::format("includes \"{}\" from above it: move what both need down, or pass it in", included));
  });
  EXPECT_TRUE(found.none()) << found.text();
}

TEST(Tidy, a_room_asks_only_rooms_above_it_that_its_readme_declares) {
  Findings found;
  const auto& order = room_order();
  const auto rank = [&](const std::string& room) { return std::find(order.begin(), order.end(), room) - order.begin(); };
  each_part([&](const Source& source) {
    const std::string room = source.room();
    if (room.empty()) return;
    if (rank(room) == std::ssize(order)) found.add(source, "this room is no member of House: give it its place in src/house.hpp");
    const auto rooms = declared(room);
    for (const auto& included : source.quoted) {
      if (!included.starts_with("rooms/")) continue;
      const std::string other = included.substr(6, included.find('/', 6) - 6);
      if (other == room) continue;
      if (!rooms.contains(other))
        found.add(source, fmt::format("asks the room {}: name it behind **Depends on** in the README of {}, or hear what it tells", other, room));
      else if (rank(other) > rank(room))
        found.add(source, fmt::format("asks {} which stands below {}: tell it through the bus instead", other, room));
    }
  });
  EXPECT_TRUE(found.none()) << found.text();
}

/// The door of a room is its ROOM.hpp, with the headers of the same room that this one brings along and those of the
/// classes that it hands out ("class Catalogue;").
void add_door(const std::string& header, const std::string& room, std::set<std::string>& door) {
  const auto source = tree().find("src/" + header);
  if (source == tree().end() || !door.insert(header).second) return;
  for (const auto& included : source->second.quoted)
    if (included.starts_with("rooms/" + room + "/")) add_door(included, room, door);
  for (const auto& line : source->second.lines)
    if (line.starts_with("class ") && line.ends_with(';')) {
      std::string part = line.substr(6, line.size() - 7);
      std::transform(part.begin(), part.end(), part.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
      door.insert("rooms/" + room + "/" + room + "_" + part + ".hpp");
    }
}

bool is_door(const std::string& included) {
  const std::string room = included.substr(6, included.find('/', 6) - 6);
  static std::map<std::string, std::set<std::string>> doors;
  auto& door = doors[room];
  if (door.empty()) add_door("rooms/" + room + "/" + room + ".hpp", room, door);
  if (door.contains(included)) return true;
  const auto header = tree().find("src/" + included);  // or its first lines say so
  return header != tree().end() && header->second.lines.size() > 2 &&
         (header->second.lines[0] + " " + header->second.lines[1].substr(0, 20)).find("A part of the") != std::string::npos;
}

TEST(Tidy, other_rooms_are_entered_through_their_door) {
  Findings found;
  each_part([&](const Source& source) {
    const std::string room = source.room();
    if (room.empty() && !source.path.starts_with("src/porch/")) return;
    for (const auto& included : source.quoted) {
      if (!included.starts_with("rooms/") || included.starts_with("rooms/" + room + "/")) continue;
      if (!is_door(included))
        found.add(source, fmt::format("includes \"{}\": include the room's door, or let the door include this header", included));
    }
  });
  EXPECT_TRUE(found.none()) << found.text();
}

/// Whether a header brings one of the libraries that cost compile time, itself or through another.
bool brings(const Source& source, std::set<std::string>& seen, std::string& which) {
  static const std::vector<std::string> heavy = {"boost/json", "boost/asio", "boost/beast", "sqlite3.h", "libpq-fe.h", "openssl/", "simdjson"};
  for (const auto& included : source.angled)
    for (const auto& library : heavy)
      if (included.starts_with(library)) {
        which = included;
        return true;
      }
  for (const auto& included : source.quoted) {
    const auto next = tree().find("src/" + included);
    if (next != tree().end() && seen.insert(included).second && brings(next->second, seen, which)) return true;
  }
  return false;
}

TEST(Tidy, headers_of_rooms_bring_no_heavy_library_along) {
  Findings found;
  each_part([&](const Source& source) {
    if (source.room().empty() || !source.is_header()) return;
    std::set<std::string> seen;
    std::string which;
    if (brings(source, seen, which))
      found.add(source, fmt::format("brings <{}> into everybody who includes it: include it in a .cpp, or use base/json_text.hpp, "
                                    "base/describe.hpp", which));
  });
  EXPECT_TRUE(found.none()) << found.text();
}

TEST(Tidy, sql_stands_in_stores) {
  Findings found;
  static const std::regex sql(R"re("(SELECT [A-Za-z0-9_*(]|INSERT INTO |UPDATE [a-z_]+ SET|DELETE FROM |CREATE TABLE ))re");
  each_part([&](const Source& source) {
    if (source.path.find("_store") != std::string::npos || source.path.starts_with("src/platform/")) return;
    for (std::size_t i = 0; i < source.lines.size(); ++i)
      if (source.lines[i].find('"') != std::string::npos && std::regex_search(source.lines[i], sql))
        found.add(source, i + 1, "SQL: move it into the room's *_store.cpp, as a named constant above its function");
  });
  EXPECT_TRUE(found.none()) << found.text();
}

/// Where an error of one thing must not end the others, and there is no platform below that could catch it.
const std::map<std::string, std::string_view> kMayCatch = {
    {"src/commands.cpp", "the edge of the program: exit codes"},
    {"src/node.cpp", "the node's own thread must outlive what its slices throw"},
    {"src/node_tls.cpp", "a new certificate that cannot be used must not take the old one away"},
    {"src/courier.cpp", "the courier's thread must outlive a channel"},
    {"src/librarian.cpp", "the librarian's thread must outlive a database that is away"},
    {"src/porch/mqtt/mqtt_porch.cpp", "the lane's refusal of a batch becomes reason codes"},
    {"src/rooms/cases/cases_batch.cpp", "one case of a batch that is refused must not stop the others"},
    {"src/rooms/exchange/exchange.cpp", "one order of a list that is refused must not stop the others"},
    {"src/rooms/exchange/exchange_captures_carry.cpp", "a picture that is damaged must not hold up the queue"},
    {"src/rooms/exchange/exchange_captures_rules.cpp", "what a camera says beside its picture is read or is not"},
    {"src/rooms/exchange/exchange_viid.cpp", "what another program answers is read or is not"},
    {"src/rooms/exchange/exchange_http_open311.cpp", "Open311 spells refusals in its own way"},
    {"src/rooms/imports/imports.cpp", "each bad row of a file is told, not only the first"},
    {"src/rooms/actions/actions.cpp", "a refused command is written down with its why, in the same transaction"},
    {"src/ward/ward_doors.cpp", "a move of the made-up past that the table refuses is counted and told"},
};

TEST(Tidy, what_is_thrown_is_caught_at_the_edge) {
  Findings found;
  each_part([&](const Source& source) {
    if (source.path.starts_with("src/base/") || source.path.starts_with("src/platform/") || kMayCatch.contains(source.path)) return;
    for (std::size_t i = 0; i < source.lines.size(); ++i)
      if (has_word(code_of(source.lines[i]), "catch"))
        found.add(source, i + 1, "catch: return an outcome where both are normal, and let refusals and bugs reach the edge");
  });
  EXPECT_TRUE(found.none()) << found.text();
}

TEST(Tidy, the_clock_and_chance_of_the_machine_are_read_in_one_place) {
  Findings found;
  static const std::vector<std::string_view> words = {"system_clock::now", "steady_clock::now", "sleep_for", "sleep_until", "usleep",
                                                      "nanosleep", "random_device", "randombytes_buf", "randombytes_random", "getrandom",
                                                      "gettimeofday", "clock_gettime", "srand"};
  each_part([&](const Source& source) {
    // A load generator measures the machine itself.
    if (source.path == "src/base/real_world.cpp" || source.path == "src/ward/ward_burst.cpp") return;
    for (std::size_t i = 0; i < source.lines.size(); ++i)
      for (const auto word : words)
        if (source.lines[i].find(word) != std::string::npos && code_of(source.lines[i]).find(word) != std::string::npos)
          found.add(source, i + 1, fmt::format("{}: take time and ids from the World that is passed in", word));
  });
  EXPECT_TRUE(found.none()) << found.text();
}

/// They wait for another process, which has no fake clock.
const std::set<std::string> kMaySleep = {"test/fault/kill_test.cpp", "test/support/served_node.cpp", "test/accept/accept_311.cpp"};

TEST(Tidy, tests_do_not_sleep) {
  Findings found;
  for (const auto& [path, source] : tree()) {
    if (!source.is_test() || !source.is_code() || path.starts_with("test/tidy/") || kMaySleep.contains(path)) continue;
    for (std::size_t i = 0; i < source.lines.size(); ++i)
      for (const char* word : {"sleep_for", "sleep_until", "usleep", "nanosleep"})
        if (has_word(code_of(source.lines[i]), word))
          found.add(source, i + 1, "a test that sleeps is slow or wrong: move the fake clock, or wait for what you wait for");
  }
  EXPECT_TRUE(found.none()) << found.text();
}

}  // namespace
}  // namespace lifang::tidy
