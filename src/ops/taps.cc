#include <memory>

#include "eddy/convolution.h"
#include "eddy/error.h"
#include "kernels/loops.h"
#include "ops/tap_product.h"
#include "ops/windows.h"

namespace eddy {

Var Taps(Tape& tape, Var x, size_t kernel, const Sequence& sequence) {
  const Tensor vx = tape.Value(x);
  const size_t T = sequence.steps, B = sequence.rows;
  if (vx.rank() != 3 || vx.dim(0) != T || vx.dim(1) != B) {
    const std::string steps_and_rows = std::to_string(T) + ", " + std::to_string(B);
    Fail("taps", "x", "[" + steps_and_rows + ", D]", vx.shape().ToString());
  }
  const auto windows = std::make_shared<const Windows>(sequence, kernel, ConvolutionOptions{});
  const size_t D = vx.dim(2), width = kernel * D;
  Tensor y({T, B, width});
  const std::vector<size_t> outputs = windows->OutputPositions();
  ForRows(tape.threads(), outputs.size(), width, [&](size_t i) {
    const auto tap = [&](size_t k) {
      const size_t input = windows->InputOf(outputs[i], k);
      return input == Windows::kNowhere ? nullptr : vx.data() + input * D;
    };
    GatherTaps({0, kernel, D, 1}, tap, y.data() + outputs[i] * width);
  });

  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    const std::vector<size_t> inputs = windows->InputPositions();
    ForRows(tape.threads(), inputs.size(), width, [&, dx = tape.Grad(x).data()](size_t i) {
      for (size_t k = 0; k < kernel; ++k) {
        const size_t output = windows->OutputOf(inputs[i], k);
        if (output == Windows::kNowhere) continue;
        const Real* dy = grad.data() + output * width + k * D;
        for (size_t d = 0; d < D; ++d) dx[inputs[i] * D + d] += dy[d];
      }
    });
  });
}

}  // namespace eddy
