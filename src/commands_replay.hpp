// `lifang replay`: sends a CSV as if a device spoke it.
#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ward/recording.hpp"

namespace lifang {

struct ReplayOptions {
  std::string file, time, device, address, secret, password, separator = ",", unix;
  std::vector<std::string> values, only, names;
  double speed = 0;
  std::uint16_t in_flight = 20;
};

/// How it ended.
struct Replayed {
  bool to_the_end = false;  ///< all was sent and answered
  std::uint64_t sent = 0, acknowledged = 0, unanswered = 0, reconnects = 0;
  std::map<unsigned, std::uint64_t> refused;  ///< messages by the reason code of MQTT 5 (0x99: nothing in it could be taken)
  std::string not_let_in;  ///< why the server did not let the device in, in words; else empty
  ward::RecordingCounts counts;
  double seconds = 0;

  /// One line; what was refused with its codes.
  std::string spoken() const;
  /// 0: whatever was sent was taken (a value outside the profile's range is taken, as suspect). 1: the server refused a message
  /// or was away too long, a time was a number of no plausible instant, or there were rows and the time of none could be read.
  int exit_code() const;
};

/// @throws Refusal missing replay.no_file, invalid replay.no_column and whatever Recording throws
Replayed replay(const ReplayOptions& options);

void add_replay(CLI::App& app, int& result);

}  // namespace lifang
