// The commands of the program, one function each; what they need of a running node goes through DIR/lifang.sock.
#pragma once
#include <CLI/CLI.hpp>

#include "base/refusal.hpp"

namespace lifang {

/// Adds every command of contract.md §1 to the front door; `result` becomes the exit code.
void add_commands(CLI::App& app, int& result);

}  // namespace lifang
