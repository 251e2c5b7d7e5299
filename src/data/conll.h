// Sequences of tokens with a tag each, in columns: a token a line, columns separated by blanks or tabs, a blank line between
// sequences, as in the shared tasks of CoNLL. The first column is the token, the last its tag; what stands between them is
// not read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace eddy {

inline constexpr size_t kMostSequenceTokens = 10'000;

struct TokenSequence {
  std::vector<std::string> tokens;  // at least one
  std::vector<std::string> tags;    // one a token; empty where they were not read
  size_t line = 0;                  // of the first token, from 1
};

struct TokenSet {
  std::string source;                    // the file, for errors
  std::vector<TokenSequence> sequences;  // at least one
};

// Throws Error, naming the line, for text that is empty or not UTF-8, for lines of different numbers of columns or,
// `tagged`, of a single one, and for sequences of more than kMostSequenceTokens.
TokenSet ParseConll(std::string_view text, std::string_view source, bool tagged);
TokenSet ReadConll(const std::string& path, bool tagged);

// Sentences, one a line, cut into words and punctuation marks as they are written; lines without any are left out. Throws
// Error as above.
TokenSet ParseSentences(std::string_view text, std::string_view source);

// The lines that ParseConll read with a further column, `tags` of each sequence: what conlleval reads where the last column
// was the right tag. It is set off by a tab where the line has one, by a space otherwise.
std::string AppendTags(std::string_view text, const std::vector<std::vector<std::string>>& tags);

// The same for tokens without a text.
std::string WriteConll(const TokenSet& set, const std::vector<std::vector<std::string>>& tags);

}  // namespace eddy
