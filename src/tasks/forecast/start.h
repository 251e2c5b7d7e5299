// Where a forecast network starts: shares of the references by how well each did at each step of the horizon, and quantiles
// as far from their mix as the training part was.
#pragma once

#include <vector>

#include "eddy/tensor.h"
#include "tasks/forecast/series.h"

namespace eddy {

class ForecastStart {
 public:
  explicit ForecastStart(const ForecastDesign& design) : design_(design) {}

  void Add(const ForecastSeries& series, size_t origin);  // a window of the training part
  void SetBias(const Tensor& bias) const;                 // [H * (K + Q)]; steps that no window reached stay as they are

 private:
  void SetStep(size_t step, std::span<Real> bias) const;

  const ForecastDesign& design_;
  std::vector<float> references_;         // [windows, H, K]
  std::vector<float> targets_, weights_;  // [windows, H]
};

}  // namespace eddy
