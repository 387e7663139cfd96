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

/// The name that a place had before, if it was there.
template <class Plain>
void forget_name(std::multimap<std::string, std::string>& names, const std::map<std::string, Spot>& spots, const std::string& id,
                 const Plain& plain) {
  const auto before = spots.find(id);
  if (before == spots.end()) return;
  const auto [from, to] = names.equal_range(plain(before->second.name));
  for (auto at = from; at != to; ++at)
    if (at->second == id) {
      names.erase(at);
      return;
    }
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

void Ground::Children::put(const Spot& spot) {
  forget_name(ids_by_name, by_id, spot.id, [](const std::string& name) { return plain_name(name); });
  ids_by_name.emplace(plain_name(spot.name), spot.id);
  by_id[spot.id] = spot;
}

Ground::Children& Ground::children(const std::string& parent) {
  const auto [it, is_new] = children_.try_emplace(parent);
  if (!is_new) return it->second;
  places::Filter filter;
  filter.parent = places::PlaceId{parent};
  filter.limit = 100'000;
  for (const places::Place& place : places::Places::list(reader_, Caller::system(), filter)) it->second.put(spot_of(place));
  return it->second;
}

const std::vector<Spot>& Ground::listed(const std::string& name) {
  const auto [it, is_new] = listed_.try_emplace(name);
  if (!is_new) return it->second;
  places::Filter filter;
  filter.name = name;
  filter.limit = 1000;
  const std::string wanted = normalise(name);
  for (const places::Place& place : places::Places::list(reader_, caller_, filter))
    if (normalise(place.name) == wanted) it->second.push_back(spot_of(place));
  return it->second;
}

void Ground::add(const Spot& spot, const std::string& parent) {
  if (!parent.empty()) children(parent).put(spot);
  forget_name(known_by_name_, known_, spot.id, [](const std::string& name) { return normalise(name); });
  known_by_name_.emplace(normalise(spot.name), spot.id);
  known_[spot.id] = spot;
}

std::optional<Spot> Ground::child(const Spot& parent, const std::string& name) {
  const Children& all = children(parent.id);
  const auto [from, to] = all.ids_by_name.equal_range(plain_name(name));
  if (from != to) return all.by_id.at(from->second);  // the first of them, in order of their paths
  const auto by_id = all.by_id.find(name);
  return by_id == all.by_id.end() ? std::nullopt : std::optional(by_id->second);
}

Spot Ground::compound(const std::string& words, std::string_view column) {
  if (auto named = find(words)) return *named;
  std::vector<Spot> found;
  const auto [from, to] = known_by_name_.equal_range(normalise(words));
  for (auto at = from; at != to; ++at)
    if (const Spot& spot = known_.at(at->second); caller_.may("places.read", spot.path)) found.push_back(spot);
  for (const Spot& spot : listed(words))
    if (!known_.contains(spot.id)) found.push_back(spot);
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

people::Household Pass::add_household(const people::HouseholdWords& words) {
  if (ahead)
    if (const auto sealed = ahead->homes_sealed.find(words.place.text); sealed != ahead->homes_sealed.end())
      return rooms.people.add_household(*tx, caller, words, *sealed->second);
  return rooms.people.add_household(*tx, caller, words);
}

void Pass::once(const std::string& key, std::string_view column) {
  if (!keys.insert(key).second) throw invalid("imports.twice", "/" + std::string(column), "an earlier row says the same");
}

void Pass::must_be_free(const std::string& list, const std::string& id) const {
  if (rooms.reserved(list + id)) throw invalid("http.reserved_id", "/id", "the API has a word of this name at this place");
}

}  // namespace lifang::imports
