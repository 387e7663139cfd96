// Copy: all rows of one database into another of the same schema, whichever engines the two are.
#pragma once
#include "platform/db/db.hpp"

namespace lifang::db {

/// Whether a schema was ever applied here: a node's database, or what is left of one.
bool is_used(Session& session);

/// Both hold the schema of this program. Rows that schema files brought along give way to those of `from`. Tables and
/// columns that only one engine has (indexes of words) are left out: who owns them fills them again. `from` is read in
/// one snapshot, `to` is written in one transaction: what fails leaves `to` as it was.
/// @throws Error
void copy_rows(Session& from, Session& to);

}  // namespace lifang::db
