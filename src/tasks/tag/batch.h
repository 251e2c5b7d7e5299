// Tokens as a tagger reads them, and batches of sequences. Shapes: T steps, B rows, U different words of a batch, L letters
// of the longest of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/conll.h"
#include "eddy/sequence.h"
#include "tasks/tag/design.h"

namespace eddy {

struct EncodedTokens {
  struct Row {
    std::vector<int32_t> words;      // [T], places in the vocabulary
    std::vector<int32_t> spellings;  // [T], places in `spellings` below
  };
  std::vector<Row> rows;                        // a sequence each
  std::vector<std::vector<int32_t>> spellings;  // the characters of each different token, at least one
};

// Where a token is longer than kMostCharacters, its first and its last characters are read.
inline constexpr size_t kMostCharacters = 32;

EncodedTokens EncodeTokens(const TokenSet& set, const TaggerDesign& design);

// The characters of a token as they are in UTF-8, at most kMostCharacters.
std::vector<std::string_view> SpellingOf(std::string_view token);

// A word that occurs several times in a batch is spelled once.
struct TaggerBatch {
  Sequence sequence;                // with a length a row
  std::vector<int32_t> words;       // [T, B]
  std::vector<int32_t> spellings;   // [T, B], each in [0, U)
  Sequence letters;                 // L steps, U rows with a length each
  std::vector<int32_t> characters;  // [L, U]
};
TaggerBatch MakeTaggerBatch(const EncodedTokens& tokens, std::span<const size_t> rows);

// The tags of these rows as a batch has them, [T, B]: kIgnore (eddy/loss.h) beyond a row's length.
std::vector<int32_t> BatchTags(const std::vector<std::vector<int32_t>>& tags, std::span<const size_t> rows,
                               const Sequence& sequence);

}  // namespace eddy
