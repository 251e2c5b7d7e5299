// A streaming step of Linear(): y = x W^T + b, weights packed once.
#pragma once

#include "eddy/tape.h"
#include "kernels/product.h"

namespace eddy {

class Projection {
 public:
  // W [N, K]; b [N], or a parameter without a value for none.
  Projection(const Parameter& W, const Parameter& b, size_t rows, Precision precision)
      : weights_(RowMajor(W.value.data(), W.value.dim(0), W.value.dim(1)).Transposed(), precision),
        bias_(b.value.empty() ? Tensor() : b.value.Clone()),
        rows_(rows) {}

  size_t size() const { return rows_ * weights_.cols(); }  // of y

  // x [rows, K] -> y [rows, N].
  void operator()(const Real* x, Real* y) const noexcept {
    PackedProduct(RowMajor(x, rows_, weights_.rows()), weights_, 0, weights_.cols(), y, weights_.cols(),
                  bias_.empty() ? Start::kZero : Start::kBias, bias_.data());
  }

 private:
  PackedMatrix weights_;
  Tensor bias_;
  size_t rows_;
};

}  // namespace eddy
