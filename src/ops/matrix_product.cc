#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/product.h"
#include "ops/shapes.h"

namespace eddy {

Var MatrixProduct(Tape& tape, Var a, Var b) {
  const Tensor va = tape.Value(a), vb = tape.Value(b);
  const size_t rows = Rows(va.shape()), inner = Cols(va.shape());
  if (va.rank() < 1 || vb.rank() != 2 || vb.dim(0) != inner) {
    Fail("matrix product", "b", "[K, N] with K = " + std::to_string(inner) + " for an a " + va.shape().ToString(),
         vb.shape().ToString());
  }
  const size_t cols = vb.dim(1);
  Tensor y = tape.Uninitialized(WithCols(va.shape(), cols));
  const MatrixView left = RowMajor(va.data(), rows, inner), right = RowMajor(vb.data(), inner, cols);
  Product(left, right, y.data(), cols, Start::kZero, nullptr, tape.threads(), tape.precision());

  return tape.Record(y, {a, b}, [=, &tape](const Tensor& grad) {
    const MatrixView dy = RowMajor(grad.data(), rows, cols);
    const auto add_product = [&](const MatrixView& first, const MatrixView& second, Var to) {
      if (!tape.Needs(to)) return;
      Product(first, second, tape.Grad(to).data(), second.cols, Start::kC, nullptr, tape.threads(), tape.precision());
    };
    // The views point into va and vb, which the record keeps.
    add_product(dy, RowMajor(vb.data(), inner, cols).Transposed(), a);
    add_product(RowMajor(va.data(), rows, inner).Transposed(), dy, b);
  });
}

}  // namespace eddy
