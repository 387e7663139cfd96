#include "commands.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>

#include "base/refusal.hpp"
#include "commands_demo.hpp"
#include "commands_replay.hpp"
#include "commands_serve.hpp"
#include "commands_shell.hpp"

namespace lifang {
namespace {

/// `--version` everywhere, also below a command that has commands of its own.
void add_version(CLI::App& app, const std::string& version) {
  app.set_version_flag("--version", version);
  for (CLI::App* command : app.get_subcommands({})) add_version(*command, version);
}

/// The first word that stands where a command is wanted and is none; null if there is no such word.
const char* no_command(const CLI::App& app, int argc, const char* const* argv) {
  const CLI::App* at = &app;
  for (int i = 1; i < argc; ++i) {
    const auto commands = at->get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty() || argv[i][0] == '-') return nullptr;
    const auto named = std::find_if(commands.begin(), commands.end(), [&](const CLI::App* c) { return c->get_name() == argv[i]; });
    if (named == commands.end()) return argv[i];
    at = *named;
  }
  return nullptr;
}

}  // namespace

int run_command(int argc, const char* const* argv) {
  CLI::App app{"Lifang, an open platform for the smart residential community"};
  app.require_subcommand(1);
  int result = 0;
  add_serve(app, result);
  add_demo(app, result);
  add_simulate(app, result);
  add_replay(app, result);
  add_shell_commands(app, result);
  add_version(app, std::string("lifang ") + LIFANG_VERSION);
  if (const char* word = no_command(app, argc, argv)) {
    std::fprintf(stderr, "lifang: there is no command %s; lifang --help lists those that there are\n", word);
    return 2;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {
    return app.exit(done);
  } catch (const CLI::Error& words) {
    app.exit(words);
    return 2;
  } catch (const Refusal& refusal) {
    std::fprintf(stderr, "lifang: %s%s%s\n", refusal.detail.c_str(), refusal.detail.empty() ? "" : " ", ("(" + refusal.code + ")").c_str());
    return refusal.kind == RefusalKind::invalid || refusal.kind == RefusalKind::unreadable ? 2 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lifang: %s\n", error.what());
    return 1;
  }
  return result;
}

}  // namespace lifang
