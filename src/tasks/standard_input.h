// Standard input as it comes, for verbs that follow a stream.
#pragma once

#include <string>

namespace eddy {

// What has come by now, at least a byte, at most a few thousand; empty at the end, and where a signal asks to stop.
std::string ReadSomeInput();

}  // namespace eddy
