// The commands of the program, one function each; what they need of a running node goes through DIR/lifang.sock.
#pragma once

namespace lifang {

/// Every command of contract.md §1. @returns the exit code: 0 done, 1 it failed, 2 the words are off
int run_command(int argc, const char* const* argv);

}  // namespace lifang
