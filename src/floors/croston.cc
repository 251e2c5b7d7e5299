#include "floors/croston.h"

namespace eddy {

std::vector<double> Zeros(Observations, size_t horizon) { return std::vector<double>(horizon, 0); }

std::vector<double> Croston(Observations history, size_t horizon) {
  constexpr double kSmoothing = 0.1;
  double size = 0, interval = 0, rows = 0;
  bool any = false;
  for (size_t t = 0; t < history.size(); ++t) {
    if (!history.observed[t]) continue;
    rows += 1;
    if (history.values[t] == 0) continue;
    const double share = any ? kSmoothing : 1;
    size += share * (history.values[t] - size);
    interval += share * (rows - interval);
    rows = 0;
    any = true;
  }
  return std::vector<double>(horizon, any ? (1 - kSmoothing / 2) * size / interval : 0);
}

}  // namespace eddy
