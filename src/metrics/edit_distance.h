// How many tokens must be inserted, deleted or replaced to make one sequence of another (Levenshtein 1966).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace eddy {

// Time a.size() b.size(), memory b.size().
size_t EditDistance(const std::vector<std::string>& a, const std::vector<std::string>& b);

}  // namespace eddy
