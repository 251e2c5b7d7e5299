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

// What the network reads at once, in steps, or in frames of a series: a longer example is read in segments of nearly the
// same length, each by itself, and its logits are the mean of theirs; a step of training reads one of them. So no example
// costs more memory than this many steps.
inline constexpr size_t kMostSegmentSteps = 8192;

size_t SegmentsOf(const EncodedExample& example, const ClassifierDesign& design);  // at least 1
// Segment `number` of them, without n-grams.
EncodedExample SegmentOf(const EncodedExample& example, size_t number, const ClassifierDesign& design);

struct ClassifierBatch {
  Sequence sequence;            // with a length a row; of series in frames, as are T and D below
  std::vector<int32_t> tokens;  // [T, B] of sentences
  Tensor values;                // [T, B, D] of series
};
ClassifierBatch MakeClassifierBatch(std::span<const EncodedExample* const> rows, const ClassifierDesign& design);

}  // namespace eddy
