// How long does a page of cases take when there are a million of them? Every list that people wait for, p50 and p99, on
// SQLite in a file. Arguments: number of cases (200,000), rounds (200). Yardstick in the same run: one case by its id.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>

#include "base/real_world.hpp"
#include "platform/db/migrate.hpp"
#include "rooms/cases/cases_store.hpp"

namespace {

using namespace lifang;
using namespace lifang::cases;

struct Chance {
  std::uint64_t state = 88172645463325252ULL;
  std::uint64_t next() {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state;
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
};

constexpr std::size_t kCompounds = 113, kStreets = 9;
constexpr Time kNow = from_ms(1'772'416'800'000);

std::string path_of(std::size_t compound, std::size_t building) {
  return fmt::format("/city/district/street-{}/compound-{}/b{}/", compound % kStreets, compound, building);
}

/// One in a hundred is open; the newest are likelier to be.
Record make(Chance& chance, std::size_t i, std::size_t all) {
  static const char* kKinds[] = {"leak", "noise", "dust", "bin-full", "parking-disorder", "street-light", "dirty", "dropped-bag"};
  static const char* kTexts[] = {"楼道漏水请来人", "半夜噪音太大", "垃圾桶满了没人收", "路灯不亮", "有人乱停车堵住消防通道"};
  Record r;
  r.id = CaseId{fmt::format("case_{:026}", i)};
  r.number = fmt::format("2026{:04}-{:06}", i / 1000, i);
  r.kind = i % 5000 == 7 ? "missing-elder" : kKinds[chance.below(8)];
  r.title = r.kind;
  r.grade = Grade::III;
  const std::size_t compound = chance.below(kCompounds), building = chance.below(40);
  r.place = places::PlaceId{fmt::format("c{}-b{}", compound, building)};
  r.path = path_of(compound, building);
  r.text = kTexts[chance.below(5)];
  r.opened_at = kNow - Duration{static_cast<std::int64_t>(all - i) * 30'000};
  const bool open = chance.below(100) == 0 || i + all / 200 > all;
  r.circle = static_cast<Circle>(chance.below(20) == 0 ? 2 : chance.below(6) == 0 ? 1 : 0);
  r.post = PostId{chance.below(2) ? "guard" : "repairer"};
  r.organisation = OrganisationId{fmt::format("estate-{}", compound)};
  if (chance.below(4)) r.person = PersonId{fmt::format("person-{}", compound * 3 + chance.below(3))};
  r.holding = 1;
  r.lines = 3;
  if (open) {
    r.state = chance.below(2) ? State::assigned : State::accepted;
    r.due = kNow + Duration{(static_cast<std::int64_t>(chance.below(10'000)) - 2'000) * 60'000};
  } else {
    r.state = State::closed;
    r.ending = Ending::solved;
    r.closed_at = r.opened_at + Duration{3'600'000};
  }
  return r;
}

double measure(const std::string& name, std::size_t rounds, const std::function<std::size_t()>& ask) {
  std::vector<double> us;
  std::size_t rows = 0;
  ask();
  for (std::size_t i = 0; i < rounds; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    rows = ask();
    us.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(us.begin(), us.end());
  const double p99 = us[us.size() * 99 / 100];
  fmt::print("{:44} {:4} rows   p50 {:8.2f} ms   p99 {:8.2f} ms\n", name, rows, us[us.size() / 2] / 1000, p99 / 1000);
  return p99;
}

void fill(db::Session& session, World& world, std::size_t cases) {
  Chance chance;
  for (std::size_t i = 0; i < cases;) {
    session.script("BEGIN");
    Tx tx(session, world, kNow);
    for (std::size_t k = 0; k < 20'000 && i < cases; ++k, ++i) store::insert(tx, make(chance, i, cases));
    session.script("COMMIT");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t cases = argc > 1 ? std::stoul(argv[1]) : 200'000;
  const std::size_t rounds = argc > 2 ? std::stoul(argv[2]) : 200;
  const auto directory = std::filesystem::temp_directory_path() / fmt::format("lifang-bench-cases-{}", cases);
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  const auto database = db::Database::open("sqlite:" + (directory / "lifang.db").string());
  const auto session = database->connect();
  db::migrate(*session, embedded::schemas(), kNow);
  RealClock clock;
  RealIds ids(clock);
  World world{clock, ids};
  fill(*session, world, cases);
  Reader reader(*session);
  const std::string compound = "/city/district/street-7/compound-7/";
  const store::Scope all{{"/"}, "person-22", "a", {"guard"}, {}, {}}, own{{compound}, "person-22", "a", {"guard"}, {}, {}};
  const auto page = [&](const store::Scope& scope, const Filter& filter) {
    return [&reader, scope, filter] { return store::list(reader, scope, filter, kNow).size(); };
  };
  fmt::print("{} cases\n", cases);
  const double one = measure("one case by its id (yardstick)", rounds, [&] {
    return store::find(reader, CaseId{fmt::format("case_{:026}", cases / 2)}) ? 1 : 0;
  });
  Filter mine;
  mine.mine = mine.by_due = true;
  double worst = measure("my queue by deadline", rounds, page(own, mine));
  Filter circle;
  circle.circle = Circle::small;
  circle.by_due = true;
  worst = std::max(worst, measure("open of a circle by deadline", rounds, page(all, circle)));
  Filter overdue;
  overdue.overdue = true;
  worst = std::max(worst, measure("overdue, newest first", rounds, page(all, overdue)));
  Filter place;
  place.place_path = compound;
  worst = std::max(worst, measure("a compound, newest first", rounds, page(all, place)));
  place.open = true;
  worst = std::max(worst, measure("a compound, open", rounds, page(all, place)));
  place = {};
  place.place_path = path_of(7, 3);
  worst = std::max(worst, measure("a building, newest first", rounds, page(all, place)));
  place.place_path = "/city/district/street-7/";
  worst = std::max(worst, measure("a street, newest first", rounds, page(all, place)));
  Filter state;
  state.state = State::closed;
  worst = std::max(worst, measure("closed, newest first", rounds, page(all, state)));
  state.state = State::deferred;
  worst = std::max(worst, measure("a state that nothing is in", rounds, page(own, state)));
  Filter kind;
  kind.kind = "missing-elder";
  worst = std::max(worst, measure("a rare kind", rounds, page(all, kind)));
  kind.kind = "dust";
  kind.state = State::closed;
  worst = std::max(worst, measure("a common kind, closed, own compound", rounds, page(own, kind)));
  Filter words;
  words.q = "消防通道";
  worst = std::max(worst, measure("words of the text", std::min<std::size_t>(rounds, 50), page(all, words)));
  Filter deep;
  deep.after = fmt::format("case_{:026}", cases / 10);
  worst = std::max(worst, measure("all, deep page", rounds, page(all, deep)));
  fmt::print("worst p99 {:.2f} ms = {:.0f} × the yardstick's\n", worst / 1000, worst / one);
  std::filesystem::remove_all(directory);
}
