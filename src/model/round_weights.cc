#include "model/round_weights.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "base/bfloat16.h"
#include "eddy/error.h"
#include "kernels/quantize.h"
#include "model/json.h"

namespace eddy {
namespace {

constexpr size_t kPart = kQuantizedPart;
const std::string kScale = ".scale";

size_t Parts(size_t inputs) { return (inputs + kPart - 1) / kPart; }

// Calls body(part number, values, count) for the parts of all rows.
void ForParts(const Tensor& matrix, const std::function<void(size_t, Real*, size_t)>& body) {
  const size_t rows = matrix.dim(0), inputs = matrix.dim(1), parts = Parts(inputs);
  for (size_t i = 0; i < rows * parts; ++i) {
    const size_t begin = i % parts * kPart;
    body(i, matrix.data() + i / parts * inputs + begin, std::min(kPart, inputs - begin));
  }
}

void RoundToInt8(const Tensor& matrix) {
  ForParts(matrix, [](size_t, Real* values, size_t count) {
    const float scale = ScaleOf(values, count), inverse = InverseOf(scale);
    for (size_t i = 0; i < count; ++i) values[i] = scale * static_cast<Real>(Quantized(values[i], inverse));
  });
}

void RoundToBfloat16(const Tensor& matrix) {
  for (Real& value : matrix.values()) value = FromBfloat16(ToBfloat16(value));
}

}  // namespace

void RoundWeights(std::span<Parameter* const> parameters, Precision precision) {
  for (Parameter* parameter : parameters) {
    if (parameter->value.rank() != 2) continue;
    if (precision == Precision::kBfloat16) RoundToBfloat16(parameter->value);
    if (precision == Precision::kInt8) RoundToInt8(parameter->value);
  }
}

void StoreMatrices(Precision precision, Safetensors& content) {
  NamedTensors scales;
  for (auto& [name, tensor] : content.tensors) {
    if (tensor.rank() != 2 || precision == Precision::kFloat32) continue;
    content.storage[name] = precision == Precision::kInt8 ? Storage::kI8 : Storage::kBF16;
    if (precision != Precision::kInt8) continue;
    tensor = tensor.Clone();
    const Tensor scale({tensor.dim(0), Parts(tensor.dim(1))});
    ForParts(tensor, [&scale](size_t part, Real* values, size_t count) {
      scale[part] = ScaleOf(values, count);
      const float inverse = InverseOf(scale[part]);
      for (size_t i = 0; i < count; ++i) values[i] = static_cast<Real>(Quantized(values[i], inverse));
    });
    scales.emplace_back(name + kScale, scale);
  }
  content.tensors.insert(content.tensors.end(), scales.begin(), scales.end());
}

Precision RestoreMatrices(Safetensors& content) {
  Precision precision = Precision::kFloat32;
  std::unordered_map<std::string_view, const Tensor*> by_name;
  for (const auto& [name, tensor] : content.tensors) by_name[name] = &tensor;
  std::unordered_set<std::string> scales;
  for (const auto& [name, storage] : content.storage) {
    precision = storage == Storage::kI8 ? Precision::kInt8 : Precision::kBfloat16;
    if (storage != Storage::kI8) continue;
    const Tensor& matrix = *by_name.at(name);
    Require(matrix.rank() == 2, "model", "tensor " + Quoted(name), "a matrix", "of shape " + matrix.shape().ToString());
    const auto found = by_name.find(name + kScale);
    const bool there = found != by_name.end() && StorageOf(content, name + kScale) != Storage::kI8;
    if (!there) Fail("stored tensors", Quoted(name + kScale), "there", "missing");
    const Tensor& scale = *found->second;
    const Shape expected = {matrix.dim(0), Parts(matrix.dim(1))};
    Require(scale.shape() == expected, "model", "tensor " + Quoted(name + kScale), "of shape " + expected.ToString(),
            scale.shape().ToString());
    ForParts(matrix, [&scale](size_t part, Real* values, size_t count) {
      for (size_t i = 0; i < count; ++i) values[i] *= scale[part];
    });
    scales.insert(name + kScale);
  }
  std::erase_if(content.tensors, [&](const auto& each) { return scales.contains(each.first); });
  return precision;
}

}  // namespace eddy
