#include "vision/commands/hand_out.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include "base/real_world.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "vision/serve/exporter.hpp"

namespace lifang::vision {

void hand_out(const HandOutWords& words) {
  if (sodium_init() < 0) throw Refusal{RefusalKind::unavailable, "vision.export", "libsodium cannot begin"};
  const auto time_of = [](const std::string& text, const char* field) {
    const auto time = parse_time(text);
    if (!time) throw invalid("vision.export", field, "is no time: 2026-11-22T08:00:00+08:00 or Unix milliseconds");
    return *time;
  };
  RealClock clock;
  RealIds ids(clock);
  const ExportWords asked{words.camera, time_of(words.from, "/from"), time_of(words.to, "/to"), words.asked_by, words.reason, words.out};
  fmt::print("{}\n", to_json(export_recordings(World{clock, ids}, load_serve(words.config), asked)));
}

int check_handed_out(const std::filesystem::path& folder) {
  if (sodium_init() < 0) return 1;
  const auto wrong = check_export(folder);
  for (const std::string& line : wrong) fmt::print("{}\n", line);
  if (wrong.empty()) fmt::print("every file is as the manifest says\n");
  return wrong.empty() ? 0 : 1;
}

}  // namespace lifang::vision
