#include "base/memory_pool.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "base/aligned.h"

namespace eddy {

using Block = std::unique_ptr<std::byte[], AlignedDelete>;

struct MemoryPool::Idle {
  std::mutex mutex;
  std::multimap<size_t, Block> blocks;    // by size
  size_t idle = 0, in_use = 0, peak = 0;  // bytes: of the blocks, of those handed out, and the most that was

  // A block of at least `size`, and its size.
  std::pair<size_t, Block> Take(size_t size) {
    {
      const std::lock_guard lock(mutex);
      const auto fit = blocks.lower_bound(size);
      if (fit != blocks.end() && fit->first <= 2 * size + 16384) {
        in_use += fit->first;
        peak = std::max(peak, in_use);
        return Remove(fit);
      }
      in_use += size;
      peak = std::max(peak, in_use);
      const size_t most = peak + peak / 16;
      while (in_use + idle > most && !blocks.empty()) {  // the smallest block that makes room by itself, or the largest
        const auto enough = blocks.lower_bound(in_use + idle - most);
        Remove(enough != blocks.end() ? enough : std::prev(enough));
      }
    }
    try {
      return {size, AllocateAligned<std::byte>(size)};
    } catch (...) {
      const std::lock_guard lock(mutex);
      in_use -= size;
      throw;
    }
  }

  void Put(size_t size, Block block) {
    const std::lock_guard lock(mutex);
    in_use -= size;
    idle += size;
    blocks.emplace(size, std::move(block));
  }

 private:
  std::pair<size_t, Block> Remove(std::multimap<size_t, Block>::iterator at) {
    std::pair<size_t, Block> removed = {at->first, std::move(at->second)};
    idle -= at->first;
    blocks.erase(at);
    return removed;
  }
};

MemoryPool::MemoryPool() : idle_(std::make_shared<Idle>()) {}

std::shared_ptr<std::byte[]> MemoryPool::TakeBytes(size_t size) {
  auto [taken, block] = idle_->Take(size);
  const AlignedDelete free = block.get_deleter();
  return {block.release(),
          [idle = idle_, size = taken, free](std::byte* data) noexcept { idle->Put(size, Block(data, free)); }};
}

}  // namespace eddy
