#include "commands.hpp"

#include "commands_demo.hpp"
#include "commands_replay.hpp"
#include "commands_serve.hpp"
#include "commands_shell.hpp"

namespace lifang {

void add_commands(CLI::App& app, int& result) {
  add_serve(app, result);
  add_demo(app, result);
  add_simulate(app, result);
  add_replay(app, result);
  add_shell_commands(app, result);
}

}  // namespace lifang
