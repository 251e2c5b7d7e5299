// Logistic regression on which words and pairs of words a sentence has: the floor for sentences, and what a classifier of
// sentences adds to its network's log odds. Each feature's value is its naive Bayes log-count ratio, or 1; with the ratios
// the weights may be drawn towards their mean magnitude, which lies between naive Bayes and the regression (Wang and Manning
// 2012, section 2.3); one class against all others, with an L2 penalty, solved exactly. The kind of value, the penalty and
// the drawing are those with the fewest wrong answers in threefold cross-validation.
//
// Time is linear in the words, classes and passes. Where that is more than kMostNgramWork, or where there are
// more than kMostNgramSentences, every second, third ... training sentence stands for all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/threads.h"
#include "floors/ngrams.h"
#include "train/process_exchange.h"

namespace eddy {

inline constexpr size_t kMostNgramSentences = 100'000;
inline constexpr double kMostNgramWork = 4e9;  // features visited in all passes; about a minute

struct NgramClassifier {
  Ngrams ngrams;
  std::vector<double> weights;  // [F, C]: what each adds to the log odds of a class against all others
  std::vector<double> bias;     // [C]
  size_t stride = 1;            // how many training sentences one stood for

  size_t classes() const { return bias.size(); }
};

// Fits a logistic regression. Targets are in [0, classes). Where there are two classes, the log odds of the second are fixed
// at 0, so that those of the first are its log odds against the second. The processes of a group share out the fits of
// cross-validation, and then the classes.
NgramClassifier FitNgrams(const SentenceSource& train, std::span<const int32_t> targets, size_t classes, Threads& threads,
                          ProcessGroup& group = Alone());

std::vector<double> NgramLogOdds(const NgramClassifier& classifier, const SentenceSource& sentences);        // [N, C]
std::vector<double> NgramProbabilities(const NgramClassifier& classifier, const SentenceSource& sentences);  // [N, C]

// The same classifier with `most` n-grams, those left that the sentences it was fitted to, of `train`, show most often times
// how much they add.
NgramClassifier WithMost(const NgramClassifier& classifier, const SentenceSource& train, size_t most);

}  // namespace eddy
