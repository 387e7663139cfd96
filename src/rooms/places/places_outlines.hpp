// What a map or a twin shows of places, and to which of them counts are folded. A part of the door.
#pragma once
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "rooms/places/places.hpp"

namespace lifang::places {

/// A place without the words that a map does not need. `ring`: corners of the ground plan as longitude, latitude,
/// longitude …; `at` likewise; both empty where nobody has surveyed it. Units, homes and spots inside a building have
/// none: they are looked at one by one, with the right to.
struct Outline {
  PlaceId id;
  Kind kind = Kind::spot;
  std::string name;
  std::string parent;  ///< empty at the top
  std::int64_t floors = 0;
  double height = 0;   ///< metres; 0: unknown
  std::vector<double> at, ring;
};
BOOST_DESCRIBE_STRUCT(Outline, (), (id, kind, name, parent, floors, height, at, ring))

/// Everything that a map shows below `under` (or of all the caller's places), parents before children.
/// Right `places.read`. @throws Refusal invalid places.unknown, access.not_here
std::vector<Outline> outlines(Reader& reader, const Caller& caller, const std::optional<PlaceId>& under);

/// The subtree that a board is asked for: of `place` (the caller needs `right` there), or wherever the caller has it.
/// @throws Refusal invalid places.unknown, access.not_here
std::vector<std::string> board_roots(Reader& reader, const Caller& caller, std::string_view right,
                                     const std::optional<std::string>& place);

/// Folds what stands in a home, a unit or a corridor to the building around it, so that no board names a home.
class Shown {
 public:
  Shown(Reader& reader, const std::vector<std::string>& roots);
  /// The id of the deepest place on `path` that a map shows; the last id of the path where none of it is known.
  std::string_view id_of(std::string_view path) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_set<std::string, Hash, std::equal_to<>> paths_;
};

}  // namespace lifang::places
