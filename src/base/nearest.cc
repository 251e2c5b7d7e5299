#include "base/nearest.h"

#include <algorithm>
#include <vector>

#include "base/ascii.h"

namespace eddy {
namespace {

constexpr size_t kLongest = 256;  // nobody mistypes a longer name, and the work is quadratic

// Optimal string alignment distance: Levenshtein's with swaps of neighbours.
size_t Edits(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);  // rows i - 2, i - 1 and i
  for (size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = Lower(a[i - 1]) == Lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + !same});
      const bool swapped = i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) && Lower(a[i - 2]) == Lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

std::string Nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view nearest;
  size_t fewest = kLongest;
  for (std::string_view candidate : candidates) {
    const size_t longer = std::max(word.size(), candidate.size()), shorter = std::min(word.size(), candidate.size());
    const size_t allowed = longer / 3 + 1;
    if (shorter == 0 || longer > kLongest || longer - shorter > allowed) continue;
    const size_t edits = Edits(word, candidate);
    if (edits > allowed || edits >= std::min(fewest, shorter)) continue;
    fewest = edits;
    nearest = candidate;
  }
  return std::string(nearest);
}

}  // namespace eddy
