// The heterogeneous autoregression of realised variance (Corsi 2009) in logarithms: what follows is a linear function of the
// logarithms' last value and their means over 5 and 22 days. The floor of volatility forecasts.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace eddy {

inline constexpr size_t kHarMonth = 22;  // days that it reads

struct LogHar {
  std::array<double, 4> weights{};  // of 1, the last value, the mean of 5 and that of 22
  double residual = 0;              // variance of what it leaves, over the days it was fitted to

  // From logs[origin - 22, origin); fewer where there are not as many. origin >= 1.
  double Predict(std::span<const double> logs, size_t origin) const;
};

// Targets [T + 1]: what follows origin i, NaN where it is not known. Least squares over the origins kHarMonth to end - 1
// with a target. Where there are fewer than 10, the last value.
LogHar FitLogHar(std::span<const double> logs, std::span<const double> targets, size_t end);

}  // namespace eddy
