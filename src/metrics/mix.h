// Two classifiers as one: the logits of the first times one number plus those of the second times another, which fit
// held-out targets best (a logarithmic opinion pool; Heskes 1998). With the second left out it is temperature scaling
// (temperature.h).
#pragma once

#include <cstdint>
#include <span>

namespace eddy {

struct Mix {
  double first = 1, second = 0;  // what the logits are multiplied by
  double loss = 0;               // mean -ln p of the targets below
};

// Neither is below 0. The right class counts as in FitTemperature, so that a few examples that are all right do not make for
// certainty. first and second [N, C], targets [N], N >= 1.
Mix FitMix(std::span<const double> first, std::span<const double> second, std::span<const int32_t> targets, size_t classes);

}  // namespace eddy
