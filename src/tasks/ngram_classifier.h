// The floor for sentences: logistic regression on which words and pairs of words a sentence has. Each feature's value is its
// naive Bayes log-count ratio, and the weights are drawn towards their mean magnitude, which lies between naive Bayes and
// the regression and is stronger than both (Wang and Manning 2012, section 2.3); one class against all others, with an L2
// penalty, solved exactly.
//
// Time is linear in the words, classes and passes. Where that is more than kMostNgramWork, every second, third ... training
// sentence stands for all.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "eddy/threads.h"

namespace eddy {

using CutSentences = std::vector<std::vector<std::string>>;

inline constexpr double kMostNgramWork = 4e9;  // features visited in all passes; about a minute

// Trained on `train` with its targets in [0, classes): the probabilities of the classes of `others`, [N, C]. `stride`, where
// given, is set to how many sentences one stood for.
std::vector<double> NgramProbabilities(const CutSentences& train, std::span<const int32_t> targets, size_t classes,
                                       const CutSentences& others, Threads& threads, size_t* stride = nullptr);

}  // namespace eddy
