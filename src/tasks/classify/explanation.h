// Why a classifier decided as it did: which steps moved it, by integrated gradients (Sundararajan 2017, equation 3) of the
// log odds between the likeliest class and its closest rival, from an input of nothing (word vectors of zeros; the mean of
// every column) to the example; of sentences with what their n-grams add. The shares of all steps add up to how far the log
// odds moved.
#pragma once

#include <string>
#include <vector>

#include "tasks/classify/model.h"

namespace eddy {

struct Explanation {
  std::vector<double> probabilities;  // [C]
  int32_t predicted = 0;              // the likeliest class
  int32_t rival = 0;                  // the next likeliest
  double log_odds = 0;                // ln p(predicted) - ln p(rival)
  double start = 0;                   // the same of an input of nothing
  std::vector<double> shares;         // [T]: above 0 for the predicted class, below 0 for the rival
  double convolutions = 0;            // what the regression on convolutions, which see a series as a whole, adds
  double missed = 0;                  // log_odds - start less all of these
};

// The path from nothing to the example is summed at 128 places, each a forward and backward, and again at twice as many, up
// to 2,048, while the shares miss more than a percent of the way. Close to nothing, under many norms, no number of places
// is enough: `missed` says what is left. Throws Error for a network with zoneout, whose trained form has no gradient, and
// for an example that is read in segments.
Explanation Explain(ClassifierNetwork& network, const EncodedExample& example, Threads& threads);

// Steps as people read them: words and characters; of a series its numbers. At most `most` lines: neighbours are joined
// where there are more steps.
struct ExplainedStep {
  std::string name;
  double share = 0;
};
std::vector<ExplainedStep> NameSteps(const Explanation& explanation, const Example& example, const ClassifierDesign& design,
                                     size_t most);

}  // namespace eddy
