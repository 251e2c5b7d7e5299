// Prices made by a fixed seed, for tests of risk: returns of a GJR-GARCH process, whose variance clusters and rises with
// losses.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "eddy/random.h"

namespace eddy {

struct SimulatedPrices {
  std::vector<double> returns;    // percent
  std::vector<double> variances;  // of each
};

inline SimulatedPrices SimulatePrices(size_t days, uint64_t seed) {
  Random random(seed);
  SimulatedPrices simulated;
  double variance = 1;
  for (size_t t = 0; t < days; ++t) {
    const double x = std::sqrt(variance) * random.Normal();
    simulated.returns.push_back(x);
    simulated.variances.push_back(variance);
    variance = 0.03 + (0.03 + (x < 0 ? 0.12 : 0)) * x * x + 0.88 * variance;
  }
  return simulated;
}

// A table with the columns day, close and those of `extra` (name and values, one a return). The first price is of day 0,
// before the first return, and has the first of the extra values as well.
struct ExtraColumn {
  std::string name;
  std::vector<double> values;
};
inline std::string PriceTable(const std::vector<double>& returns, const std::vector<ExtraColumn>& extra = {}) {
  std::string text = "day,close";
  for (const ExtraColumn& column : extra) text += "," + column.name;
  text += '\n';
  double log = std::log(100.0);
  for (size_t row = 0; row <= returns.size(); ++row) {
    if (row > 0) log += returns[row - 1] / 100;
    text += fmt::format("{},{:.10g}", row, std::exp(log));
    for (const ExtraColumn& column : extra) text += fmt::format(",{:.10g}", column.values[row == 0 ? 0 : row - 1]);
    text += '\n';
  }
  return text;
}

}  // namespace eddy
