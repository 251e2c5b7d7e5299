// How much of a classifier's log odds are the network's and how much the regression's, as fits held-out examples best.
// Shapes: N examples, C classes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "floors/convolution_classifier.h"
#include "metrics/mix.h"

namespace eddy {

// Logits of two classifiers for the same examples: the network's and the regression's.
struct LogitsToMix {
  std::vector<double> first, second;  // [N, C]
  std::vector<int32_t> targets;       // [N]
  size_t classes;

  LogitsToMix Of(const std::vector<size_t>& places) const;
};

Mix FitMix(const LogitsToMix& logits);

// Of a few examples, with training examples to make up for what they lack: the regression is asked about each as if it had
// not been there, and the network, which has learned it, says nothing. The fewer there are, the less of what the network
// would be worth alone is believed.
Mix FitMix(LogitsToMix few, const ConvolutionClassifier& convolutions, const std::vector<int32_t>& train);

std::vector<double> Mixed(const LogitsToMix& logits, const Mix& mix);  // [N, C]

// Whether each example is classified wrongly by the mix that `fit` makes of others: of the even places that of the odd ones,
// and the reverse. [N]
std::vector<uint8_t> CrossedWrong(const LogitsToMix& all, const std::function<Mix(LogitsToMix)>& fit);

}  // namespace eddy
