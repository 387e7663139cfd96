// The front door: words of the command line → configuration → Node → run.
#include <CLI/CLI.hpp>
#include <sodium.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "commands.hpp"

int main(int argc, char** argv) {
  using namespace lifang;
  if (sodium_init() < 0) {
    std::fprintf(stderr, "lifang: no source of chance on this machine\n");
    return 1;
  }
  CLI::App app{"Lifang, an open platform for the smart residential community"};
  const auto version = std::string("lifang ") + LIFANG_VERSION;
  app.set_version_flag("--version", version);
  app.require_subcommand(1);
  int result = 0;
  add_commands(app, result);
  for (CLI::App* command : app.get_subcommands({})) command->set_version_flag("--version", version);
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
