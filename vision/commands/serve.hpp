// lifang-vision serve: watches the cameras of a configuration until it is asked to stop.
#pragma once
#include <filesystem>

namespace lifang::vision {

/// Returns 0 after SIGTERM or SIGINT. SIGHUP, or a change of the file, reloads: cameras that did not change go on
/// undisturbed; a file that cannot be read changes nothing and is said on standard error. Throws Refusal when the first reading fails.
int serve(const std::filesystem::path& config);

}  // namespace lifang::vision
