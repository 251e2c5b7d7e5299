#include "tasks/classify/batch.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/counted.h"
#include "eddy/error.h"

namespace eddy {
namespace {

EncodedExample Encode(const Example& example, const ClassifierDesign& design) {
  EncodedExample encoded;
  if (design.is_text()) {
    const std::vector<std::string> cut = CutSentence(example.text, design.sentences.unit, example.place);
    encoded.tokens = design.sentences.Encode(cut);
    encoded.ngrams = design.ngrams.Of(cut);
    encoded.steps = encoded.tokens.size();
    return encoded;
  }
  const size_t columns = design.scalings.size();
  encoded.steps = example.values.size() / columns;
  for (size_t i = 0; i < example.values.size(); ++i) {
    encoded.values.push_back(design.scalings[i % columns].Apply(example.values[i]));
  }
  return encoded;
}

size_t FramesOf(const EncodedExample& example, const ClassifierDesign& design) {
  return (example.steps + design.frame - 1) / design.frame;
}

}  // namespace

SentenceSource CutExamples(const ExampleSet& set, TextUnit unit) {
  return {set.size(), [&set, unit](size_t i) {
            const Example& example = set.examples[i];
            return CutSentence(example.text, unit, example.place);
          }};
}

size_t SegmentsOf(const EncodedExample& example, const ClassifierDesign& design) {
  return (FramesOf(example, design) + kMostSegmentSteps - 1) / kMostSegmentSteps;
}

EncodedExample SegmentOf(const EncodedExample& example, size_t number, const ClassifierDesign& design) {
  const size_t frames = FramesOf(example, design), segments = SegmentsOf(example, design);
  const size_t begin = frames * number / segments * design.frame;
  const size_t end = std::min(frames * (number + 1) / segments * design.frame, example.steps);
  EncodedExample segment;
  segment.steps = end - begin;
  const auto part = [&](const auto& all, size_t width, auto& to) {
    if (!all.empty()) to.assign(all.data() + begin * width, all.data() + end * width);
  };
  part(example.tokens, 1, segment.tokens);
  part(example.values, example.values.size() / example.steps, segment.values);
  return segment;
}

std::vector<EncodedExample> EncodeExamples(const ExampleSet& set, const ClassifierDesign& design) {
  if (set.columns.size() != design.scalings.size()) {
    Fail("classify", set.source, fmt::format("of series of {}, as in training", Counted(design.scalings.size(), "column")),
         fmt::format("of {}", set.columns.size()));
  }
  std::vector<EncodedExample> encoded;
  for (const Example& example : set.examples) encoded.push_back(Encode(example, design));
  return encoded;
}

ClassifierBatch MakeClassifierBatch(std::span<const EncodedExample* const> rows, const ClassifierDesign& design) {
  ClassifierBatch batch;
  Sequence& sequence = batch.sequence;
  sequence.rows = rows.size();
  for (const EncodedExample* row : rows) {
    sequence.lengths.push_back(FramesOf(*row, design));
    sequence.steps = std::max(sequence.steps, sequence.lengths.back());
  }
  const size_t D = design.inputs();
  if (design.is_text()) {
    batch.tokens.resize(sequence.steps * rows.size());  // beyond a row's length any token will do
  } else {
    batch.values = Tensor({sequence.steps, rows.size(), D});
  }
  for (size_t b = 0; b < rows.size(); ++b) {
    for (size_t t = 0; t < sequence.lengths[b]; ++t) {
      const size_t at = t * rows.size() + b;
      if (design.is_text()) {
        batch.tokens[at] = rows[b]->tokens[t];
      } else {
        const std::vector<float>& values = rows[b]->values;
        std::copy_n(values.data() + t * D, std::min(D, values.size() - t * D), batch.values.data() + at * D);
      }
    }
  }
  return batch;
}

}  // namespace eddy
