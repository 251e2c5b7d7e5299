// What a classifier is to beat: the majority class, and strong simple methods trained on the same examples.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "floors/convolution_classifier.h"
#include "floors/ngram_classifier.h"
#include "tasks/classify/batch.h"
#include "tasks/classify/scores.h"
#include "tasks/classify/training.h"
#include "train/process_exchange.h"

namespace eddy {

struct ClassFloor {
  std::string name;
  ClassScores scores;
};

// Always the most frequent class, with the classes' shares in training for probabilities (one example more of each, so that
// none is impossible).
ClassFloor MajorityClass(std::span<const size_t> counts, std::span<const int32_t> targets);

// For sentences ngram_classifier.h, for series nearest_neighbour.h and convolution_classifier.h. `judged` with its targets
// is what is scored. Throws Error for sets that do not fit the design.
std::vector<ClassFloor> SimpleMethods(const ClassifierDesign& design, const ExampleSet& train, const ExampleSet& judged,
                                      std::span<const int32_t> targets, Threads& threads);
// The same for sentences, by a classifier that is trained.
ClassFloor NgramFloor(const NgramClassifier& classifier, TextUnit unit, const ExampleSet& judged,
                      std::span<const int32_t> targets);

// The floors of series that have been encoded. The processes of a group share out the neighbours to look for, and the
// series.
ClassFloor NeighbourFloor(const LabelledExamples& train, const LabelledExamples& judged, const ClassifierDesign& design,
                          Threads& threads, ProcessGroup& group = Alone());
ConvolutionClassifier FitSeries(const LabelledExamples& train, const ClassifierDesign& design, Threads& threads,
                                ProcessGroup& group = Alone());
ClassFloor ConvolutionFloor(const ConvolutionClassifier& classifier, const LabelledExamples& judged, Threads& threads,
                            ProcessGroup& group = Alone());

SeriesSpans SpansOf(const EncodedExamples& series);  // valid as long as they are

}  // namespace eddy
