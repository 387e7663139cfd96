// The front door: a source of chance, then words of the command line → configuration → Node → run.
#include <sodium.h>

#include <cstdio>

#include "commands.hpp"

int main(int argc, char** argv) {
  if (sodium_init() < 0) {
    std::fprintf(stderr, "lifang: no source of chance on this machine\n");
    return 1;
  }
  return lifang::run_command(argc, argv);
}
