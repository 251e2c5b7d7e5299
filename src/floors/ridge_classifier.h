// Ridge regression of classes on features, one class against all others as +1 and -1, with the penalty that predicts each
// training example best when it is left out (Rifkin and Lippert 2007: all are left out at the cost of one fit). Its outputs
// are made log odds by the temperature that suits the examples left out (metrics/temperature.h).
//
// Shapes: N examples, F features, C classes. Time N^2 (F + a dozen N), memory 4 N F and some of 8 N^2 bytes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/threads.h"

namespace eddy {

struct RidgeClassifier {
  std::vector<float> weights;    // [F, C]: what a feature adds to the log odds of a class
  std::vector<double> bias;      // [C]
  std::vector<double> left_out;  // [N, C]: the log odds of each training example, fitted without it
};

// features [N, F], N >= 2; targets [N] in [0, C).
RidgeClassifier FitRidge(std::span<const float> features, std::span<const int32_t> targets, size_t classes,
                         Threads& threads);

}  // namespace eddy
