#include "eddy/tensor.h"

#include <algorithm>

#include "base/aligned.h"
#include "base/memory_pool.h"
#include "eddy/error.h"

namespace eddy {
namespace {

template <class Allocate>
std::shared_ptr<Real[]> Allocated(const Shape& shape, const Allocate& allocate) {
  const size_t size = shape.size();
  try {
    return allocate(size);
  } catch (const std::bad_alloc&) {
    throw MemoryError("tensor: shape must be one that there is memory for, but is " + shape.ToString());
  }
}

}  // namespace

Shape::Shape(std::initializer_list<size_t> dims) : rank_(dims.size()) {
  Require(dims.size() <= kMostDims, "shape", "rank", "at most 4", std::to_string(dims.size()));
  std::copy(dims.begin(), dims.end(), dims_);
}

size_t Shape::size() const {
  size_t size = 1;
  for (size_t i = 0; i < rank_; ++i) {
    if (__builtin_mul_overflow(size, dims_[i], &size)) Fail("shape", "size", "below 2^64 elements", ToString());
  }
  return size;
}

std::string Shape::ToString() const {
  std::string text = "[";
  for (size_t i = 0; i < rank_; ++i) text += (i ? ", " : "") + std::to_string(dims_[i]);
  return text + "]";
}

Tensor Tensor::Over(const Shape& shape, std::shared_ptr<Real[]> data) {
  Require(data != nullptr, "tensor", "data", "an array", "null");
  Tensor tensor;
  tensor.shape_ = shape;
  tensor.size_ = shape.size();
  tensor.data_ = std::move(data);
  return tensor;
}

Tensor Tensor::Uninitialized(const Shape& shape) {
  return Over(shape, Allocated(shape, [](size_t size) { return AllocateAligned<Real>(size); }));
}

Tensor Tensor::Uninitialized(const Shape& shape, MemoryPool& memory) {
  return Over(shape, Allocated(shape, [&](size_t size) { return memory.Take<Real>(size); }));
}

Tensor::Tensor(const Shape& shape) : Tensor(Uninitialized(shape)) { Fill(0); }

Tensor Tensor::From(const Shape& shape, std::span<const Real> values) {
  Tensor tensor = Uninitialized(shape);
  Require(values.size() == tensor.size_, "tensor", "values",
          std::to_string(tensor.size_) + " elements for shape " + shape.ToString(), std::to_string(values.size()));
  std::copy(values.begin(), values.end(), tensor.data());
  return tensor;
}

void Tensor::Fill(Real value) const { std::fill_n(data(), size_, value); }

Tensor Tensor::Clone() const { return empty() ? Tensor() : From(shape_, values()); }

Tensor Tensor::Reshape(const Shape& shape) const {
  Require(!empty(), "reshape", "the tensor", "an array", "empty");
  if (shape.size() != size_) Fail("reshape", "shape", std::to_string(size_) + " elements", shape.ToString());
  Tensor view = *this;
  view.shape_ = shape;
  return view;
}

Tensor Tensor::Rows(size_t begin, size_t count) const {
  if (rank() == 0 || begin > dim(0) || count > dim(0) - begin) {
    Fail("rows", "range", "within " + shape_.ToString(), std::to_string(begin) + " and " + std::to_string(count) + " more");
  }
  Tensor view = *this;
  const size_t entry = dim(0) == 0 ? 0 : size_ / dim(0);
  view.shape_.Resize(count);
  view.size_ = count * entry;
  view.data_ = std::shared_ptr<Real[]>(data_, data() + begin * entry);
  return view;
}

}  // namespace eddy
