// Commands that ask a node: over DIR/lifang.sock where one runs, else by opening the folder themselves.
#pragma once
#include <CLI/CLI.hpp>

namespace lifang {

/// why, verify, backtest, backup, restore, user add.
void add_shell_commands(CLI::App& app, int& result);

}  // namespace lifang
