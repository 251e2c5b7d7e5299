// A streaming step of a Norm.
#pragma once

#include "eddy/norm.h"
#include "ops/normal_rows.h"

namespace eddy {

class NormStep {
 public:
  NormStep(const Norm& norm, size_t rows)
      : centred_(norm.kind_ == Normalization::kLayer),
        gain_(norm.gain_->value.Clone()),
        shift_(norm.shift_.value().Clone()),
        rows_(rows) {}

  // x [rows, width] -> y, which may be x.
  void operator()(const Real* x, Real* y) const noexcept {
    const size_t n = gain_.size();
    for (size_t i = 0; i < rows_; ++i) {
      NormalizeGroups(x + i * n, n, 1, centred_, gain_.data(), shift_.data(), y + i * n);
    }
  }

 private:
  bool centred_;
  Tensor gain_, shift_;
  size_t rows_;
};

}  // namespace eddy
