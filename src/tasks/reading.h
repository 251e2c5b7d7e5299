// What tasks have in common in reading their data: an option, and what is said about what was read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/reading.h"
#include "tasks/task.h"

namespace eddy {

inline constexpr const char* kStrictHelp =
    "refuse data at the first bad line; else they are skipped and counted, one in 100 at most";

// Encoding, format, lines that were left out, remarks: what is not as it usually is.
void Say(const Reading& reading, const std::string& source, TaskContext& context);

// That --batch or --unroll was given as more than there is in the data, where it was.
void SayClipped(std::string_view option, std::optional<size_t> given, size_t used, TaskContext& context);

// That a network starts from a finished model, and with how many new tokens, "word" or the like each.
std::string StartLine(const std::string& source, size_t fresh, const std::string& token);

}  // namespace eddy
