// Node health: how the machine room is, for those who look after it; asked once and then told on the live stream.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/time.hpp"

namespace lifang {

/// One reason for which something was refused since the start, at the porch, by HTTP or by a room.
struct RefusedWords {
  static constexpr std::string_view schema_name = "node.Refused";
  std::string reason;  ///< `porch.future`, `access.no_right` …
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(RefusedWords, (), (reason, count))

/// A hearer that failed at an event and waits to try it again.
struct ParkedWords {
  static constexpr std::string_view schema_name = "node.Parked";
  std::string hearer;
  std::int64_t failures = 0;  ///< in a row
  std::string error;
  std::optional<Time> retry_at;
  bool aside = false;  ///< it goes on without the `failures` events that it refused for good; they are kept
};
BOOST_DESCRIBE_STRUCT(ParkedWords, (), (hearer, failures, error, retry_at, aside))

/// `GET /api/v1/node/health` (right `node.read`), and the body of `node.health` on the live stream: at once when `ready`,
/// `note` or `parked` changes, else every ten seconds; made only while somebody listens who may hear it.
struct NodeHealth {
  static constexpr std::string_view schema_name = "node.Health";
  Time at;
  bool ready = false;
  std::string note;  ///< why it is not ready, or what is odd although it is; else empty
  std::int64_t lane_waiting = 0;           ///< use cases that wait to be written
  std::int64_t porch_waiting_values = 0;   ///< values that devices sent and that are not yet committed
  std::int64_t device_connections = 0;
  std::int64_t open_pages = 0;             ///< live streams
  std::int64_t messages = 0;               ///< of devices, since the start
  std::int64_t values_stored = 0;          ///< since the start
  std::int64_t values_suspect = 0;         ///< since the start
  std::int64_t series = 0;
  std::optional<std::int64_t> disk_free_bytes, disk_total_bytes;
  std::optional<Time> certificate_ends;
  bool certificate_trouble = false;
  std::vector<ParkedWords> parked;
  std::vector<RefusedWords> refused;  ///< most first
};
BOOST_DESCRIBE_STRUCT(NodeHealth, (),
                      (at, ready, note, lane_waiting, porch_waiting_values, device_connections, open_pages, messages,
                       values_stored, values_suspect, series, disk_free_bytes, disk_total_bytes, certificate_ends,
                       certificate_trouble, parked, refused))

}  // namespace lifang
