// Ridge regression on what small convolutions say of a series: the strong floor for series, and what a classifier of series
// adds to its network's log odds.
//
// Where all would cost more than kMostConvolutionWork, or where there are more than kMostConvolved, every second, third ...
// training series stands for all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/threads.h"
#include "floors/convolution_features.h"
#include "floors/ridge_classifier.h"
#include "train/process_exchange.h"

namespace eddy {

inline constexpr size_t kMostConvolved = 3000;
inline constexpr double kMostConvolutionWork = 1e11;  // features times steps; about a minute

using SeriesSpans = std::vector<std::span<const float>>;  // each [T, D], T >= 1

struct ConvolutionClassifier {
  ConvolutionFeatures features;   // F
  std::vector<float> thresholds;  // [F]
  RidgeClassifier ridge;
  size_t stride = 1;  // how many training series one stood for

  size_t classes() const { return ridge.bias.size(); }
};

// At least two series, of `columns` numbers a step; `span` is a typical number of steps. The processes of a group share the
// series out, of which each computes the features; so they do in ConvolutionLogOdds().
ConvolutionClassifier FitConvolutions(const SeriesSpans& train, std::span<const int32_t> targets, size_t classes,
                                      size_t columns, size_t span, Threads& threads, ProcessGroup& group = Alone());

std::vector<double> ConvolutionLogOdds(const ConvolutionClassifier& classifier, const SeriesSpans& series, Threads& threads,
                                       ProcessGroup& group = Alone());  // [N, C]

// Adds what the features of a series are worth to `logits` [C]; weights [F, C].
void AddConvolutions(const ConvolutionFeatures& features, std::span<const float> thresholds, std::span<const float> weights,
                     std::span<const float> series, std::span<double> logits);

}  // namespace eddy
