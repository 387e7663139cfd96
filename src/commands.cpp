#include "commands.hpp"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "commands_replay.hpp"
#include "commands_serve.hpp"

namespace lifang {

void add_commands(CLI::App& app, int& result) {
  add_serve(app, result);
  add_replay(app, result);
}

}  // namespace lifang
