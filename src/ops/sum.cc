#include "eddy/ops.h"
#include "kernels/loops.h"

namespace eddy {

Var Sum(Tape& tape, Var x) {
  const Tensor vx = tape.Value(x);
  Tensor y{Shape{}};
  y[0] = static_cast<Real>(SumBlocks(tape.threads(), vx.size(), kGrain, [from = vx.data()](size_t begin, size_t end) {
    return Sum(end - begin, [=](size_t i) { return static_cast<double>(from[begin + i]); });
  }));
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    ForEach(tape.threads(), vx.size(), [dx = tape.Grad(x).data(), dy = grad[0]](size_t i) { dx[i] += dy; });
  });
}

}  // namespace eddy
