// Temperature scaling (Guo 2017): all logits divided by one number, so that a network that is right nine times in ten says
// so with a confidence of nine tenths. It changes no decision.
#pragma once

#include <cstdint>
#include <span>

namespace eddy {

struct Calibration {
  double temperature = 1;
  double loss = 0;  // mean -ln p at that temperature, of the targets below
};

// The temperature between 1/20 and 20 that fits best. The right class counts (N + 1) / (N + 2) and the others share the
// rest, so that a few examples that are all right do not make for certainty (Platt 1999, targets of equation 12). logits [N,
// C], targets [N], N >= 1.
Calibration FitTemperature(std::span<const double> logits, std::span<const int32_t> targets, size_t classes);

}  // namespace eddy
