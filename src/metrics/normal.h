// The standard normal distribution, and Student's t beside it.
#pragma once

namespace eddy {

double NormalQuantile(double probability);  // in (0, 1); by bisection, to rounding

// The quantile of a probability in [0.5, 1) for at least one degree of freedom, which need not be a whole number; to four
// digits. Costs some 20,000 powers below 200 degrees of freedom, from there on next to nothing (the expansion of Cornish and
// Fisher 1938).
double StudentQuantile(double probability, double freedom);

}  // namespace eddy
