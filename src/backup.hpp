// Backup: a node in one file, whichever database it uses, and a node again out of that file.
#pragma once
#include <filesystem>
#include <string>

#include "base/world.hpp"
#include "platform/db/db.hpp"

namespace lifang {

/// One file with the database (a snapshot made while running), files/, keys/ and config.toml: a zstd-compressed tar, mode
/// 0600. The database in it is always SQLite's: rows of PostgreSQL are copied into one, so a backup of either can be
/// restored into either.
/// @throws Refusal node.backup_failed, node.schema_behind (PostgreSQL whose schema is another program's)
void back_up(db::Database& database, const std::filesystem::path& directory, const std::filesystem::path& file, World& world);

/// What a backup left in the folder that was cut off. When no node runs there.
void forget_unfinished_backups(const std::filesystem::path& directory);

/// Makes the folder, or fills the one that is there, which stays the same one (a mount point, a link). All is put together in
/// DIR/.restore-ULID and moved up only when every byte is proved; nothing is written outside the folder. Where `database`
/// is a PostgreSQL URL the rows go there and the folder has no lifang.db.
/// @throws Refusal node.not_empty (the folder, or that database), node.held, node.bad_backup; then nothing was written;
///   node.restore_unfinished (an earlier one was cut short while it moved things up)
void restore(const std::filesystem::path& directory, const std::filesystem::path& file, const std::string& database, World& world);

/// @throws Refusal node.restore_unfinished where a restore was cut short: what lies there is no node
void must_be_restored_whole(const std::filesystem::path& directory);

}  // namespace lifang
