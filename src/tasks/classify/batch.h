// Examples as a classifier reads them, and batches of them. Shapes: T steps, B rows, D inputs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/ragged.h"
#include "eddy/recurrent.h"
#include "tasks/classify/design.h"

namespace eddy {

// Valid as long as what it was taken of.
struct EncodedExample {
  std::span<const int32_t> tokens;      // [T] of a sentence
  std::span<const PlacedNgram> ngrams;  // of a sentence: those of the design
  std::span<const float> values;        // [T, D] of a series, scaled
  size_t steps = 0;                     // T, at least 1
};

// In columns: a sentence costs 4 bytes a token and 8.
class EncodedExamples {
 public:
  size_t size() const { return std::max(tokens_.size(), values_.size()); }
  bool empty() const { return size() == 0; }
  EncodedExample operator[](size_t i) const;
  std::vector<EncodedExample> All() const;

  void ReserveSentences(size_t count, size_t tokens) { tokens_.Reserve(count, tokens); }  // room for so many
  void AddSentence(std::span<const int32_t> tokens);
  void AddSentence(std::span<const int32_t> tokens, std::span<const PlacedNgram> ngrams);  // of all sentences, or of none
  void AddSeries(std::span<const float> values, size_t columns);                           // as many in all series

 private:
  Ragged<int32_t> tokens_;
  Ragged<PlacedNgram> ngrams_;
  Ragged<float> values_;
  size_t columns_ = 1;
};

SentenceSource CutExamples(const ExampleSet& set, TextUnit unit);  // the set must outlive it

// Throws Error for a set that does not fit the design: other columns, text that is not UTF-8.
EncodedExamples EncodeExamples(const ExampleSet& set, const ClassifierDesign& design);

ExampleSet Alone(const Example& example, const ClassifierDesign& design);  // a set of it

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
ClassifierBatch MakeClassifierBatch(std::span<const EncodedExample> rows, const ClassifierDesign& design);

}  // namespace eddy
