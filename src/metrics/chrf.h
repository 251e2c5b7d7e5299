// chrF2 (Popovic 2015, beta 2) of a set of translations against one reference each, as sacreBLEU computes it by default: the
// F-score of character n-grams to order 6, white space left out, counts summed over the set.
#pragma once

#include <array>
#include <span>
#include <string>

namespace eddy {

// What chrF2 is made of, summed over a set: for each order the n-grams made, those of the reference, and the matches.
inline constexpr size_t kChrfColumns = 18;
// Of one translation; of several references by the one that gives it the highest chrF2. At least one reference.
std::array<double, kChrfColumns> ChrfSums(const std::string& made, std::span<const std::string> references);
double ChrfOf(std::span<const double> sums);  // 0 to 100

// 0 to 100; made and references have the same size.
double Chrf(std::span<const std::string> made, std::span<const std::string> references);

}  // namespace eddy
