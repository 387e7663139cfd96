// Schema files: forward only, numbered per room, checksummed; an applied file that changed refuses to start.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.hpp"
#include "base/time.hpp"
#include "platform/db/db.hpp"

namespace lifang::db {

/// Applies what is missing of `files` ("src/rooms/cases/schema/0001_cases.sql"), each in one transaction.
/// Lines between "-- engine sqlite" or "-- engine postgres" and "-- engine all" are for that engine alone.
/// @throws Error broken when an applied file has another checksum, or PostgreSQL's collation is not C.
void migrate(Session& session, std::vector<embedded::File> files, Time now);

/// How a database stands to a program. What `lifang verify` asks, and whoever only looks.
enum class Standing {
  current,  ///< every file is applied with the checksum it has now, and no other
  behind,   ///< one is missing, or was applied with another content
  ahead,    ///< a newer program applied one that this program does not know
};
Standing standing(Session& session, const std::vector<embedded::File>& files);

/// The part of a schema text that is meant for `engine`.
std::string text_for(Engine engine, std::string_view text);

}  // namespace lifang::db
