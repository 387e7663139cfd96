// What only the owner of the machine may ask of a running node, over DIR/lifang.sock.
#pragma once
#include <filesystem>

#include "house.hpp"

namespace lifang {

/// Routes under /api/v1/node; those that act refuse whoever does not come over the Unix socket.
void add_shell_routes(House& house, const std::filesystem::path& directory);

}  // namespace lifang
