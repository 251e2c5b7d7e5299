// How good predicted tags are. Shapes: K tags.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "metrics/bootstrap.h"

namespace eddy {

// The tags of sequences, by their places in the list of all tags.
using TagIds = std::vector<std::vector<int32_t>>;

// Counted and divided as conlleval does; a figure whose divisor is 0 is 0.
struct ChunkScores {
  size_t right = 0;    // chunks that there are
  size_t said = 0;     // that were predicted
  size_t correct = 0;  // both: same tokens, same type

  double Precision() const;
  double Recall() const;
  double F1() const;
};

struct TagScores {
  size_t sequences = 0, tokens = 0;
  double accuracy = 0;         // share of tokens with the right tag; NaN for no tokens
  bool spells_chunks = false;  // whether the tags do (chunks.h; a stray one is as O); the two below are empty otherwise
  ChunkScores chunks;          // of all types
  std::map<std::string, ChunkScores> types;  // of each type, those alone that are predicted included
  // Of each sequence: twice the correct chunks and the said and right ones together, of which F1 is made; where tags spell
  // no chunks the right tokens and all.
  PartSums parts{2};
  std::vector<size_t> confusion;  // [K, K]: tokens of tag r predicted as tag c

  double Percent() const;  // the main figure: F1 of chunks, the accuracy where there are none; of 100
};

// said and right: sequences of the same lengths of tags in [0, K), whose names are `tags`.
TagScores ScoreTags(const TagIds& said, const TagIds& right, std::span<const std::string> tags);

}  // namespace eddy
