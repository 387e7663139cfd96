#include "rooms/notices/notices_ways_store.hpp"

#include "base/members.hpp"

namespace lifang::notices::store {
namespace {

constexpr std::string_view kWay = "SELECT way FROM notices_ways WHERE person = $1 AND class = $2";
constexpr std::string_view kHasWays = "SELECT COUNT(*) FROM notices_ways WHERE person = $1 AND way <> 'app'";
constexpr std::string_view kKeepWay =
    "INSERT INTO notices_ways (person, class, way) VALUES ($1, $2, $3) ON CONFLICT (person, class) DO UPDATE SET way = excluded.way";
constexpr std::string_view kForgetWays = "DELETE FROM notices_ways WHERE person = $1";

}  // namespace

Way way_of(Reader& reader, const std::string& person, Class class_) {
  const auto way = reader.value<std::string>(kWay, person, enum_name(class_));
  return way ? enum_of<Way>(*way) : Way::app;
}
bool has_ways(Reader& reader, const std::string& person) { return reader.value<std::int64_t>(kHasWays, person).value_or(0) > 0; }
void keep_way(Tx& tx, const std::string& person, Class class_, Way way) { tx.run(kKeepWay, person, enum_name(class_), enum_name(way)); }
void forget_ways(Tx& tx, const std::string& person) { tx.run(kForgetWays, person); }

}  // namespace lifang::notices::store
