// What is added to the log odds of the second of two classes so that it is said as often as it happens (Platt 1999, with the
// scale left as it is): learning that favours a rare class leaves its probabilities too high, and no temperature mends that.
#pragma once

#include <cstdint>
#include <span>

namespace eddy {

// The offset that fits best. The right class counts (n + 1) / (n + 2) for the n examples of its class (Platt's equation 12),
// so that a few examples of one class do not make for certainty. log_odds [N] of the second class, second [N]: whether an
// example is of it; N >= 1.
double FitClassOffset(std::span<const double> log_odds, std::span<const uint8_t> second);

}  // namespace eddy
