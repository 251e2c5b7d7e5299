#include "arrays.h"

#include <nanobind/stl/vector.h>

#include <algorithm>
#include <limits>

#include "eddy/error.h"

namespace eddy::python {
namespace {

Shape ShapeOf(const Input& array) { return ShapeFrom({array.shape_ptr(), array.shape_ptr() + array.ndim()}); }

// The engine's tensors know no const; nothing writes to an operand.
float* Data(const Input& array) { return const_cast<float*>(array.data()); }

template <class Framework>
nb::ndarray<Framework, nb::numpy> View(const Tensor& tensor) {
  size_t shape[Shape::kMostDims] = {};
  for (size_t i = 0; i < tensor.rank(); ++i) shape[i] = tensor.dim(i);
  auto* owner = new Tensor(tensor);
  const nb::capsule capsule(owner, [](void* p) noexcept { delete static_cast<Tensor*>(p); });
  return nb::ndarray<Framework, nb::numpy>(tensor.data(), tensor.rank(), shape, capsule);
}

template <class T>
void Append(const AnyArray& array, std::vector<int64_t>& to) {
  // Of any strides: the array is walked in C order.
  std::vector<size_t> index(array.ndim(), 0);
  const T* data = static_cast<const T*>(array.data());
  for (size_t n = array.size(); n > 0; --n) {
    int64_t offset = 0;
    for (size_t i = 0; i < index.size(); ++i) offset += static_cast<int64_t>(index[i]) * array.stride(i);
    const T value = data[offset];
    to.push_back(static_cast<uint64_t>(value) > std::numeric_limits<int64_t>::max() && value > 0
                     ? std::numeric_limits<int64_t>::max()
                     : static_cast<int64_t>(value));
    for (size_t i = index.size(); i-- > 0 && ++index[i] == array.shape(i);) index[i] = 0;
  }
}

template <class... Types>
bool AppendAny(const AnyArray& array, std::vector<int64_t>& to) {
  return ((array.dtype() == nb::dtype<Types>() && (Append<Types>(array, to), true)) || ...);
}

}  // namespace

Shape ShapeFrom(const std::vector<size_t>& d) {
  switch (d.size()) {
    case 0:
      return {};
    case 1:
      return {d[0]};
    case 2:
      return {d[0], d[1]};
    case 3:
      return {d[0], d[1], d[2]};
    case 4:
      return {d[0], d[1], d[2], d[3]};
  }
  Fail("array", "dimensions", "at most 4", std::to_string(d.size()));
}

Tensor Shared(const Input& array) {
  auto* kept = new Input(array);
  std::shared_ptr<Real[]> data(Data(array), [kept](Real*) {
    if (!nb::is_alive()) return;
    const nb::gil_scoped_acquire acquire;
    delete kept;
  });
  return Tensor::Over(ShapeOf(array), std::move(data));
}

Tensor Borrowed(const Input& array) {
  return Tensor::Over(ShapeOf(array), std::shared_ptr<Real[]>(std::shared_ptr<void>(), Data(array)));
}

Tensor Copied(const Input& array) { return Tensor::From(ShapeOf(array), {array.data(), array.size()}); }

void CopyInto(const Tensor& to, const Input& from, const char* what) {
  const Shape shape = ShapeOf(from);
  if (shape != to.shape()) Fail(what, "shape", to.shape().ToString(), shape.ToString());
  std::copy_n(from.data(), from.size(), to.data());
}

Output ToArray(const Tensor& tensor) { return View<float>(tensor); }
nb::object ToReadOnly(const Tensor& tensor) { return View<const float>(tensor).cast(); }

std::vector<int64_t> Integers(nb::handle values, const char* what) {
  std::vector<int64_t> integers;
  AnyArray array;
  if (!nb::try_cast(values, array)) {
    if (!nb::try_cast(values, integers)) Fail(what, "values", "integers", nb::repr(values).c_str());
    return integers;
  }
  integers.reserve(array.size());
  if (!AppendAny<bool, int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t>(array, integers))
    Fail(what, "values", "integers", "an array of another type");
  return integers;
}

std::vector<int32_t> Labels(nb::handle values, const char* what) {
  std::vector<int32_t> labels;
  for (const int64_t value : Integers(values, what)) {
    if (value != static_cast<int32_t>(value)) Fail(what, "values", "below 2^31", std::to_string(value));
    labels.push_back(static_cast<int32_t>(value));
  }
  return labels;
}

Sequence SequenceOf(const Shape& x, nb::handle lengths, nb::handle resets) {
  Require(x.rank() == 3, "sequence", "x", "[T, B, D]", x.ToString());
  Sequence sequence{.steps = x[0], .rows = x[1], .lengths = {}, .resets = {}};
  if (!lengths.is_none()) {
    for (const int64_t length : Integers(lengths, "lengths")) {
      Require(length >= 0, "sequence", "lengths", "at least 0", std::to_string(length));
      sequence.lengths.push_back(static_cast<size_t>(length));
    }
    Require(sequence.lengths.size() == x[1], "sequence", "lengths", "one a row (" + std::to_string(x[1]) + ")",
            std::to_string(sequence.lengths.size()));
  }
  if (!resets.is_none()) {
    for (const int64_t reset : Integers(resets, "resets")) sequence.resets.push_back(reset != 0);
    Require(sequence.resets.size() == x[0] * x[1], "sequence", "resets", "one a step and row, [T, B]",
            std::to_string(sequence.resets.size()));
  }
  return sequence;
}

}  // namespace eddy::python
