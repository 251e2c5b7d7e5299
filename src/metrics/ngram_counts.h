// How often n-grams occur in a text, and how many two texts share: what BLEU and chrF are made of.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eddy {

// Bytes of the white space at the front of `text`, which is not empty, as Unicode has it (with the separators U+001C to
// U+001F); 0 for none.
size_t SpaceBytes(std::string_view text);

using NgramCounts = std::unordered_map<std::string, size_t>;

// Counts sequences of `order` items that stand next to each other; no item has a line end in it.
NgramCounts CountNgrams(const std::vector<std::string>& items, size_t order);
size_t Total(const NgramCounts& counts);
size_t Matches(const NgramCounts& made, const NgramCounts& reference);  // each counted as often as both have it

}  // namespace eddy
