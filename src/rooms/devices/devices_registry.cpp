#include "rooms/devices/devices_registry.hpp"

#include <algorithm>

namespace lifang::devices {

DevicePtr Registry::find(std::string_view id) const {
  const std::shared_lock lock(mutex_);
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : it->second;
}

DevicePtr Registry::at(std::uint32_t number) const {
  const std::shared_lock lock(mutex_);
  return number < by_number_.size() ? by_number_[number] : nullptr;
}

DevicePtr Registry::by_secret(const std::string& hash) const {
  const std::shared_lock lock(mutex_);
  const auto [first, last] = by_secret_.equal_range(hash);
  if (first == last || std::next(first) != last) return nullptr;
  const auto it = by_id_.find(first->second);
  return it == by_id_.end() ? nullptr : it->second;
}

std::shared_ptr<const ProfileEntry> Registry::profile(const std::string& id) const {
  const std::shared_lock lock(mutex_);
  const auto it = profiles_.find(id);
  return it == profiles_.end() ? nullptr : it->second;
}

std::vector<DevicePtr> Registry::all() const {
  const std::shared_lock lock(mutex_);
  std::vector<DevicePtr> all;
  all.reserve(by_id_.size());
  for (const auto& [id, entry] : by_id_) all.push_back(entry);
  return all;
}

std::size_t Registry::size() const {
  const std::shared_lock lock(mutex_);
  return by_id_.size();
}

std::uint16_t Registry::kind_number(std::string_view kind) const {
  const std::shared_lock lock(mutex_);
  const auto it = kinds_.find(kind);
  return it == kinds_.end() ? std::uint16_t{0} : it->second;
}

std::string Registry::metric_name(std::uint16_t number) const {
  const std::shared_lock lock(mutex_);
  return number < metric_names_.size() ? metric_names_[number] : std::string{};
}

bool Registry::shares_secret(const std::string& hash, std::string_view id) const {
  const std::shared_lock lock(mutex_);
  const auto [first, last] = by_secret_.equal_range(hash);
  return std::any_of(first, last, [&](const auto& one) { return one.second != id; });
}

void Registry::forget_secret(const DeviceEntry& entry) {
  const auto [first, last] = by_secret_.equal_range(entry.secret);
  for (auto it = first; it != last; ++it) {
    if (it->second != entry.id) continue;
    by_secret_.erase(it);
    return;
  }
}

void Registry::keep(std::shared_ptr<DeviceEntry> entry) {
  entry->bounds.clear();
  for (const MetricEntry& m : entry->profile->metrics) {
    // An attribute that the device lacks bounds nothing.
    const double low = m.min_attribute.empty() ? m.min : entry->attribute(m.min_attribute);
    const double high = m.max_attribute.empty() ? m.max : entry->attribute(m.max_attribute);
    entry->bounds.push_back(std::isnan(low) ? -INFINITY : low);
    entry->bounds.push_back(std::isnan(high) ? INFINITY : high);
  }
  const std::unique_lock lock(mutex_);
  DevicePtr& slot = by_id_[entry->id];
  if (slot) {
    entry->state = slot->state;
    forget_secret(*slot);
    slot->stale = true;
  }
  if (!entry->state) entry->state = std::make_shared<DeviceState>();
  by_secret_.emplace(entry->secret, entry->id);
  if (entry->number >= by_number_.size()) by_number_.resize(std::max<std::size_t>(entry->number + 1UL, by_number_.size() * 2));
  by_number_[entry->number] = entry;
  slot = std::move(entry);
}

void Registry::remove(const std::string& id) {
  const std::unique_lock lock(mutex_);
  const auto it = by_id_.find(id);
  if (it == by_id_.end()) return;
  it->second->stale = true;
  forget_secret(*it->second);
  by_number_[it->second->number] = nullptr;
  by_id_.erase(it);
}

void Registry::keep(std::shared_ptr<const ProfileEntry> profile) {
  const std::unique_lock lock(mutex_);
  const std::string id = profile->id;
  profiles_[id] = std::move(profile);
}

std::uint16_t Registry::intern_kind(std::string_view kind) {
  const std::unique_lock lock(mutex_);
  const auto it = kinds_.find(kind);
  if (it != kinds_.end()) return it->second;
  if (kinds_.size() >= 0xfffe) return 0;  // more than rules can name: none of them sees it
  const auto number = static_cast<std::uint16_t>(kinds_.size() + 1);
  kinds_.emplace(std::string(kind), number);
  return number;
}

void Registry::keep_metric(const std::string& name, std::uint16_t number) {
  const std::unique_lock lock(mutex_);
  if (number >= metric_names_.size()) metric_names_.resize(number + 1UL);
  metric_names_[number] = name;
}

}  // namespace lifang::devices
