#include "tensor/tensor_pool.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "base/aligned.h"

namespace eddy {

using Block = std::unique_ptr<Real[], AlignedDelete>;

struct TensorPool::Idle {
  std::mutex mutex;
  std::multimap<size_t, Block> blocks;  // by size

  // A block of at least `size`, and its size. One that is too small makes room for the one that has to be made.
  std::pair<size_t, Block> Take(size_t size) {
    {
      const std::lock_guard lock(mutex);
      auto fit = blocks.lower_bound(size);
      if (fit != blocks.end() && fit->first <= 2 * size + 4096) {
        std::pair<size_t, Block> found = {fit->first, std::move(fit->second)};
        blocks.erase(fit);
        return found;
      }
      if (fit != blocks.begin()) blocks.erase(std::prev(fit));
    }
    return {size, AllocateAligned<Real>(size)};
  }

  void Put(size_t size, Real* data) {
    Block block(data);
    const std::lock_guard lock(mutex);
    blocks.emplace(size, std::move(block));
  }
};

TensorPool::TensorPool() : idle_(std::make_shared<Idle>()) {}

Tensor TensorPool::Uninitialized(const Shape& shape) {
  auto [size, block] = idle_->Take(shape.size());
  const size_t taken = size;
  return Tensor::Over(shape, std::shared_ptr<Real[]>(
                                 block.release(), [idle = idle_, taken](Real* data) noexcept { idle->Put(taken, data); }));
}

}  // namespace eddy
