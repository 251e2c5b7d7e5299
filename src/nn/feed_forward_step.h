// A streaming step of a FeedForward.
#pragma once

#include <optional>
#include <vector>

#include "eddy/feed_forward.h"
#include "nn/projection.h"

namespace eddy {

class FeedForwardStep {
 public:
  FeedForwardStep(const FeedForward& layer, size_t rows, Precision precision);
  void operator()(const Real* x, Real* y) noexcept;  // [rows, H] each

 private:
  FeedForwardKind kind_;
  Projection W_, W2_;
  std::optional<Projection> V_;
  std::vector<Real> inner_, beside_;  // [rows, F]
};

}  // namespace eddy
