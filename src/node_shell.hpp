// What only the owner of the machine may ask of a running node, over DIR/lifang.sock.
#pragma once
#include <filesystem>

#include "house.hpp"

namespace lifang {

/// Routes under /api/v1/node; those that act refuse whoever does not come over the Unix socket.
void add_shell_routes(House& house, const std::filesystem::path& directory);

/// One file with the database (a snapshot made while running), files/ and keys/: a zstd-compressed tar, mode 0600.
/// @throws Refusal node.backup_failed, node.backup_postgres
void back_up(db::Database& database, const std::filesystem::path& directory, const std::filesystem::path& file);
/// @throws Refusal node.not_empty, node.bad_backup; then nothing was written
void restore(const std::filesystem::path& directory, const std::filesystem::path& file);

}  // namespace lifang
