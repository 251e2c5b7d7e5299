#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/loops.h"
#include "kernels/product.h"
#include "ops/shapes.h"

namespace eddy {

Var Linear(Tape& tape, Var x, Var weight, Var bias) {
  const Tensor vx = tape.Value(x), vw = tape.Value(weight);
  const size_t rows = Rows(vx.shape()), inputs = Cols(vx.shape());
  if (vx.rank() < 1 || vw.rank() != 2 || vw.dim(1) != inputs) {
    Fail("linear", "weight", "[N, " + std::to_string(inputs) + "] for an input " + vx.shape().ToString(),
         vw.shape().ToString());
  }
  const size_t outputs = vw.dim(0);
  if (bias) RequireSameShape("linear", "bias", {outputs}, tape.Value(bias).shape());

  Tensor y = tape.Uninitialized(WithCols(vx.shape(), outputs));
  Product(RowMajor(vx.data(), rows, inputs), RowMajor(vw.data(), outputs, inputs).Transposed(), y.data(), outputs,
          bias ? Start::kBias : Start::kZero, bias ? tape.Value(bias).data() : nullptr, tape.threads(), tape.precision());

  return tape.Record(y, {x, weight, bias}, [=, &tape](const Tensor& grad) {
    const MatrixView dy = RowMajor(grad.data(), rows, outputs);
    const auto add_product = [&](const MatrixView& a, const MatrixView& b, Var to) {
      Product(a, b, tape.Grad(to).data(), b.cols, Start::kC, nullptr, tape.threads(), tape.precision());
    };
    if (tape.Needs(x)) add_product(dy, RowMajor(vw.data(), outputs, inputs), x);
    if (tape.Needs(weight)) add_product(dy.Transposed(), RowMajor(vx.data(), rows, inputs), weight);
    if (tape.Needs(bias)) {
      AddColumnSums(tape.threads(), rows, outputs, tape.Grad(bias).data(),
                    [d = grad.data(), outputs](size_t row, size_t col) { return d[row * outputs + col]; });
    }
  });
}

}  // namespace eddy
