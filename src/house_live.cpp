#include "house_live.hpp"

#include <algorithm>
#include <set>

#include "base/embedded.hpp"
#include "base/reflect.hpp"

namespace lifang {
namespace {

/// Whether the event's body holds `"member":"value"`. Bodies are written by us, without spaces, and ids need no escaping;
/// reading each of them anew for every listener would hold up the lane.
bool names(const bus::Told& event, std::string_view member, std::string_view value) {
  std::string wanted = "\"";
  wanted.append(member).append("\":");
  lifang::write(wanted, value);
  return event.body.find(wanted) != std::string::npos;
}

bool is_theirs(const Caller& caller, const bus::Told& event) {
  return names(event, "person", caller.person.empty() ? caller.account : caller.person);
}

}  // namespace

bool may_hear(const Caller& caller, const bus::Told& event) {
  static const std::set<std::string_view> log = {"people.revealed", "people.searched", "people.exported", "files.viewed", "readings.revealed"};
  if (event.topic == "notices.arrived") {
    const bool for_a_post = event.body.find("\"post\":\"") != std::string::npos;
    return is_theirs(caller, event) || (for_a_post && caller.may("cases.handle", event.path));
  }
  if (event.topic == "notices.ringing" || event.topic == "notices.ring_ended")
    return caller.may("cases.read", event.path) || is_theirs(caller, event);
  // Whoever is only called to cases hears of those that name them; the rest comes to them as notices.
  if (event.topic.starts_with("cases.") && !caller.may("cases.read", event.path)) return is_theirs(caller, event);
  if (event.topic.starts_with("evaluations.")) return caller.may("cases.read", event.path);
  if (log.contains(event.topic)) return caller.may("audit.read", event.path);
  return true;
}

bool is_room(std::string_view word, const http::Routes& routes) {
  const std::string folder = "src/rooms/" + std::string(word) + "/", rights = std::string(word) + ".";
  const auto schemas = embedded::schemas();
  return !word.empty() &&
         (std::any_of(schemas.begin(), schemas.end(), [&](const embedded::File& file) { return file.path.starts_with(folder); }) ||
          std::any_of(routes.all().begin(), routes.all().end(), [&](const auto& route) { return route.right.starts_with(rights); }));
}

}  // namespace lifang
