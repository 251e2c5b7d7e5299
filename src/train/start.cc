#include "train/start.h"

#include <algorithm>
#include <map>

#include "data/digest.h"
#include "eddy/error.h"

namespace eddy {
namespace {

bool Grows(const Shape& from, const Shape& to) {
  if (from.rank() != to.rank() || from[0] > to[0]) return false;
  for (size_t axis = 1; axis < from.rank(); ++axis) {
    if (from[axis] != to[axis]) return false;
  }
  return true;
}

// Row `pattern` is one of those copied.
void CopyRows(const Tensor& from, size_t pattern, Tensor& to) {
  const std::span<const Real> known = from.values();
  std::copy(known.begin(), known.end(), to.values().begin());
  if (from.shape() == to.shape()) return;
  const size_t width = known.size() / from.shape()[0];
  for (size_t row = from.shape()[0]; row < to.shape()[0]; ++row) {
    const std::span<const Real> values = known.subspan(pattern * width, width);
    std::copy(values.begin(), values.end(), to.values().subspan(row * width, width).begin());
  }
}

}  // namespace

void StartFrom(std::span<Parameter* const> network, std::span<Parameter* const> start, const GrowingRows& growing,
               const std::string& source) {
  std::map<std::string, const Parameter*> known;
  for (const Parameter* parameter : start) known[parameter->name] = parameter;
  for (const Parameter* parameter : network) {
    const auto found = known.find(parameter->name);
    if (found == known.end()) Fail("train", "a network that starts from " + source, "of its layers", "of other layers");
    const Shape &from = found->second->value.shape(), &to = parameter->value.shape();
    const bool fits = growing.parameters.contains(parameter->name) ? Grows(from, to) : from == to;
    if (!fits) {
      Fail("train", "a network that starts from " + source, "of its sizes (" + parameter->name + " " + from.ToString() + ")",
           to.ToString());
    }
  }
  Require(known.size() == network.size(), "train", "a network that starts from " + source, "of its layers", "of fewer");
  for (Parameter* parameter : network) CopyRows(known[parameter->name]->value, growing.pattern, parameter->value);
}

void RequireFloat32(Precision precision, const std::string& source) {
  Require(precision == Precision::kFloat32, "train", source, "in float32, to start from", "quantized");
}

std::string HashOfWeights(std::span<Parameter* const> parameters) {
  Digest hash;
  for (const Parameter* parameter : parameters) {
    const std::span<const Real> values = parameter->value.values();
    hash.Add({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }
  return hash.Digits();
}

}  // namespace eddy
