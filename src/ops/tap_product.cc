#include "ops/tap_product.h"

#include "kernels/scan.h"

namespace eddy {

TapProduct::TapProduct(const TapShape& shape, const Real* weight, Precision precision) : shape_(shape) {
  if (shape.EachChannel()) {
    const size_t K = shape.kernel, N = shape.outputs;
    channel_weights_.resize(K * N);
    zeros_.resize(N);
    for (size_t i = 0; i < K * N; ++i) channel_weights_[i % K * N + i / K] = weight[i];
    return;
  }
  for (size_t g = 0; g < shape.groups; ++g) {
    const Real* group = weight + g * shape.GroupWeights();
    weights_.emplace_back(RowMajor(group, shape.GroupOutputs(), shape.GroupDepth()).Transposed(), precision);
  }
}

void TapProduct::Multiply(const Real* gathered, size_t rows, const Real* bias, Real* out) const {
  if (shape_.EachChannel()) {
    const size_t N = shape_.outputs;
    RowsIn sums = {bias != nullptr ? bias : zeros_.data(), 0};
    for (size_t k = 0; k < shape_.kernel; ++k, sums = {out, N}) {
      const RowsIn inputs = {gathered + k * N, shape_.GatheredWidth()}, weights = {channel_weights_.data() + k * N, 0};
      LinearStep(weights, inputs, sums, {out, N}, rows, N);
    }
    return;
  }
  const size_t depth = shape_.GroupDepth(), width = shape_.GroupOutputs();
  for (size_t g = 0; g < shape_.groups; ++g) {
    const MatrixView inputs = {gathered + g * depth, rows, depth, shape_.GatheredWidth(), 1};
    PackedProduct(inputs, weights_[g], 0, width, out + g * width, shape_.outputs, bias ? Start::kBias : Start::kZero,
                  bias ? bias + g * width : nullptr);
  }
}

}  // namespace eddy
