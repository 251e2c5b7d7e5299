// Where the words' vectors of a classifier begin: at random but for one number a class, which says how much more often the
// word stands in sentences of that class than in others.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tasks/classify/batch.h"

namespace eddy {

// Sets column c of `vectors` [V, D], for each class c below D / 4, to half the naive Bayes log-count ratio of the class, as
// in ngram_classifier.h, kept within +-1.5.
void StartFromRatios(const Tensor& vectors, const EncodedExamples& examples, std::span<const int32_t> targets,
                     size_t classes);

}  // namespace eddy
