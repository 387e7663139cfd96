// Places as a file names them.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "rooms/imports/imports_pass.hpp"

namespace lifang::imports {
namespace {

Spot spot_of(const places::Place& place) { return {place.id.text, place.path, place.name, place.kind}; }

Refusal unknown(std::string_view column) {
  return invalid("imports.unknown_place", "/" + std::string(column), "no such place");
}

std::vector<std::string> names_in(std::string_view words) {
  std::string text(words);
  for (const std::string_view mark : {"·", "／", " > "})
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) text.replace(at, mark.size(), "/");
  std::vector<std::string> names;
  for (std::size_t from = 0; from <= text.size();) {
    const auto to = std::min(text.find('/', from), text.size());
    if (const auto name = trim(std::string_view(text).substr(from, to - from)); !name.empty()) names.emplace_back(name);
    from = to + 1;
  }
  return names;
}

}  // namespace

std::string plain_name(std::string_view name) {
  std::string plain = normalise(name);
  for (const std::string_view word : {"号楼", "单元", "幢", "栋", "座", "室", "号", "楼"})
    if (plain.size() > word.size() && plain.ends_with(word)) {
      plain.resize(plain.size() - word.size());
      break;
    }
  return plain;
}

std::string slug(std::string_view name) {
  std::string found;
  for (const char c : plain_name(name))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) found += c;
  if (!found.empty() && found.size() <= 20) return found;
  std::uint32_t hash = 2166136261U;  // FNV-1a: the same name gives the same id on every node
  for (const char c : plain_name(name)) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return fmt::format("x{:08x}", hash);
}

std::optional<Spot> Ground::find(const std::string& id) {
  if (const auto known = known_.find(id); known != known_.end()) return known->second;
  if (!is_client_id(id)) return std::nullopt;
  const auto place = places::Places::find(reader_, places::PlaceId{id});
  return place ? std::optional(spot_of(*place)) : std::nullopt;
}

std::vector<Spot>& Ground::children(const std::string& parent) {
  const auto [it, is_new] = children_.try_emplace(parent);
  if (!is_new) return it->second;
  places::Filter filter;
  filter.parent = places::PlaceId{parent};
  filter.limit = 100'000;
  for (const places::Place& place : places::Places::list(reader_, Caller::system(), filter)) it->second.push_back(spot_of(place));
  return it->second;
}

void Ground::add(const Spot& spot, const std::string& parent) {
  if (!parent.empty()) {
    auto& siblings = children(parent);
    const auto same = std::find_if(siblings.begin(), siblings.end(), [&](const Spot& s) { return s.id == spot.id; });
    if (same == siblings.end()) siblings.push_back(spot);
    else *same = spot;
  }
  known_[spot.id] = spot;
}

std::optional<Spot> Ground::child(const Spot& parent, const std::string& name) {
  const std::string wanted = plain_name(name);
  for (const Spot& spot : children(parent.id))
    if (plain_name(spot.name) == wanted || spot.id == name) return spot;
  return std::nullopt;
}

Spot Ground::compound(const std::string& words, std::string_view column) {
  if (auto named = find(words)) return *named;
  std::vector<Spot> found;
  const std::string wanted = normalise(words);
  for (const auto& [id, spot] : known_)
    if (normalise(spot.name) == wanted && caller_.may("places.read", spot.path)) found.push_back(spot);
  places::Filter filter;
  filter.name = words;
  filter.limit = 1000;
  for (const places::Place& place : places::Places::list(reader_, caller_, filter))
    if (normalise(place.name) == wanted && !known_.contains(place.id.text)) found.push_back(spot_of(place));
  // A compound before a spot or a building of the same name.
  std::stable_sort(found.begin(), found.end(), [](const Spot& a, const Spot& b) {
    return (a.kind == places::Kind::compound) > (b.kind == places::Kind::compound);
  });
  if (found.empty()) throw unknown(column);
  const auto compounds = std::count_if(found.begin(), found.end(), [](const Spot& s) { return s.kind == places::Kind::compound; });
  if (compounds > 1 || (compounds == 0 && found.size() > 1))
    throw invalid("imports.ambiguous_place", "/" + std::string(column), "several places of this name");
  add(found.front(), "");
  return found.front();
}

Spot Ground::resolve(const std::string& words, std::string_view column) {
  if (auto named = find(words)) return *named;
  if (words.size() > 2 && words.front() == '/' && words.back() == '/') {
    const auto ids = places::Places::ids_in(words);
    const auto last = ids.empty() ? std::nullopt : find(ids.back());
    if (!last || last->path != words) throw unknown(column);
    return *last;
  }
  const auto names = names_in(words);
  if (names.empty()) throw unknown(column);
  Spot at = compound(names.front(), column);
  for (std::size_t i = 1; i < names.size(); ++i) {
    const auto next = child(at, names[i]);
    if (!next) throw unknown(column);
    at = *next;
  }
  return at;
}

void Pass::once(const std::string& key, std::string_view column) {
  if (!keys.insert(key).second) throw invalid("imports.twice", "/" + std::string(column), "an earlier row says the same");
}

}  // namespace lifang::imports
