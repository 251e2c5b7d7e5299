// Sequences of tokens with a tag each, in columns: a token a line, columns separated by blanks or tabs, a blank line between
// sequences, as in the shared tasks of CoNLL; or CoNLL-U, of ten columns between tabs. Unless told, the first column is the
// token and the last its tag, of CoNLL-U FORM and UPOS. Comments (lines that begin with # before a sequence, of another
// number of columns or as "# newdoc", "# text =") and, of CoNLL-U, words written as one (1-2) and not written (1.1) are not
// read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/reading.h"
#include "eddy/data.h"

namespace eddy {

inline constexpr size_t kMostSequenceTokens = 10'000;

// Columns by their number, from 1, or, of CoNLL-U, by their name; empty for the usual ones.
struct ConllFormat {
  std::string token, tag;
  BadLines bad_lines = {};
};

struct TokenSequence {
  std::vector<std::string> tokens;  // at least one
  std::vector<std::string> tags;    // one a token; empty where they were not read
  size_t line = 0;                  // of the first token, from 1
};

struct TokenSet {
  std::string source;                    // the file, for errors
  std::vector<TokenSequence> sequences;  // at least one
  Reading reading = {};
};

// Bad lines are those that are not UTF-8, of another number of columns than most, or, `tagged`, of a single one. Tags that
// look like slips (that differ from a more common one in case alone, or stand once among a thousand tokens) are noted.
// Throws Error, naming the line, for text without tokens or with zero bytes, columns that are not there, too many bad lines,
// and sequences of more than kMostSequenceTokens.
TokenSet ParseConll(std::string_view text, std::string_view source, bool tagged, const ConllFormat& format = {});
TokenSet ReadConll(const Data& data, bool tagged, const ConllFormat& format = {});

// Sentences, one a line, cut into words and punctuation marks as they are written; lines without any are left out. Throws
// Error as above.
TokenSet ParseSentences(std::string_view text, std::string_view source);

// The lines that ParseConll read with a further column, `tags` of each sequence: what conlleval reads where the last column
// was the right tag. It is set off by a tab where the line has one, by a space otherwise. Comments stay as they are; lines
// that were not read get an _.
std::string AppendTags(std::string_view text, const std::vector<std::vector<std::string>>& tags,
                       const ConllFormat& format = {});

// The same for tokens without a text.
std::string WriteConll(const TokenSet& set, const std::vector<std::vector<std::string>>& tags);

}  // namespace eddy
