#include "platform/bus/bus_proof.hpp"

#include <fmt/format.h>

namespace lifang::bus {
namespace {

constexpr std::string_view kFirst = "SELECT MIN(seq) FROM bus_events";
constexpr std::string_view kLast = "SELECT MAX(seq) FROM bus_events";
constexpr std::string_view kHearers = "SELECT name, heard, failures, error FROM bus_hearers ORDER BY name";
constexpr std::string_view kNextOfTopic = "SELECT at FROM bus_events WHERE seq > $1 AND topic = $2 ORDER BY seq LIMIT 1";
constexpr std::string_view kAside = "SELECT hearer, COUNT(*), MIN(at), MIN(seq) FROM bus_aside GROUP BY hearer ORDER BY hearer";
constexpr std::string_view kAsideError = "SELECT error FROM bus_aside WHERE hearer = $1 AND seq = $2";

/// A hearer that waits. Its error begins with the topic of the event at which it does ("cases.opened case_…: why").
std::string waiting(Reader& reader, const std::string& name, std::int64_t heard, std::int64_t failures, const std::string& error,
                    std::int64_t last) {
  const auto at = reader.value<Time>(kNextOfTopic, heard, error.substr(0, error.find(' ')));
  return fmt::format("{} has heard nothing since {} (event {} of {}) and acts on nothing that was told since: {} failures: {}. It tries "
                     "again by itself; mend what it says, then look again",
                     name, at ? to_rfc3339(*at) : "then", heard, last, failures, error);
}

/// What a hearer refused for good.
std::string set_aside(Reader& reader, const std::string& name, std::int64_t count, Time since, std::int64_t first) {
  return fmt::format("{} went on without {} events since {}, and what they were to cause did not happen; the first: {}. Mend what it says, "
                     "then have them tried once more: POST /api/v1/node/aside, the console's page of the node, or a restart",
                     name, count, to_rfc3339(since), reader.value<std::string>(kAsideError, name, first).value_or(""));
}

struct Standing {
  std::string name, error;
  std::int64_t heard = 0, failures = 0;
};

struct Aside {
  std::string name;
  std::int64_t count = 0, first = 0;
  Time since;
};

}  // namespace

Proof prove(Reader& reader) {
  Proof proof;
  const std::int64_t first = reader.value<std::int64_t>(kFirst).value_or(1);
  proof.last = reader.value<std::int64_t>(kLast).value_or(0);
  // Read whole before more is asked: a session answers one statement at a time.
  const auto hearers = reader.all(kHearers, [](const db::Row& r) {
    return Standing{r.get<std::string>(0), r.get<std::string>(3), r.integer(1), r.integer(2)};
  });
  const auto asides = reader.all(kAside, [](const db::Row& r) {
    return Aside{r.get<std::string>(0), r.integer(1), r.integer(3), r.time(2)};
  });
  for (const auto& [name, error, heard, failures] : hearers) {
    ++proof.hearers;
    if (heard > proof.last)
      proof.faults.push_back(fmt::format("{} has heard event {}, but the last is {}", name, heard, proof.last));
    // A hearer writes its place only when it listened: behind the first event it would have missed some for certain.
    else if (heard + 1 < first && failures > 0)
      proof.faults.push_back(fmt::format("{} waits at event {}, but the first that is kept is {}", name, heard, first));
    if (failures > 0) proof.faults.push_back(waiting(reader, name, heard, failures, error, proof.last));
  }
  for (const Aside& aside : asides) proof.faults.push_back(set_aside(reader, aside.name, aside.count, aside.since, aside.first));
  return proof;
}

}  // namespace lifang::bus
