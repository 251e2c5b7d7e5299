// Where a program is that another one runs.
#pragma once

#include <optional>
#include <string>

namespace eddy {

// In the folders of PATH, the first one that may be run.
std::optional<std::string> FindProgram(const std::string& name);

}  // namespace eddy
