// Pairs of a source and a target text, such as a sentence and its translation or a word and its sounds: from a table of two
// columns with a tab between them, or from two files of as many lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace eddy {

inline constexpr size_t kMostSideBytes = size_t{1} << 14;  // of one side of a pair: attention is quadratic in its length

struct Pair {
  std::string source, target;  // not empty, without white space at their ends
};

// Where pairs come from: `table`, or the other two.
struct PairFiles {
  std::string table;
  std::string source, target;

  bool empty() const { return table.empty() && source.empty(); }
  std::string name() const { return table.empty() ? source + " and " + target : table; }
};

// Blank lines are left out (in two files where both are blank). Throws Error, naming the file and line, for text that is not
// UTF-8, a side that is empty or longer than kMostSideBytes, a line without its one tab, files of unequal numbers of lines,
// and where there is no pair at all.
std::vector<Pair> ReadPairs(const PairFiles& files);
std::vector<Pair> ParsePairTable(std::string_view text, std::string_view name);
std::vector<Pair> ParsePairLines(std::string_view source, std::string_view target, const PairFiles& files);

// Lines to translate, as they are but for white space at their ends; blank ones too. Throws Error as above.
std::vector<std::string> ParseLines(std::string_view text, std::string_view name);

}  // namespace eddy
