#include "ops/tap_product.h"

namespace eddy {

TapProduct::TapProduct(const TapShape& shape, const Real* weight, Precision precision) : shape_(shape) {
  for (size_t g = 0; g < shape.groups; ++g) {
    const Real* group = weight + g * shape.GroupWeights();
    weights_.emplace_back(RowMajor(group, shape.GroupOutputs(), shape.GroupDepth()).Transposed(), precision);
  }
}

void TapProduct::Multiply(const Real* gathered, size_t rows, const Real* bias, Real* out) const {
  const size_t depth = shape_.GroupDepth(), width = shape_.GroupOutputs();
  for (size_t g = 0; g < shape_.groups; ++g) {
    const MatrixView inputs = {gathered + g * depth, rows, depth, shape_.GatheredWidth(), 1};
    PackedProduct(inputs, weights_[g], 0, width, out + g * width, shape_.outputs, bias ? Start::kBias : Start::kZero,
                  bias ? bias + g * width : nullptr);
  }
}

}  // namespace eddy
