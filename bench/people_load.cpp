// How long does a district's register take to load? Seals and writes made-up households through the room's bulk way on
// SQLite with full synchronising, next to bare inserts of rows of the same size without seals and indices.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "base/embedded.hpp"
#include "base/real_world.hpp"
#include "house.hpp"
#include "platform/db/migrate.hpp"
#include "rooms/people/people_rules.hpp"

using namespace lifang;

namespace {

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Names of two or three characters, phones of the reserved range 199 0000 xxxx, no identity number has a real region.
people::LoadHousehold household(std::mt19937& chance, int number) {
  static constexpr std::array<const char*, 10> surnames = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周"};
  static constexpr std::array<const char*, 10> given = {"伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋"};
  people::LoadHousehold home;
  home.path = fmt::format("/hangzhou/xihu/street{}/community{}/compound{}/b{}/u{}/h{}/", number % 10, number % 40,
                          number / 1000, number / 40 % 25, number / 20 % 2, number);
  home.place = places::PlaceId{fmt::format("h{}", number)};
  home.since = from_ms(1'700'000'000'000);
  const int members = number % 20 < 11 ? 3 : 2;
  for (int i = 0; i < members; ++i) {
    people::LoadMember member;
    member.person.name = std::string(surnames[chance() % 10]) + given[chance() % 10] + (chance() % 2 ? given[chance() % 10] : "");
    const int year = 1940 + static_cast<int>(chance() % 75);
    if (year < 2012) member.person.phone = fmt::format("1990000{:04}", chance() % 10000);
    const std::string seventeen = fmt::format("990000{}{:02}{:02}{:03}", year, 1 + chance() % 12, 1 + chance() % 28, chance() % 1000);
    for (const char c : std::string_view("0123456789X"))
      if (people::has_good_check_character(seventeen + c)) member.person.identity = seventeen + c;
    member.role = i == 0 ? people::ResidentRole::owner : people::ResidentRole::member;
    if (year < 1956) member.tags.push_back("very-old");
    home.members.push_back(std::move(member));
  }
  return home;
}

}  // namespace

int main(int argc, char** argv) {
  const int households = argc > 1 ? std::atoi(argv[1]) : 20'000;
  const std::filesystem::path directory = std::filesystem::temp_directory_path() / fmt::format("people_load_{}", ::getpid());
  std::filesystem::create_directories(directory);
  RealClock clock;
  RealIds ids(clock);
  World world{clock, ids};
  const auto database = db::Database::open("sqlite:" + (directory / "lifang.db").string());
  db::migrate(*database->connect(), embedded::schemas(), clock.now());
  House::Plan plan;
  plan.directory = directory.string();
  plan.node_key = make_key(ids);
  double sealing = 0, writing = 0, making = 0;
  std::int64_t persons = 0;
  {
    House house(std::move(plan), *database, world);
    house.open();
    std::mt19937 chance(7);
    std::vector<std::shared_ptr<const people::Prepared>> slice;
    for (int i = 0; i < households;) {
      const double start = cpu_seconds();
      std::vector<people::LoadHousehold> words;
      for (int n = 0; n < 500 && i < households; ++n) words.push_back(household(chance, i++));
      const double made = cpu_seconds();
      slice.clear();
      for (const auto& one : words) {
        slice.push_back(house.people.prepare(one, clock.now(), ids));
        persons += static_cast<std::int64_t>(one.members.size());
      }
      const double sealed = cpu_seconds();
      house.lane.now([&](Tx& tx) { house.people.load(tx, slice); });
      making += made - start;
      sealing += sealed - made;
      writing += cpu_seconds() - sealed;
    }
  }
  const auto bytes = std::filesystem::file_size(directory / "lifang.db");

  const auto bare = db::Database::open("sqlite:" + (directory / "bare.db").string())->connect();
  bare->script("CREATE TABLE bare (id TEXT PRIMARY KEY, body BYTEA)");
  const std::string body(480, 'x');
  const double start = cpu_seconds();
  for (std::int64_t i = 0; i < persons;) {
    bare->script("BEGIN");
    for (int n = 0; n < 1500 && i < persons; ++n, ++i) {
      const std::string id = "person_" + ids.ulid();
      const db::Param params[] = {db::param(id), db::param(db::Blob{body})};
      bare->execute("INSERT INTO bare (id, body) VALUES ($1, $2)", params, nullptr);
    }
    bare->script("COMMIT");
  }
  const double plain = cpu_seconds() - start;
  std::filesystem::remove_all(directory);
  fmt::print("{} households, {} persons: sealing {:.2f} s, writing {:.2f} s of CPU on one core ({:.0f} persons/s); making them up {:.2f} s\n",
             households, persons, sealing, writing, static_cast<double>(persons) / (sealing + writing), making);
  fmt::print("database {:.0f} MB, {:.0f} bytes a person; bare inserts of the same size {:.2f} s; ratio {:.2f}\n",
             static_cast<double>(bytes) / 1e6, static_cast<double>(bytes) / static_cast<double>(persons), plain,
             (sealing + writing) / plain);
}
