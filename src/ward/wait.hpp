// Waiting in commands that run until they are told to stop.
#pragma once
#include "base/time.hpp"

namespace lifang::ward {

/// Waits for `d`; true, and at once, when SIGTERM or SIGINT came before (hold_signals() must have been called).
/// Once true it stays true.
bool ended(Duration d);

}  // namespace lifang::ward
