// How soon is a node ready? From exec to 200 on /readyz with a made-up district's database; yardstick of the same run: an
// empty node. Also says how long the district took to load.
//   bench_start [--compounds N] [--households N] [--data DIR] [--times N] [--lifang PATH]
// Without --data the district (113 compounds, 110,000 households) is made first, without its past; with it DIR must hold one.
#include <algorithm>
#include <chrono>

#include "servers.hpp"
#include "ward/ward_load.hpp"

using namespace lifang;
using bench::option;
using Instant = std::chrono::steady_clock;

namespace {

double since(Instant::time_point begin) { return std::chrono::duration<double>(Instant::now() - begin).count(); }

bool is_ready(std::uint16_t port) {
  const int descriptor = bench::dial(port);
  if (descriptor < 0) return false;
  const std::string ask = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  char answer[64] = {};
  const bool good = ::send(descriptor, ask.data(), ask.size(), MSG_NOSIGNAL) > 0 &&
                    ::recv(descriptor, answer, sizeof answer - 1, 0) > 12 && std::string_view(answer).substr(9, 3) == "200";
  ::close(descriptor);
  return good;
}

struct Started {
  double seconds = 0;
  std::size_t resident = 0;
};
Started start(const std::string& program, const std::filesystem::path& data) {
  const std::uint16_t http = bench::free_port(), mqtt = bench::free_port();
  const auto begin = Instant::now();
  const bench::Child node({program, "serve", "--data", data.string(), "--http", fmt::format("127.0.0.1:{}", http), "--mqtt",
                           fmt::format("127.0.0.1:{}", mqtt)});
  while (!is_ready(http)) {
    if (since(begin) > 60) throw std::runtime_error("lifang does not get ready");
    ::usleep(2000);
  }
  return {since(begin), node.resident()};
}

Started median(const std::string& program, const std::filesystem::path& data, int times) {
  std::vector<Started> all;
  for (int i = 0; i < times; ++i) all.push_back(start(program, data));
  std::sort(all.begin(), all.end(), [](const Started& a, const Started& b) { return a.seconds < b.seconds; });
  return all[all.size() / 2];
}

void measure(int argc, char** argv, const std::filesystem::path& folder) {
  const std::string program = option(argc, argv, "--lifang", "build/bin/lifang"), given = option(argc, argv, "--data", "");
  const int times = std::atoi(option(argc, argv, "--times", "5").c_str());
  ::setenv("LIFANG_ADMIN_PASSWORD", bench::kPassword, 1);
  std::filesystem::path data = given;
  if (given.empty()) {
    data = folder / "ward";
    const ward::WardPlan plan = ward::plan_ward({std::strtoul(option(argc, argv, "--compounds", "113").c_str(), nullptr, 10),
                                                 std::strtoul(option(argc, argv, "--households", "110000").c_str(), nullptr, 10), 1});
    const auto begin = Instant::now();
    ward::Loaded loaded;
    bench::furnish(data, [&](House& house) { loaded = ward::load_ward(house, plan, bench::kPassword, [](const std::string&) {}); });
    fmt::print("{} places, {} devices, {} households, {} persons loaded in {:.1f} s (aim 60)\n", loaded.places, loaded.devices,
               loaded.households, loaded.persons, since(begin));
  }
  start(program, folder / "empty");  // makes its schema and its first login
  const Started empty = median(program, folder / "empty", times);
  start(program, data);
  const Started full = median(program, data, times);
  fmt::print("empty node:    ready after {:.0f} ms, {:.0f} MB resident (median of {})\n", empty.seconds * 1e3, static_cast<double>(empty.resident) / 1e6, times);
  fmt::print("with district: ready after {:.0f} ms, {:.0f} MB resident: {:.1f} times the empty one (aim 2000 ms)\n", full.seconds * 1e3,
             static_cast<double>(full.resident) / 1e6, full.seconds / empty.seconds);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const bench::Folder folder;
    measure(argc, argv, folder.path());
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_start: {}\n", error.what());
    return 1;
  }
}
