// Recording: the rows of a CSV (RFC 4180) as the telemetry messages of one device. Pure: no sockets, no clock.
#pragma once
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv.hpp"
#include "base/time.hpp"

namespace lifang::ward {

/// What a bare number is: as it looks, or as somebody said.
enum class Numbers { as_they_look, seconds, milliseconds };

/// A time as recordings spell it; without a zone it is taken as UTC. RFC 3339; "2014-03-05 13:20:00",
/// "2014-03-05T13:20", "2014-03-05", "20140305"; day first: "05/03/2014 13:20"; Unix seconds (up to 11 digits) or
/// milliseconds. As it looks a number is an instant of 1990 to 2199, or `implausible` becomes true; as somebody said it
/// is what it is.
std::optional<Time> parse_recorded_time(std::string_view text, Numbers numbers, bool& implausible);

/// The number of a cell; nothing where the cell says that there is none (empty, NA, N/A, NaN, null, -).
/// `readable` becomes false for anything else that is no finite number.
std::optional<double> parse_recorded_value(std::string_view text, bool& readable);

/// Which column is which. `time`: one column, or year,month,day,hour[,minute[,second]]; `values`: metric → column;
/// `only`: column → the one value of the rows that are meant; `names`: of the columns where the file has no header.
struct RecordingColumns {
  std::string time;
  std::vector<std::pair<std::string, std::string>> values;
  std::vector<std::pair<std::string, std::string>> only = {};
  std::vector<std::string> names = {};
  char separator = ',';
  Numbers numbers = Numbers::as_they_look;
};
/// "temp=Temperature (°C)". @throws Refusal invalid replay.bad_pair
std::pair<std::string, std::string> parse_pair(std::string_view text, std::string_view option);

struct RecordedMessage {
  Time ts;
  std::string payload;  ///< {"ts":…,"values":{…}}
  std::size_t values = 0;
};

struct RecordingCounts {
  std::uint64_t rows = 0;               ///< those that are meant
  std::uint64_t without_values = 0;    ///< rows of which nothing was to be sent
  std::uint64_t without_time = 0;      ///< rows whose time nobody can read
  std::uint64_t implausible_times = 0; ///< of those: numbers that are no instant of 1990 to 2199
  std::string implausible;             ///< the first of them
  std::uint64_t unreadable_values = 0; ///< cells that are neither a number nor a word for none
  std::uint64_t values = 0;
};

/// Memory is bounded by one row. @throws Refusal invalid replay.no_column naming the one that is not there,
/// and whatever CsvReader throws.
class Recording {
 public:
  Recording(std::istream& in, const RecordingColumns& columns);
  /// The next message, rows without values skipped and counted; nothing at the end.
  std::optional<RecordedMessage> next();
  const RecordingCounts& counts() const { return counts_; }

 private:
  std::size_t place_of(std::string_view column) const;
  bool is_meant(const std::vector<std::string>& row) const;
  std::optional<Time> time_of(const std::vector<std::string>& row);

  const RecordingColumns columns_;
  CsvReader reader_;
  std::size_t width_ = 0;
  std::vector<std::pair<std::size_t, std::string>> only_at_;
  std::vector<std::size_t> time_at_;
  std::vector<std::pair<std::string, std::size_t>> value_at_;  ///< `"metric":`, column
  RecordingCounts counts_;
};

}  // namespace lifang::ward
