#include "vision/serve/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/id.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"

namespace lifang::vision {

ServeWords read_serve(const boost::json::value& value) {
  ServeWords words = read<ServeWords>(value);
  const auto within = [](std::int64_t number, std::int64_t low, std::int64_t high, const char* field) {
    if (number < low || number > high) throw invalid("vision.config", field, fmt::format("not between {} and {}", low, high));
  };
  within(words.threads, 1, 64, "/threads");
  within(words.keep_hours, 0, 24 * 366, "/keep_hours");
  within(words.keep_event_days, 30, 3660, "/keep_event_days");
  within(words.free_mib, 0, 1 << 24, "/free_mib");
  within(words.segment_s, 2, 3600, "/segment_s");
  within(words.offset_minutes, -14 * 60, 14 * 60, "/offset_minutes");
  if (words.before_s < 0 || words.before_s > 60 || words.after_s < 0 || words.after_s > 60)
    throw invalid("vision.config", "/before_s", "before_s and after_s are between 0 and 60");
  // What stands is told again: without a pause it would be told with every picture; with a long one a lift would be let go, and its rule would
  // clear (a minute of silence), while an e-bike stands in it.
  if (!(words.repeat_s >= 1 && words.repeat_s <= 30)) throw invalid("vision.config", "/repeat_s", "not between 1 and 30");
  if (words.folder.empty()) throw invalid("vision.config", "/folder", "must not be empty");
  std::set<std::string> ids;
  for (std::size_t i = 0; i < words.cameras.size(); ++i) {
    const CameraWords& camera = words.cameras[i];
    const std::string at = fmt::format("/cameras/{}", i);
    if (!is_client_id(camera.id)) throw invalid("vision.config", at + "/id", "is no id");
    if (!ids.insert(camera.id).second) throw invalid("vision.config", at + "/id", "stands twice");
    // In a path no slash can stand, however it is spelt; spaces and line breaks are in no device's secret.
    const auto in_no_token = [](char c) { return c <= ' ' || c >= 127 || c == '/' || c == '\\'; };
    if (std::any_of(camera.token.begin(), camera.token.end(), in_no_token))
      throw invalid("vision.config", at + "/token", "printable ASCII without spaces, slashes and backslashes");
    if (camera.source.empty()) throw invalid("vision.config", at + "/source", "must not be empty");
    check_view(camera.view, at + "/view");
  }
  return words;
}

std::vector<std::string> only_after_a_restart(const ServeWords& running, const ServeWords& now) {
  std::vector<std::string> out;
  if (running.node != now.node) out.emplace_back("node");
  if (running.folder != now.folder) out.emplace_back("folder");
  if (running.threads != now.threads) out.emplace_back("threads");
  if (running.upload != now.upload) out.emplace_back("upload");
  if (running.steer != now.steer) out.emplace_back("steer");
  return out;
}

ServeFile::ServeFile(std::filesystem::path file) : file_(std::move(file)) {
  std::error_code ignored;
  written_ = std::filesystem::last_write_time(file_, ignored);
  words_ = load_serve(file_);
}

bool ServeFile::look(bool asked) {
  std::error_code failed;
  const auto now = std::filesystem::last_write_time(file_, failed);
  if (!asked && (failed || now == written_)) return false;
  if (!failed) written_ = now;
  words_ = load_serve(file_);
  return true;
}

ServeWords load_serve(const std::filesystem::path& file) { return read_serve(toml_of(file)); }

}  // namespace lifang::vision
