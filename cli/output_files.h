// The files that a verb writes, looked at before any work is done.
#pragma once

#include <string>
#include <vector>

namespace eddy {

// Throws UsageError where an output is the same file as another output or an input, of which one would be lost, and Error
// where one cannot be written. An empty path is of a file that is not wanted.
void RequireOutputs(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs);

}  // namespace eddy
