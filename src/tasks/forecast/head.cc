#include "tasks/forecast/head.h"

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "ops/shapes.h"

namespace eddy {
namespace {

struct Sizes {
  size_t references, quantiles, median;
  size_t raw() const { return references + quantiles; }
};

// weights: softmax of the logits.
void Softmax(const Real* logits, size_t count, Real* weights) {
  const Real highest = *std::max_element(logits, logits + count);
  Real sum = 0;
  for (size_t k = 0; k < count; ++k) sum += weights[k] = std::exp(logits[k] - highest);
  for (size_t k = 0; k < count; ++k) weights[k] /= sum;
}

Real Step(Real x) { return static_cast<Real>(Softplus(x)); }
Real Slope(Real x) { return 1 / (1 + std::exp(-x)); }

void ForwardStep(const Sizes& sizes, const Real* raw, const Real* references, Real* weights, Real* quantiles) {
  Softmax(raw, sizes.references, weights);
  const Real* number = raw + sizes.references;
  Real median = number[sizes.median];
  for (size_t k = 0; k < sizes.references; ++k) median += weights[k] * references[k];
  quantiles[sizes.median] = median;
  for (size_t q = sizes.median + 1; q < sizes.quantiles; ++q) quantiles[q] = quantiles[q - 1] + Step(number[q]);
  for (size_t q = sizes.median; q-- > 0;) quantiles[q] = quantiles[q + 1] - Step(number[q]);
}

// Adds to `to`, the gradient of raw. A number moves its quantile and all those beyond it.
void BackwardStep(const Sizes& sizes, const Real* raw, const Real* references, const Real* weights, const Real* grad,
                  Real* to) {
  const Real* number = raw + sizes.references;
  Real* to_number = to + sizes.references;
  Real above = 0, below = 0;
  for (size_t q = sizes.quantiles - 1; q > sizes.median; --q) to_number[q] += (above += grad[q]) * Slope(number[q]);
  for (size_t q = 0; q < sizes.median; ++q) to_number[q] -= (below += grad[q]) * Slope(number[q]);
  const Real all = above + grad[sizes.median] + below;
  to_number[sizes.median] += all;
  Real mean = 0;
  for (size_t k = 0; k < sizes.references; ++k) mean += weights[k] * references[k];
  for (size_t k = 0; k < sizes.references; ++k) to[k] += all * weights[k] * (references[k] - mean);
}

}  // namespace

Var MixReferences(Tape& tape, Var raw, const Tensor& references, size_t median) {
  const Tensor x = tape.Value(raw);
  const size_t steps = Rows(x.shape());
  if (Rows(references.shape()) != steps || Cols(x.shape()) <= Cols(references.shape()) + median) {
    Fail("mix references", "references", "[N, H, K] for an input [N, H, K + Q]",
         references.shape().ToString() + " for " + x.shape().ToString());
  }
  const Sizes sizes{Cols(references.shape()), Cols(x.shape()) - Cols(references.shape()), median};
  const Tensor y = Tensor::Uninitialized(WithCols(x.shape(), sizes.quantiles));
  const Tensor weights = Tensor::Uninitialized(references.shape());
  constexpr size_t kGrain = 256;
  tape.threads().For(steps, kGrain, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      ForwardStep(sizes, &x[i * sizes.raw()], &references[i * sizes.references], &weights[i * sizes.references],
                  &y[i * sizes.quantiles]);
    }
  });
  return tape.Record(y, {raw}, [=, &tape](const Tensor& grad) {
    if (!tape.Needs(raw)) return;
    Tensor& to = tape.Grad(raw);
    tape.threads().For(steps, kGrain, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        BackwardStep(sizes, &x[i * sizes.raw()], &references[i * sizes.references], &weights[i * sizes.references],
                     &grad[i * sizes.quantiles], &to[i * sizes.raw()]);
      }
    });
  });
}

}  // namespace eddy
