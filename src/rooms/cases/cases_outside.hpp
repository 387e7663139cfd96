// What rooms below ask of a case that began outside, or as a drill. A part of the door.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/caller.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/cases/cases_values.hpp"

namespace lifang::files {
class Files;
}
namespace lifang::rosters {
class Rosters;
}

namespace lifang::cases {

class Catalogue;

class Outside {
 public:
  Outside(bus::Bus& bus, jobs::Jobs& jobs, files::Files& files, rosters::Rosters& rosters, Catalogue& catalogue)
      : bus_(bus), jobs_(jobs), files_(files), rosters_(rosters), catalogue_(catalogue) {}

  /// The case that an outside system knows by this number.
  static std::optional<CaseId> of_number(Reader& reader, std::string_view outer_number);
  /// The outside's own deadline: while it is to come, no deadline of the case lies after it. The newest word counts.
  void hurry(Tx& tx, const CaseId& id, Time due);
  static std::optional<Time> due_of(Reader& reader, const CaseId& id);
  /// Whoever sent it says more. What had ended was sent back: it opens again. @returns whether it did
  bool said_more(Tx& tx, const Caller& caller, const CaseId& id, const std::string& words);
  /// A drill is over: its case ends where it stands, and what rings stops. Nothing happens to one that has ended.
  void end_drill(Tx& tx, const Caller& caller, const CaseId& id);

 private:
  bus::Bus& bus_;
  jobs::Jobs& jobs_;
  files::Files& files_;
  rosters::Rosters& rosters_;
  Catalogue& catalogue_;
};

}  // namespace lifang::cases
