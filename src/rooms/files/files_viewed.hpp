// Who looked at what a camera saw. Written down before it is handed out.
#pragma once
#include <string>
#include <string_view>

#include "base/describe.hpp"
#include "platform/bus/bus.hpp"
#include "platform/lane/lane.hpp"
#include "rooms/files/files.hpp"

namespace lifang::files {

/// Goes to the audit log, at the place of what holds the file.
struct Viewed {
  static constexpr std::string_view topic = "files.viewed";
  FileId file;
  std::string owner_kind, owner;  ///< through which it was opened: the case, the situation
  std::string purpose;            ///< as the caller named it, or empty
  std::optional<std::string> case_ = {};  ///< where the purpose is one
};
BOOST_DESCRIBE_STRUCT(Viewed, (), (file, owner_kind, owner, purpose, case_))

/// Pictures and clips that a camera sent, not what people took of a fault themselves.
bool is_footage(const File& file);
struct Watch {
  const Files& files;
  lane::Lane& lane;
  bus::Bus& bus;
};
/// Returns once the entry is durable; for any thread but the lane's. Nothing where the file is no footage.
void log_view(Reader& reader, const Watch& watch, const Caller& caller, const File& file);

}  // namespace lifang::files
