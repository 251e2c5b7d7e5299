// Pairs of a source and a target text, such as a sentence and its translation or a word and its sounds: from a table whose
// first two columns they are, with tabs between them, or from two files of as many lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/pair_columns.h"
#include "data/reading.h"
#include "eddy/data.h"

namespace eddy {

inline constexpr size_t kMostSideBytes = size_t{1} << 14;  // of one side of a pair: attention is quadratic in its length

using PairSet = PairColumns<char>;  // of texts that are not empty, without white space at their ends
using Pair = PairSet::Pair;

// Where pairs come from: `table`, or the other two.
struct PairFiles {
  Data table;
  Data source, target;

  bool empty() const { return table.empty() && source.empty(); }
  std::string name() const { return table.empty() ? source.name() + " and " + target.name() : table.name(); }
};

// Blank lines are left out (in two files where both are blank). Bad lines (BadLines) are those that are not UTF-8 or have a
// side that is empty or longer than kMostSideBytes, and in a table those of another number of columns than most lines have;
// columns beyond the second are not read. A first line of a table is its header where both its cells are names of columns
// that are common for pairs, such as "source" and "target", or of languages, such as "EN" and "de-CH"; it is noted and left
// out. `reading`, where given, tells what was found. Throws Error, naming the file and line, for too many bad lines, files
// of unequal numbers of lines, and where there is no pair at all.
PairSet ReadPairs(const PairFiles& files, Reading* reading = nullptr, const BadLines& bad = {});
PairSet ParsePairTable(std::string_view text, std::string_view name, Reading* reading = nullptr, const BadLines& bad = {});
PairSet ParsePairLines(std::string_view source, std::string_view target, const PairFiles& files, Reading* reading = nullptr,
                       const BadLines& bad = {});

std::vector<std::string> TargetsOf(const PairSet& pairs);

// Lines to translate, as they are but for white space at their ends; blank ones too. Throws Error for a line that is too
// long, and for what is not UTF-8.
std::vector<std::string> ParseLines(std::string_view text, std::string_view name);

}  // namespace eddy
