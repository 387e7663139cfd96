// `lifang demo` and `lifang simulate`: a made-up district with its simulated devices and residents.
#pragma once
#include <CLI/CLI.hpp>

namespace lifang {

void add_demo(CLI::App& app, int& result);
void add_simulate(CLI::App& app, int& result);

}  // namespace lifang
