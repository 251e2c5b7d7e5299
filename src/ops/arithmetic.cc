#include "eddy/ops.h"
#include "kernels/loops.h"
#include "ops/shapes.h"

namespace eddy {
namespace {

// Adds factor * grad to the gradient of x, if one is wanted.
void Pass(Tape& tape, Var x, const Tensor& grad, Real factor) {
  if (!tape.Needs(x)) return;
  ForEach(tape.threads(), grad.size(),
          [=, dx = tape.Grad(x).data(), dy = grad.data()](size_t i) { dx[i] += factor * dy[i]; });
}

}  // namespace

Var Add(Tape& tape, Var a, Var b) {
  const Tensor va = tape.Value(a), vb = tape.Value(b);
  RequireSameShape("add", "b", va.shape(), vb.shape());
  Tensor y = tape.Uninitialized(va.shape());
  ForEach(tape.threads(), y.size(), [pa = va.data(), pb = vb.data(), to = y.data()](size_t i) { to[i] = pa[i] + pb[i]; });
  return tape.Record(y, {a, b}, [=, &tape](const Tensor& grad) {
    Pass(tape, a, grad, 1);
    Pass(tape, b, grad, 1);
  });
}

Var Subtract(Tape& tape, Var a, Var b) {
  const Tensor va = tape.Value(a), vb = tape.Value(b);
  RequireSameShape("subtract", "b", va.shape(), vb.shape());
  Tensor y = tape.Uninitialized(va.shape());
  ForEach(tape.threads(), y.size(), [pa = va.data(), pb = vb.data(), to = y.data()](size_t i) { to[i] = pa[i] - pb[i]; });
  return tape.Record(y, {a, b}, [=, &tape](const Tensor& grad) {
    Pass(tape, a, grad, 1);
    Pass(tape, b, grad, -1);
  });
}

Var Multiply(Tape& tape, Var a, Var b) {
  const Tensor va = tape.Value(a), vb = tape.Value(b);
  RequireSameShape("multiply", "b", va.shape(), vb.shape());
  Tensor y = tape.Uninitialized(va.shape());
  ForEach(tape.threads(), y.size(), [pa = va.data(), pb = vb.data(), to = y.data()](size_t i) { to[i] = pa[i] * pb[i]; });
  return tape.Record(y, {a, b}, [=, &tape](const Tensor& grad) {
    const auto pass = [&](Var x, const Tensor& other) {
      if (!tape.Needs(x)) return;
      ForEach(tape.threads(), grad.size(),
              [dx = tape.Grad(x).data(), dy = grad.data(), o = other.data()](size_t i) { dx[i] += dy[i] * o[i]; });
    };
    pass(a, vb);
    pass(b, va);
  });
}

Var Scale(Tape& tape, Var x, Real factor) {
  const Tensor vx = tape.Value(x);
  Tensor y = tape.Uninitialized(vx.shape());
  ForEach(tape.threads(), y.size(), [=, from = vx.data(), to = y.data()](size_t i) { to[i] = factor * from[i]; });
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) { Pass(tape, x, grad, factor); });
}

}  // namespace eddy
