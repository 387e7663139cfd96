#include "rooms/devices/devices_detections.hpp"

#include <map>
#include <sstream>
#include <vector>

#include "base/check.hpp"
#include "base/csv.hpp"
#include "base/embedded.hpp"

namespace lifang::devices {
namespace {

struct Spoken {
  std::string zh, en;
};
using Words = std::map<std::string, Spoken, std::less<>>;

Words read_words() {
  Words words;
  for (const embedded::File& file : embedded::data()) {
    if (!file.path.ends_with("devices/data/detections.csv")) continue;
    std::istringstream in{std::string(file.bytes)};
    CsvReader csv(in);
    csv.read_header();
    std::vector<std::string> row;
    while (csv.next(row)) words[row[0]] = {row[1], row[2]};
  }
  check(!words.empty(), "the words of detections travel inside the program");
  return words;
}

/// It never changes while the program runs.
const Spoken& spoken(std::string_view kind) {
  static const Words words = read_words();
  static const Spoken none;
  const auto found = words.find(kind);
  return found == words.end() ? none : found->second;
}

}  // namespace

std::string detection_zh(std::string_view kind) { return spoken(kind).zh; }
std::string detection_en(std::string_view kind) { return spoken(kind).en; }

}  // namespace lifang::devices
