// chrF2 (Popovic 2015, beta 2) of a set of translations against one reference each, as sacreBLEU computes it by default: the
// F-score of character n-grams to order 6, white space left out, counts summed over the set.
#pragma once

#include <span>
#include <string>

namespace eddy {

// 0 to 100; made and references have the same size.
double Chrf(std::span<const std::string> made, std::span<const std::string> references);

}  // namespace eddy
