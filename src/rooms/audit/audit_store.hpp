// Every SQL statement of the room audit.
#pragma once
#include <functional>

#include "rooms/audit/audit.hpp"

namespace lifang::audit::store {

void insert(Tx& tx, const Entry& entry, bool view);
std::optional<Head> last(Reader& reader);
std::optional<Entry> find(Reader& reader, std::int64_t seq);
std::vector<Entry> list(Reader& reader, const std::vector<std::string>& roots, const Filter& filter);
std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const Filter& filter);
std::vector<Entry> views_of(Reader& reader, const std::string& person, std::optional<std::int64_t> before,
                            std::size_t limit);
/// In order of number.
void each(Reader& reader, const std::function<void(const Entry&)>& fn);

struct Anchor {
  std::int64_t seq = 0;
  std::string hash;
  std::string signature;
};
void insert_anchor(Tx& tx, const Anchor& anchor);
std::vector<Anchor> anchors(Reader& reader);
std::optional<Anchor> head(Reader& reader);
void set_head(Tx& tx, const Anchor& head);
std::optional<Anchor> base(Reader& reader);
void set_base(Tx& tx, const Anchor& base);
/// The newest of the `limit` oldest entries from before `before`.
std::optional<Head> last_old(Reader& reader, Time before, int limit);
std::int64_t remove_to(Tx& tx, std::int64_t seq);

}  // namespace lifang::audit::store
