// Places: the tree of the district, from the city down to a home or a spot. The door of the room.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/id.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"

namespace lifang::places {

enum class Kind { city, district, street, community, compound, building, unit, home, spot };
BOOST_DESCRIBE_ENUM(Kind, city, district, street, community, compound, building, unit, home, spot)

using PlaceId = Id<struct PlaceTag>;  ///< chosen by the client

/// Longitude and latitude in degrees, WGS 84.
struct Point {
  double lon = 0;
  double lat = 0;
};
BOOST_DESCRIBE_STRUCT(Point, (), (lon, lat))

/// What a client says of a place. `outline`: the ground plan, 3 to 500 corners, first and last need not be the
/// same. `floors`: above ground, 1…200. `height`: metres, 0…1000.
struct PlaceWords {
  Kind kind = Kind::spot;
  std::string name;
  std::optional<PlaceId> parent;
  std::optional<Point> position;
  std::optional<std::vector<Point>> outline;
  std::optional<std::int64_t> floors;
  std::optional<double> height;
};
BOOST_DESCRIBE_STRUCT(PlaceWords, (), (kind, name, parent, position, outline, floors, height))

struct Place {
  PlaceId id;
  Kind kind = Kind::spot;
  std::string name;
  std::optional<PlaceId> parent;
  std::string path;  ///< ids from the top, "/xihu/fuyuan/b3/"
  std::optional<Point> position;
  std::optional<std::vector<Point>> outline;
  std::optional<std::int64_t> floors;
  std::optional<double> height;
};
BOOST_DESCRIBE_STRUCT(Place, (), (id, kind, name, parent, path, position, outline, floors, height))

/// How a list calls a place.
struct Named {
  PlaceId id;
  Kind kind = Kind::spot;
  std::string name;
  std::optional<PlaceId> parent;
  std::string path;
};
BOOST_DESCRIBE_STRUCT(Named, (), (id, kind, name, parent, path))

/// A place was made or described anew.
struct Kept {
  static constexpr std::string_view topic = "places.kept";
  PlaceId place;
};
BOOST_DESCRIBE_STRUCT(Kept, (), (place))

/// The subtree at `from` now stands at `to`; whoever keeps paths rewrites those that begin with `from`.
struct Moved {
  static constexpr std::string_view topic = "places.moved";
  PlaceId place;
  std::string from;
  std::string to;
};
BOOST_DESCRIBE_STRUCT(Moved, (), (place, from, to))

struct Filter {
  std::optional<Kind> kind;
  std::optional<PlaceId> parent;   ///< its children
  std::optional<PlaceId> under;    ///< its whole subtree, itself included
  std::optional<std::string> name; ///< part of the name
  std::optional<std::string> after;  ///< path of the last one seen
  std::size_t limit = 50;
};

class Places {
 public:
  explicit Places(bus::Bus& bus) : bus_(bus) {}

  /// Makes or describes anew. Right `places.write` over the place and its new parent.
  /// @throws Refusal places.bad_parent (unknown, or not of a kind above), places.cycle, places.bad_outline
  Place put(Tx& tx, const Caller& caller, const PlaceId& id, const PlaceWords& words);

  /// @throws Refusal missing places.unknown
  static Place get(Reader& reader, const PlaceId& id);
  static std::optional<Place> find(Reader& reader, const PlaceId& id);
  static std::optional<Kind> kind_of(Reader& reader, const PlaceId& id);
  /// The path alone, for rooms that keep it. @throws Refusal invalid places.unknown at `field`
  static std::string path_of(Reader& reader, const PlaceId& id, std::string_view field = "/place");
  /// Whether what stands in a place fits under a new kind of it as well. @throws Refusal invalid places.bad_kind
  static void must_still_hold(Reader& reader, const PlaceId& id, Kind kind);
  /// What a list was asked for with `?place=`. @throws Refusal invalid places.unknown at "?place"
  static PlaceId asked_for(Reader& reader, const std::string& id);
  /// In order of path, within the caller's places (right `places.read`).
  static std::vector<Place> list(Reader& reader, const Caller& caller, const Filter& filter);
  static std::int64_t count(Reader& reader, const Caller& caller, const Filter& filter);
  /// Those of them that the caller may read (right `places.read`), in the order asked for.
  static std::vector<Named> names(Reader& reader, const Caller& caller, const std::vector<std::string>& ids);
  /// Names from the top down: 余杭区 · 府苑新村 · 3 幢, for sentences that people read.
  static std::string spoken(Reader& reader, const PlaceId& id);
  /// The last two of them, for sentences in which the whole chain is in the way: 府苑新村 · 3 幢.
  static std::string spoken_near(Reader& reader, const PlaceId& id);
  /// The ids in a path, top first; the last is the place itself.
  static std::vector<std::string> ids_in(std::string_view path);

 private:
  void move(Tx& tx, const Caller& caller, const Place& place, const std::string& to);
  bus::Bus& bus_;
};

}  // namespace lifang::places
