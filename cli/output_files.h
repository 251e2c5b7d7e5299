// The files that a verb writes, looked at before any work is done.
#pragma once

#include <string>
#include <vector>

namespace eddy {

// Throws UsageError where one of these would be lost, and Error where an output cannot be written:
//   an output is the same file as another output or an input, or lies in a folder that is read;
//   an input has the name of an output's temporary file, which is removed when it is written anew (model/atomic_file.h).
// An empty path is of a file that is not wanted. Links are followed.
void RequireOutputs(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs);

}  // namespace eddy
