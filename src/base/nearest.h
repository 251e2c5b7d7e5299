// The nearest right word, for the message about a wrong one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace eddy {

// The candidate with the fewest edits from `word` (an inserted, deleted, replaced or swapped letter each; case is free), the
// first of equals. Empty when none is near: when more than about a third of the letters would change.
std::string Nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace eddy
