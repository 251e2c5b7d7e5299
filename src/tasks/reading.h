// What tasks have in common in reading their data: an option, and what is said about what was read.
#pragma once

#include <string>

#include "data/reading.h"
#include "tasks/task.h"

namespace eddy {

inline constexpr const char* kStrictHelp =
    "refuse data at the first bad line; else they are skipped and counted, one in 100 at most";

// Encoding, format, lines that were left out, remarks: what is not as it usually is.
void Say(const Reading& reading, const std::string& source, TaskContext& context);

}  // namespace eddy
