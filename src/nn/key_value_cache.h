// The keys and values of one head, of the latest steps that a query sees, laid out for the products that attend to them:
// blocks of a panel's width of steps, as a ring. A block of keys is one panel [keys][steps], one of values some panels
// [steps][columns]. Sums are made in the order of whole products (kernels/product.h), so attention over the cache gives the
// same bits.
#pragma once

#include <cstddef>
#include <vector>

#include "eddy/real.h"
#include "kernels/product_kernels.h"

namespace eddy {

class KeyValueCache {
 public:
  // `most` steps are seen at once, 1 to 2^23. `slides`: whether steps may be forgotten, or no more than that many come.
  KeyValueCache(size_t keys, size_t values, size_t most, bool slides);

  size_t steps() const { return blocks_ * width_; }  // of the ring
  size_t size() const { return blocks_ * BlockSize(); }

  // Writes the step at `place` of the ring. memory [size()] is the caller's, of one head.
  void Put(Real* memory, size_t place, const Real* key, const Real* value) const;
  // out [values] = attention of query [keys] to the `seen` steps up to `place`, at least 1. `slope` is that of linear
  // biases, or 0.
  void Attend(const Real* memory, size_t place, size_t seen, const Real* query, Real scale, Real slope, Real* out);

 private:
  size_t BlockSize() const { return width_ * (keys_ + padded_); }
  // Calls use(first column, vectors, panel) for the panels of a block of values.
  template <class Panel, class Use>
  void ForPanels(Panel* values, const Use& use) const;

  const ProductKernels& kernels_;
  size_t keys_, values_;
  size_t width_;   // steps of a block
  size_t padded_;  // values_, rounded up to whole vectors
  size_t blocks_;
  std::vector<Real> scores_, weights_, sums_;
};

}  // namespace eddy
