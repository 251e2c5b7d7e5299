// How long each symbol is spoken, as a file to look at and to change: a symbol, a tab and milliseconds a line. A space is
// written as <space>.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "eddy/tasks/speak.h"

namespace eddy {

std::string WriteDurations(const std::vector<SpokenSymbol>& symbols);
// Throws Error that names `name` and the line.
std::vector<SpokenSymbol> ParseDurations(std::string_view text, const std::string& name);

}  // namespace eddy
