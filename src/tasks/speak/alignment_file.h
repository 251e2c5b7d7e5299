// When each phoneme of a sound is spoken, from a file. Two forms are read, both with a phoneme a line: of xwaves, a head, a
// line "#", then lines of its end in seconds, a number, and the phoneme, as Festival has them; without a "#", lines of its
// beginning, its end, and the phoneme.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace eddy {

struct AlignedSymbol {
  std::string symbol;
  double end = 0;  // seconds; it begins where the one before ends
};

// Throws Error that names `name` for what is not of this form, and for times that do not rise.
std::vector<AlignedSymbol> ParseAlignment(std::string_view text, const std::string& name);
std::vector<AlignedSymbol> ReadAlignment(const std::string& path);

}  // namespace eddy
