// The standard normal distribution.
#pragma once

namespace eddy {

double NormalQuantile(double probability);  // in (0, 1); by bisection, to rounding

}  // namespace eddy
