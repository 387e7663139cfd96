#include "vision/judges/holding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace lifang::vision {
namespace {

constexpr double kTellAtOnce = 0.1;

/// One more member in the text of a JSON object.
std::string with_member(std::string object, const std::string& member) {
  const auto end = object.rfind('}');
  if (end == std::string::npos) return "{" + member + "}";
  return object.substr(0, end) + (object.find(':') == std::string::npos ? "" : ",") + member + "}";
}

}  // namespace

std::size_t Holding::standing(const std::string& kind) const {
  return static_cast<std::size_t>(std::count_if(held_.begin(), held_.end(), [&](const auto& one) { return one.first.first == kind; }));
}

Telling Holding::tell(const Key& key, Held& held, double seconds) const {
  const std::size_t together = standing(key.first);
  Telling out{key.first, seconds, seconds, held.confidence, held.attributes, held.confidence > held.shown_confidence};
  if (together > 1) out.attributes = with_member(out.attributes, fmt::format(R"("standing":{})", together));
  held.told = seconds;
  held.told_confidence = held.confidence;
  if (out.shown) held.shown_confidence = held.confidence;
  return out;
}

Telling Holding::begin(const std::string& kind, const std::string& subject, const Telling& first, std::optional<double> repeat_s) {
  const Key key{kind, subject};
  Held& held = held_[key];
  held = {first.seconds, first.confidence, 0, -1, first.attributes, repeat_s};
  Telling out = tell(key, held, first.seconds);
  out.began = first.began;
  return out;
}

std::vector<Telling> Holding::end(const std::string& kind, const std::string& subject, double seconds) {
  const auto at = held_.find({kind, subject});
  if (at == held_.end()) return {};
  const std::string attributes = at->second.attributes;
  held_.erase(at);
  if (standing(kind) == 0) return {{kind + "_over", seconds, seconds, 1, attributes, false}};
  std::vector<Telling> out;
  for (auto& [key, held] : held_)
    if (key.first == kind) out.push_back(tell(key, held, seconds));
  return out;
}

std::optional<Telling> Holding::raise(const std::string& kind, const std::string& subject, double seconds, double confidence) {
  const auto at = held_.find({kind, subject});
  if (at == held_.end() || confidence <= at->second.confidence) return std::nullopt;
  at->second.confidence = confidence;
  if (confidence < at->second.told_confidence + kTellAtOnce) return std::nullopt;
  return tell(at->first, at->second, seconds);
}

std::vector<Telling> Holding::again(double seconds) {
  std::vector<Telling> out;
  for (auto& [key, held] : held_)
    if (seconds - held.told >= held.repeat_s.value_or(repeat_s_)) out.push_back(tell(key, held, seconds));
  return out;
}

std::vector<Telling> Holding::end_all(double seconds, std::string_view because, const std::function<bool(const std::string& kind)>& which) {
  std::set<std::string> kinds;
  for (const auto& [key, held] : held_)
    if (!which || which(key.first)) kinds.insert(key.first);
  std::erase_if(held_, [&](const auto& one) { return kinds.contains(one.first.first); });
  std::vector<Telling> out;
  for (const std::string& kind : kinds) out.push_back({kind + "_over", seconds, seconds, 0, fmt::format(R"({{"because":"{}"}})", because), false});
  return out;
}

}  // namespace lifang::vision
