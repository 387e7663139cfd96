// Every SQL statement of the room rules.
#pragma once
#include "rooms/rules/rules.hpp"

namespace lifang::rules::store {

struct Row {
  std::string id;
  std::uint32_t number = 0;
  std::int64_t latest = 0;
  std::int64_t active = 0;  ///< version, 0: none
};

std::optional<Row> find(Reader& reader, const std::string& id);
std::vector<Row> list(Reader& reader, const std::string& after, std::size_t limit);
void keep(Tx& tx, const Row& row);
std::uint32_t last_number(Reader& reader);
void add_version(Tx& tx, const std::string& id, const VersionView& version);
void stamp_activated(Tx& tx, const std::string& id, std::int64_t version);
std::vector<VersionView> versions(Reader& reader, const std::string& id);
std::optional<VersionView> version(Reader& reader, const std::string& id, std::int64_t version);

struct Memory {
  std::uint32_t device = 0;
  std::string blob;
  Time newest = kNever;
  Time arrived = kNever;
  bool by_arrival = false;
};
void each_memory(Reader& reader, const std::function<void(Memory)>& fn);
void keep_memory(Tx& tx, const Memory& memory);
void remove_memory(Tx& tx, std::uint32_t device);

/// All versions that judge or may still be open: (row, version) for every active one, and any by reference.
RulePtr load(Reader& reader, const Row& row, std::int64_t version);
RulePtr load(Reader& reader, RuleRef ref);

}  // namespace lifang::rules::store
