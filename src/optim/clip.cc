#include <cmath>

#include "eddy/error.h"
#include "eddy/optim.h"
#include "kernels/loops.h"
#include "kernels/sum_of_squares.h"

namespace eddy {
namespace {

void RequireLimit(std::string_view operation, double limit) {
  if (!(limit > 0 && std::isfinite(limit))) Fail(operation, "limit", "finite, above 0", std::to_string(limit));
}

}  // namespace

void ZeroGrad(std::span<Parameter* const> parameters, Threads& threads) {
  CheckParameters("zero gradients", parameters);
  for (Parameter* parameter : parameters) {
    threads.For(parameter->grad.size(), kGrain,
                [grad = parameter->grad.data()](size_t begin, size_t end) { std::fill(grad + begin, grad + end, Real{0}); });
  }
}

double GlobalNorm(std::span<Parameter* const> parameters, Threads& threads) {
  CheckParameters("global norm", parameters);
  double sum = 0;
  for (const Parameter* parameter : parameters) {
    if (parameter->fixed) continue;
    const Real* grad = parameter->grad.data();
    sum += SumBlocks(threads, parameter->grad.size(), kGrain,
                     [grad](size_t begin, size_t end) { return SumOfSquares(grad + begin, end - begin); });
  }
  return std::sqrt(sum);
}

double ClipGlobalNorm(std::span<Parameter* const> parameters, double limit, Threads& threads) {
  RequireLimit("clip by global norm", limit);
  const double norm = GlobalNorm(parameters, threads);
  if (norm > limit && std::isfinite(norm)) {
    const Real factor = static_cast<Real>(limit / norm);
    for (Parameter* parameter : parameters) {
      ForEach(threads, parameter->grad.size(), [factor, grad = parameter->grad.data()](size_t i) { grad[i] *= factor; });
    }
  }
  return norm;
}

void ClipValue(std::span<Parameter* const> parameters, double limit, Threads& threads) {
  RequireLimit("clip by value", limit);
  CheckParameters("clip by value", parameters);
  const Real most = static_cast<Real>(limit);
  for (Parameter* parameter : parameters) {
    ForEach(threads, parameter->grad.size(),
            [most, grad = parameter->grad.data()](size_t i) { grad[i] = std::clamp(grad[i], -most, most); });
  }
}

void ClipAdaptive(std::span<Parameter* const> parameters, double limit, Threads& threads) {
  constexpr double kLeastNorm = 1e-3;
  RequireLimit("adaptive clip", limit);
  CheckParameters("adaptive clip", parameters);
  for (Parameter* parameter : parameters) {
    const Tensor& value = parameter->value;
    const size_t cols = value.rank() == 0 ? 1 : value.dim(value.rank() - 1);
    const size_t rows = cols == 0 ? 0 : value.size() / cols;
    ForRows(threads, rows, cols, [=, weights = value.data(), grads = parameter->grad.data()](size_t row) {
      Real* grad = grads + row * cols;
      const double most = limit * std::max(std::sqrt(SumOfSquares(weights + row * cols, cols)), kLeastNorm);
      const double norm = std::sqrt(SumOfSquares(grad, cols));
      if (!(norm > most && std::isfinite(norm))) return;
      const Real factor = static_cast<Real>(most / norm);
      for (size_t i = 0; i < cols; ++i) grad[i] *= factor;
    });
  }
}

}  // namespace eddy
