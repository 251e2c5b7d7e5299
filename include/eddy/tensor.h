// Tensor: a dense row-major array of Real, 64-byte aligned. A Tensor is a handle: copies share the elements, Clone() copies
// them. Its shape is fixed; Reshape() gives another view of the same elements. One that has been moved from is empty. A
// shape for which there is no memory throws Error, which names it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "eddy/real.h"

EDDY_API_BEGIN
namespace eddy {

// Up to four dimensions, outermost first. The empty shape is a scalar with one element.
class Shape {
 public:
  static constexpr size_t kMostDims = 4;

  Shape() = default;
  Shape(std::initializer_list<size_t> dims);

  size_t rank() const { return rank_; }
  size_t operator[](size_t i) const { return i < kMostDims ? dims_[i] : 0; }  // 0 beyond the rank
  size_t size() const;           // the product of the dimensions; throws Error when it overflows
  std::string ToString() const;  // such as "[2, 3]"
  bool operator==(const Shape&) const = default;
  void Resize(size_t outermost) { dims_[0] = outermost; }  // of a shape with a dimension

 private:
  size_t rank_ = 0;
  size_t dims_[kMostDims] = {};
};

class MemoryPool;

class Tensor {
 public:
  Tensor() = default;  // holds nothing: empty() is true
  Tensor(const Tensor&) = default;
  Tensor& operator=(const Tensor&) = default;
  Tensor(Tensor&& other) noexcept { *this = std::move(other); }
  Tensor& operator=(Tensor&& other) noexcept {
    shape_ = std::exchange(other.shape_, {});
    size_ = std::exchange(other.size_, 0);
    data_ = std::move(other.data_);
    return *this;
  }
  explicit Tensor(const Shape& shape);  // zeros
  static Tensor Uninitialized(const Shape& shape);
  static Tensor Uninitialized(const Shape& shape, MemoryPool& memory);   // whose memory goes back there
  static Tensor Over(const Shape& shape, std::shared_ptr<Real[]> data);  // in memory that someone else has allocated
  static Tensor From(const Shape& shape, std::span<const Real> values);  // copies; sizes must agree

  bool empty() const { return data_ == nullptr; }
  const Shape& shape() const { return shape_; }
  size_t dim(size_t i) const { return shape_[i]; }
  size_t rank() const { return shape_.rank(); }
  size_t size() const { return size_; }
  Real* data() const { return data_.get(); }
  std::span<Real> values() const { return {data_.get(), size_}; }
  Real& operator[](size_t i) const { return data_.get()[i]; }

  void Fill(Real value) const;
  Tensor Clone() const;
  Tensor Reshape(const Shape& shape) const;  // shares the elements; sizes must agree
  // Entries [begin, begin + count) of the first dimension; shares the elements.
  Tensor Rows(size_t begin, size_t count) const;

 private:
  Shape shape_;
  size_t size_ = 0;
  std::shared_ptr<Real[]> data_;
};

}  // namespace eddy
EDDY_API_END
