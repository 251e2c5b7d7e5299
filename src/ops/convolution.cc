#include "eddy/convolution.h"

#include <memory>

#include "base/aligned.h"
#include "eddy/error.h"
#include "kernels/column_sums.h"
#include "kernels/loops.h"
#include "ops/shapes.h"
#include "ops/tap_product.h"
#include "ops/windows.h"

namespace eddy {
namespace {

TapShape CheckedShape(const Tensor& x, const Tensor& weight, const ConvolutionOptions& options, const Sequence& sequence) {
  if (x.rank() != 3 || x.dim(0) != sequence.steps || x.dim(1) != sequence.rows) {
    const std::string steps_and_rows = std::to_string(sequence.steps) + ", " + std::to_string(sequence.rows);
    Fail("convolution", "x", "[" + steps_and_rows + ", D]", x.shape().ToString());
  }
  const size_t D = x.dim(2), groups = options.groups;
  if (weight.rank() != 3 || groups < 1 || D % groups != 0 || weight.dim(0) % groups != 0 || weight.dim(2) != D / groups) {
    Fail(
        "convolution", "weight",
        "[N, K, D / groups] with D = " + std::to_string(D) + " and groups = " + std::to_string(groups) + " dividing N and D",
        weight.shape().ToString());
  }
  return {weight.dim(0), weight.dim(1), D, groups};
}

// weight [N, K, D / groups] -> [D, K, N / groups]: with it, the outputs' gradients give the inputs'.
Tensor TransposedTaps(const TapShape& shape, const Tensor& weight) {
  const size_t K = shape.kernel, inputs = shape.GroupInputs(), outputs = shape.GroupOutputs();
  Tensor transposed = Tensor::Uninitialized({shape.inputs, K, outputs});
  for (size_t i = 0; i < weight.size(); ++i) {
    const size_t n = i / inputs / K, k = i / inputs % K, d = n / outputs * inputs + i % inputs;
    transposed[(d * K + k) * outputs + n % outputs] = weight[i];
  }
  return transposed;
}

// dw += the sum, over outputs, of their gradients times what they saw, outputs in order.
void AddWeightGradient(Tape& tape, const TapShape& shape, const Windows& windows, const std::vector<size_t>& outputs,
                       const Real* x, const Real* dy, Real* dw) {
  const size_t N = shape.outputs, gathers = shape.GatheredWidth(), depth = shape.GroupDepth(), width = shape.GroupOutputs();
  const size_t block = std::clamp<size_t>((size_t{1} << 19) / std::max<size_t>(gathers, 1), 64, 512);
  const auto gathered = AllocateAligned<Real>(block * gathers), slopes = AllocateAligned<Real>(block * N);
  for (size_t first = 0; first < outputs.size(); first += block) {
    const size_t rows = std::min(block, outputs.size() - first);
    ForRows(tape.threads(), rows, gathers, [&](size_t i) {
      const size_t output = outputs[first + i];
      const auto tap = [&](size_t k) {
        const size_t input = windows.InputOf(output, k);
        return input == Windows::kNowhere ? nullptr : x + input * shape.inputs;
      };
      GatherTaps(shape, tap, gathered.get() + i * gathers);
      std::copy_n(dy + output * N, N, slopes.get() + i * N);
    });
    for (size_t g = 0; g < shape.groups; ++g) {
      const MatrixView slope = {slopes.get() + g * width, rows, width, N, 1};
      const MatrixView seen = {gathered.get() + g * depth, rows, depth, gathers, 1};
      Product(slope.Transposed(), seen, dw + g * shape.GroupWeights(), depth, Start::kC, nullptr, tape.threads(),
              tape.precision());
    }
  }
}

// The same where each channel is by itself: no product, but a column sum a tap.
void AddChannelWeightGradient(Tape& tape, const TapShape& shape, const Windows& windows, const std::vector<size_t>& outputs,
                              const Real* x, const Real* dy, Real* dw) {
  const size_t N = shape.outputs, K = shape.kernel, block = std::clamp<size_t>((size_t{1} << 14) / N, 8, 512);
  const Tensor sums({K, N});
  tape.threads().For(K, 1, [&](size_t begin, size_t end) {
    const auto seen = AllocateAligned<Real>(block * N), slopes = AllocateAligned<Real>(block * N);
    for (size_t k = begin; k < end; ++k) {
      size_t rows = 0;
      for (size_t i = 0; i < outputs.size(); ++i) {
        const size_t input = windows.InputOf(outputs[i], k);
        if (input != Windows::kNowhere) {
          std::copy_n(x + input * N, N, seen.get() + rows * N);
          std::copy_n(dy + outputs[i] * N, N, slopes.get() + rows * N);
          ++rows;
        }
        if (rows == block || i + 1 == outputs.size()) {
          AddColumnSums(seen.get(), slopes.get(), N, rows, N, sums.data() + k * N);
          rows = 0;
        }
      }
    }
  });
  for (size_t i = 0; i < K * N; ++i) dw[i] += sums[i % K * N + i / K];
}

}  // namespace

Var Convolution(Tape& tape, Var x, Var weight, Var bias, const ConvolutionOptions& options, const Sequence& sequence) {
  const Tensor vx = tape.Value(x), vw = tape.Value(weight);
  const TapShape shape = CheckedShape(vx, vw, options, sequence);
  const auto windows = std::make_shared<const Windows>(sequence, shape.kernel, options);
  const size_t N = shape.outputs, D = shape.inputs;
  if (bias) RequireSameShape("convolution", "bias", {N}, tape.Value(bias).shape());

  const auto outputs = std::make_shared<const std::vector<size_t>>(windows->OutputPositions());
  Tensor y({windows->outputs().steps, sequence.rows, N});
  const auto read = [&](size_t i, size_t k) {
    const size_t input = windows->InputOf((*outputs)[i], k);
    return input == Windows::kNowhere ? nullptr : vx.data() + input * D;
  };
  TapProduct(shape, vw.data(), tape.precision())
      .Run(tape.threads(), outputs->size(), bias ? tape.Value(bias).data() : nullptr, read,
           [&](size_t i, const Real* sums) { std::copy_n(sums, N, y.data() + (*outputs)[i] * N); });

  return tape.Record(y, {x, weight, bias}, [=, &tape](const Tensor& grad) {
    const Real* dy = grad.data();
    if (tape.Needs(x)) {
      const std::vector<size_t> inputs = windows->InputPositions();
      const auto read_by = [&](size_t i, size_t k) {
        const size_t output = windows->OutputOf(inputs[i], k);
        return output == Windows::kNowhere ? nullptr : dy + output * N;
      };
      TapProduct({D, shape.kernel, N, shape.groups}, TransposedTaps(shape, vw).data(), tape.precision())
          .Run(tape.threads(), inputs.size(), nullptr, read_by, [&, dx = tape.Grad(x).data()](size_t i, const Real* sums) {
            for (size_t d = 0; d < D; ++d) dx[inputs[i] * D + d] += sums[d];
          });
    }
    if (tape.Needs(weight)) {
      const auto add = shape.EachChannel() ? AddChannelWeightGradient : AddWeightGradient;
      add(tape, shape, *windows, *outputs, vx.data(), dy, tape.Grad(weight).data());
    }
    if (tape.Needs(bias)) {
      AddColumnSums(tape.threads(), outputs->size(), N, tape.Grad(bias).data(),
                    [=, at = outputs->data()](size_t i, size_t n) { return dy[at[i] * N + n]; });
    }
  });
}

}  // namespace eddy
