// Pass: one walk over the rows of a file, to check them or to write them. The same code does both.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "rooms/imports/imports.hpp"
#include "rooms/imports/imports_columns.hpp"
#include "rooms/people/people.hpp"
#include "rooms/people/people_known.hpp"
#include "rooms/places/places.hpp"

namespace lifang::imports {

/// A place as the register has it, or as an earlier row of the file makes it.
struct Spot {
  std::string id, path, name;
  places::Kind kind = places::Kind::spot;
};

/// The register of places with the file's own rows laid over it.
class Ground {
 public:
  Ground(Reader& reader, const Caller& caller) : reader_(reader), caller_(caller) {}
  std::optional<Spot> find(const std::string& id);
  /// The child of this name, spelt "3", "3幢" or "3 栋" alike.
  std::optional<Spot> child(const Spot& parent, const std::string& name);
  /// An id, a path of ids as exports have it, or names from a compound down between '/' or '·'.
  /// @throws Refusal invalid imports.unknown_place, imports.ambiguous_place at `column`
  Spot resolve(const std::string& words, std::string_view column);
  Spot compound(const std::string& words, std::string_view column);
  void add(const Spot& spot, const std::string& parent);

 private:
  /// Asked for once a row, and there may be thousands of both: found by name, never looked for one by one.
  struct Children {
    std::map<std::string, Spot> by_id = {};
    std::multimap<std::string, std::string> ids_by_name = {};  ///< names as plain_name() has them
    void put(const Spot& spot);
  };
  Children& children(const std::string& parent);
  const std::vector<Spot>& listed(const std::string& name);
  Reader& reader_;
  const Caller& caller_;
  std::map<std::string, Spot> known_;
  std::multimap<std::string, std::string> known_by_name_;  ///< ids by normalised name
  std::map<std::string, std::vector<Spot>> listed_;        ///< what the register has of a name
  std::map<std::string, Children> children_;
};

enum class Outcome { made, changed, same };

/// Whom and what a check found for a row of people.
struct Met {
  Spot place = {};
  std::optional<people::Known> known = {};
  std::optional<people::Household> household = {};
  bool settled = false;  ///< nobody is to move in
};

/// What a check leaves to the writing that follows.
struct Ahead {
  std::map<std::size_t, std::shared_ptr<const people::SealedAhead>> sealed = {};            ///< by number of the row
  std::map<std::string, std::shared_ptr<const people::HouseholdAhead>> homes_sealed = {};  ///< by id of the home
  std::map<std::size_t, Met> met = {};                                                      ///< by number of the row
};

/// `tx` null: nothing is written, and rows that come later are told what this file would have made.
struct Pass {
  Pass(Rooms& rooms_, const Vault& vault_, Reader& reader_, Tx* tx_, const Caller& caller_, Time now_, int offset_minutes_)
      : rooms(rooms_), vault(vault_), reader(reader_), tx(tx_), caller(caller_), now(now_), offset_minutes(offset_minutes_),
        ground(reader_, caller_) {}
  Rooms& rooms;
  const Vault& vault;
  Reader& reader;
  Tx* tx;
  const Caller& caller;
  Time now;
  int offset_minutes;  ///< the zone in which the list says its times
  Ground ground;
  std::set<std::string> keys = {};       ///< of the rows so far
  std::set<std::string> posts = {};      ///< that the file names, rows to come included
  std::set<std::string> households = {};  ///< homes that have one by an earlier row
  std::vector<MadeSecret> secrets = {};
  Ids* ids = nullptr;            ///< a check with them fills `made`
  Ahead made = {};
  const Ahead* ahead = nullptr;  ///< for the writing
  /// No room has told anything since: who was met then is met now, but for those of whom an earlier row has written.
  bool unmoved = false;
  bool blurred = false;  ///< an earlier row wrote of somebody whose name it did not say
  std::set<std::string> named = {}, written = {};  ///< names and ids of persons that earlier rows wrote
  std::map<std::string, people::Household> homes = {};    ///< households that earlier rows made, by id of the home
  std::optional<std::vector<people::TagKind>> tag_kinds = {};

  /// @throws Refusal invalid imports.twice
  void once(const std::string& key, std::string_view column);
  /// What the check met for this row; null if it must be asked anew.
  const Met* met_before(std::size_t row) const {
    if (!ahead || !unmoved) return nullptr;
    const auto found = ahead->met.find(row);
    return found == ahead->met.end() ? nullptr : &found->second;
  }
  people::Household add_household(const people::HouseholdWords& words);
  /// A new thing gets no id that is a word of the API below `list` ("/api/v1/devices/"). @throws Refusal invalid http.reserved_id
  void must_be_free(const std::string& list, const std::string& id) const;
};

/// One row through the door of its room.
Outcome take(Pass& pass, What what, const Line& line);

/// Questions about single cells of a row that was refused, each of which throws what is wrong there: so that a row need not come
/// again for every cell. They change nothing of what the pass remembers, and ask nothing that `take` would let pass.
using Probes = std::vector<std::function<void()>>;
Probes probes_of(Pass& pass, What what, const Head& head, const Line& line);
void probe_person(Probes& probes, Pass& pass, const Line& line);
/// Words of a place or home, and the place that a row of any list names.
void probe_place(Probes& probes, Pass& pass, What what, const Line& line);
/// Words of an organisation or kind, a post's shift, a device's type.
void probe_thing(Probes& probes, Pass& pass, What what, const Line& line);

Outcome take_place(Pass& pass, const Line& line);
Outcome take_home(Pass& pass, const Line& line);
Outcome take_person(Pass& pass, const Line& line);
Outcome take_organisation(Pass& pass, const Line& line);
Outcome take_post(Pass& pass, const Line& line);
Outcome take_device(Pass& pass, const Line& line);
Outcome take_kind(Pass& pass, const Line& line);

/// "3幢" → "3", "二单元" → "二": as names of one level are compared.
std::string plain_name(std::string_view name);
/// A part of an id out of a name: its ASCII letters and digits, or a short hash where it has none.
std::string slug(std::string_view name);

}  // namespace lifang::imports
