// Imports: lists from a spreadsheet program, checked row by row before anything is written. The door of the room.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"

namespace lifang::places {
class Places;
}
namespace lifang::people {
class People;
}
namespace lifang::rosters {
class Rosters;
}
namespace lifang::devices {
class Devices;
}
namespace lifang::cases {
class Cases;
}

namespace lifang::imports {

struct ImportTag {
  static constexpr std::string_view prefix = "import";
};
using ImportId = Id<ImportTag>;

/// In the order in which a compound comes to life: each may name what stands before it.
enum class What { places, homes, organisations, people, posts, devices, kinds };
BOOST_DESCRIBE_ENUM(What, places, homes, organisations, people, posts, devices, kinds)

enum class State { checked, applied };
BOOST_DESCRIBE_ENUM(State, checked, applied)

/// What is wrong with a row. `row` as the spreadsheet program counts; `column` as it is headed; `advice`: what to do, in
/// Chinese. Never holds what stood in the cell.
struct Problem {
  std::int64_t row = 0;
  std::string column, code, advice;
};
BOOST_DESCRIBE_STRUCT(Problem, (), (row, column, code, advice))

/// A file that was checked: how many rows would make something, change something, or say nothing new.
struct Import {
  ImportId id;
  What what = What::places;
  State state = State::checked;
  std::string by;
  Time at;
  Time until;  ///< then the file and its problems are forgotten
  std::optional<Time> applied_at;
  std::int64_t rows = 0, made = 0, changed = 0, same = 0, bad = 0;
  std::vector<std::string> ignored;  ///< headings that mean nothing to us
  std::vector<Problem> problems;     ///< the first 1,000
};
BOOST_DESCRIBE_STRUCT(Import, (), (id, what, state, by, at, until, applied_at, rows, made, changed, same, bad, ignored, problems))

/// Of a device that came without one: shown here and never again.
struct MadeSecret {
  std::string device, secret;
};
BOOST_DESCRIBE_STRUCT(MadeSecret, (), (device, secret))

struct Applied : Import {
  std::vector<MadeSecret> secrets;
};
BOOST_DESCRIBE_STRUCT(Applied, (Import), (secrets))

/// `skip_bad`: the good rows alone; without it a file with problems is refused whole.
struct ApplyWords {
  std::optional<bool> skip_bad;
};
BOOST_DESCRIBE_STRUCT(ApplyWords, (), (skip_bad))

/// One heading that we understand.
struct ColumnWords {
  std::string id, name, name_en;
  bool needed = false;
  std::string example, help;
};
BOOST_DESCRIBE_STRUCT(ColumnWords, (), (id, name, name_en, needed, example, help))

struct Form {
  std::string id;  ///< the enum's word
  std::string name;
  std::vector<ColumnWords> columns;
};
BOOST_DESCRIBE_STRUCT(Form, (), (id, name, columns))

/// A list was taken in.
struct Taken {
  static constexpr std::string_view topic = "imports.applied";
  ImportId import_;
  What what = What::places;
  std::int64_t made = 0, changed = 0;
};
BOOST_DESCRIBE_STRUCT(Taken, (), (import_, what, made, changed))

/// The rooms whose doors the rows go through.
struct Rooms {
  places::Places& places;
  people::People& people;
  rosters::Rosters& rosters;
  devices::Devices& devices;
  cases::Cases& cases;
  std::function<bool(const std::string& path)> reserved;  ///< whether what is put there could never be read there
};

/// Every row goes through the door of its room with the caller's own rights; nothing is written past them.
class Imports {
 public:
  /// `offset_minutes`: the district's zone, in which a list says its times.
  Imports(bus::Bus& bus, jobs::Jobs& jobs, const Vault& vault, Rooms rooms, int offset_minutes = 480);

  struct Checked {
    Import import;
    std::string sealed;  ///< the file, as it is kept
  };
  /// Reads and checks a file (.xlsx or CSV, at most 20,000 rows); any thread, off the lane, writes nothing.
  /// @throws Refusal unreadable sheet.*; invalid imports.no_headings, imports.no_rows
  Checked check(Reader& reader, const Caller& caller, What what, std::string_view file, Time now, Ids& ids) const;
  /// Keeps what was checked, until a day later.
  Import keep(Tx& tx, const Checked& checked) const;
  /// All rows in one transaction, or none. @throws conflict imports.has_problems, imports.applied_already,
  /// imports.changed_meanwhile with the row to blame
  Applied apply(Tx& tx, const Caller& caller, const ImportId& id, const ApplyWords& words);
  /// The same in two steps: the file is opened and read, its rows are checked again and persons sealed off the lane; what is
  /// left for the lane is to write them.
  struct Prepared;
  std::shared_ptr<const Prepared> prepare(Reader& reader, const Caller& caller, const ImportId& id, const ApplyWords& words, Time now,
                                          Ids& ids) const;
  Applied apply(Tx& tx, const Caller& caller, const Prepared& prepared, const ApplyWords& words);

  /// Whoever brought the file sees it; nobody else. @throws Refusal missing imports.unknown
  static Import get(Reader& reader, const Caller& caller, const ImportId& id);
  static std::vector<Import> list(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit);
  /// The rows that failed with what to do about each, as they came: to be mended and brought again.
  std::string failed(Reader& reader, const Caller& caller, const ImportId& id, bool as_csv) const;

  static std::vector<Form> forms();
  /// An empty list with its headings, an explained example in a row that is not read. @throws missing imports.no_such_list
  static std::string template_of(What what, bool as_csv);
  static What what_of(std::string_view word);

 private:
  std::string open_file(Reader& reader, const ImportId& id) const;

  bus::Bus& bus_;
  const Vault& vault_;
  mutable Rooms rooms_;
  int offset_;
};

}  // namespace lifang::imports
