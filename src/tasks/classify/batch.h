// Examples as a classifier reads them, and batches of them. Shapes: T steps, B rows, D inputs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/recurrent.h"
#include "tasks/classify/design.h"

namespace eddy {

struct EncodedExample {
  std::vector<int32_t> tokens;      // [T] of a sentence
  std::vector<PlacedNgram> ngrams;  // of a sentence: those of the design
  std::vector<float> values;        // [T, D] of a series, scaled
  size_t steps = 0;                 // T, at least 1
};

SentenceSource CutExamples(const ExampleSet& set, TextUnit unit);  // the set must outlive it

// Throws Error for a set that does not fit the design: other columns, text that is not UTF-8.
std::vector<EncodedExample> EncodeExamples(const ExampleSet& set, const ClassifierDesign& design);

struct ClassifierBatch {
  Sequence sequence;            // with a length a row; of series in frames, as are T and D below
  std::vector<int32_t> tokens;  // [T, B] of sentences
  Tensor values;                // [T, B, D] of series
};
ClassifierBatch MakeClassifierBatch(std::span<const EncodedExample* const> rows, const ClassifierDesign& design);

}  // namespace eddy
