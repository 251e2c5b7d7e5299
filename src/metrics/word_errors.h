// How a text that was recognised differs from what was said: the fewest insertions, deletions and replacements that make one
// of the other, and which (Levenshtein 1966). Word error rates are of words, character error rates of characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eddy {

struct ErrorCounts {
  size_t right = 0;  // tokens of the right texts
  size_t replaced = 0, inserted = 0, deleted = 0;

  size_t errors() const { return replaced + inserted + deleted; }
  double rate() const;  // errors a token: above 1 where more is inserted than there is; NaN where there is none
  ErrorCounts& operator+=(const ErrorCounts& other);
};

// A token of the right text and what was made of it; empty for one that was inserted, and for one that was left out.
using TokenPair = std::pair<std::string, std::string>;

// Time and memory said.size() right.size(). `pairs`, where given, gets every pair in order, those that are alike too.
ErrorCounts CountErrors(const std::vector<std::string>& said, const std::vector<std::string>& right,
                        std::vector<TokenPair>* pairs = nullptr);

struct Interval {
  double low = 0, high = 0;
};
// Of the rate over texts with these counts: 95% of the rates of as many texts drawn from them with replacement, a thousand
// times (Bisani and Ney 2004). The same every time. NaN where there are no tokens.
Interval RateInterval(std::span<const ErrorCounts> texts);

}  // namespace eddy
