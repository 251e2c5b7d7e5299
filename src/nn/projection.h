// A streaming step of Linear(): y = x W^T + b, weights packed once.
#pragma once

#include "eddy/error.h"
#include "eddy/tensor.h"
#include "kernels/product.h"

namespace eddy {

class Projection {
 public:
  // W [N, K]; b [N], or empty for none. Throws Error for other shapes.
  Projection(const Tensor& W, const Tensor& b, size_t rows, Precision precision) : bias_(b.Clone()), rows_(rows) {
    Require(W.rank() == 2, "linear stream", "weight", "[N, K]", W.shape().ToString());
    if (!b.empty() && b.shape() != Shape{W.dim(0)}) {
      Fail("linear stream", "bias", "of shape " + Shape{W.dim(0)}.ToString(), b.shape().ToString());
    }
    weights_ = PackedMatrix(RowMajor(W.data(), W.dim(0), W.dim(1)).Transposed(), precision);
  }

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
