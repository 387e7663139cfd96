// `lifang replay`: sends a CSV as if a device spoke it.
#pragma once
#include <CLI/CLI.hpp>

namespace lifang {

void add_replay(CLI::App& app, int& result);

}  // namespace lifang
