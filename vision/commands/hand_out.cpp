#include "vision/commands/hand_out.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include "base/real_world.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "vision/serve/exporter.hpp"
#include "vision/serve/steering.hpp"

namespace lifang::vision {

void hand_out(const HandOutWords& words) {
  if (sodium_init() < 0) throw Refusal{RefusalKind::unavailable, "vision.export", "libsodium cannot begin"};
  const auto time_of = [](const std::string& text, const char* field) {
    const auto time = parse_time(text);
    if (!time) throw invalid("vision.export", field, "is no time: 2026-11-22T08:00:00+08:00 or Unix milliseconds");
    return *time;
  };
  ::umask(077);
  // What was drawn in the console is private today as much as what stands in the file.
  ServeWords eyes = load_serve(words.config);
  std::map<std::string, DrawnOff> off;
  if (eyes.steer) eyes = with_drawn(std::move(eyes), off);
  if (off.contains(words.camera) && off[words.camera].dark) throw Refusal{RefusalKind::unreadable, "vision.masks", off[words.camera].why};
  RealClock clock;
  RealIds ids(clock);
  const ExportWords asked{words.camera, time_of(words.from, "/from"), time_of(words.to, "/to"), words.asked_by, words.reason, words.out};
  fmt::print("{}\n", to_json(export_recordings(World{clock, ids}, eyes, asked)));
}

int check_handed_out(const std::filesystem::path& folder, const std::filesystem::path& config) {
  if (sodium_init() < 0) return 1;
  const auto wrong = check_export(folder, std::filesystem::path(load_serve(config).folder) / "exports.jsonl");
  for (const std::string& line : wrong) fmt::print("{}\n", line);
  if (wrong.empty()) fmt::print("every file is as the manifest says, and the manifest as the log has it\n");
  return wrong.empty() ? 0 : 1;
}

}  // namespace lifang::vision
