#include "tasks/classify/batch.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/counted.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kLeastTokenBytes = 3;  // of most texts, on average

size_t FramesOf(const EncodedExample& example, const ClassifierDesign& design) {
  return (example.steps + design.frame - 1) / design.frame;
}

}  // namespace

EncodedExample EncodedExamples::operator[](size_t i) const {
  EncodedExample example;
  if (!tokens_.empty()) example.tokens = tokens_[i];
  if (!ngrams_.empty()) example.ngrams = ngrams_[i];
  if (!values_.empty()) example.values = values_[i];
  example.steps = example.tokens.size() + example.values.size() / columns_;
  return example;
}

std::vector<EncodedExample> EncodedExamples::All() const {
  std::vector<EncodedExample> all;
  for (size_t i = 0; i < size(); ++i) all.push_back((*this)[i]);
  return all;
}

void EncodedExamples::AddSentence(std::span<const int32_t> tokens) { tokens_.Add(tokens); }

void EncodedExamples::AddSentence(std::span<const int32_t> tokens, std::span<const PlacedNgram> ngrams) {
  tokens_.Add(tokens);
  ngrams_.Add(ngrams);
}

void EncodedExamples::AddSeries(std::span<const float> values, size_t columns) {
  values_.Add(values);
  columns_ = columns;
}

SentenceSource CutExamples(const ExampleSet& set, TextUnit unit) {
  return {set.size(),
          [&set, unit](size_t i, const VisitToken& visit) { VisitSentence(set[i].text(), unit, set[i].place(), visit); }};
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
    if (!all.empty()) to = all.subspan(begin * width, (end - begin) * width);
  };
  part(example.tokens, 1, segment.tokens);
  part(example.values, example.values.size() / example.steps, segment.values);
  return segment;
}

ExampleSet Alone(const Example& example, const ClassifierDesign& design) {
  ExampleSet set("", design.fields.columns);
  design.is_text() ? set.AddSentence(example.text(), example.label(), example.place())
                   : set.AddSeries(example.values(), example.label(), example.place());
  return set;
}

EncodedExamples EncodeExamples(const ExampleSet& set, const ClassifierDesign& design) {
  const size_t columns = design.scalings.size();
  if (set.columns.size() != columns) {
    Fail("classify", set.source, fmt::format("of series of {}, as in training", Counted(columns, "column")),
         fmt::format("of {}", set.columns.size()));
  }
  EncodedExamples encoded;
  if (design.is_text()) encoded.ReserveSentences(set.size(), set.text_bytes() / kLeastTokenBytes);
  std::vector<float> scaled;
  for (size_t i = 0; i < set.size(); ++i) {
    if (!design.is_text()) {
      const std::span<const double> values = set[i].values();
      scaled.clear();
      for (size_t k = 0; k < values.size(); ++k) scaled.push_back(design.scalings[k % columns].Apply(values[k]));
      encoded.AddSeries(scaled, columns);
      continue;
    }
    if (design.ngrams.size() == 0) {
      encoded.AddSentence(design.sentences.Encode(set[i].text(), set[i].place()));
      continue;
    }
    const std::vector<std::string> cut = CutSentence(set[i].text(), design.sentences.unit, set[i].place());
    encoded.AddSentence(design.sentences.Encode(cut), design.ngrams.Of(cut));
  }
  return encoded;
}

ClassifierBatch MakeClassifierBatch(std::span<const EncodedExample> rows, const ClassifierDesign& design) {
  ClassifierBatch batch;
  Sequence& sequence = batch.sequence;
  sequence.rows = rows.size();
  for (const EncodedExample& row : rows) {
    sequence.lengths.push_back(FramesOf(row, design));
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
        batch.tokens[at] = rows[b].tokens[t];
      } else {
        const std::span<const float> values = rows[b].values;
        std::copy_n(values.data() + t * D, std::min(D, values.size() - t * D), batch.values.data() + at * D);
      }
    }
  }
  return batch;
}

}  // namespace eddy
