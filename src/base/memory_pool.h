// Keeps the memory of arrays that are made again and again, as those of every training step are: memory fresh from the
// system costs a page fault every 4 KiB, up to a tenth of a training step. Holds at most a sixteenth more than was in use at
// once. Any thread may take; what it hands out may outlive it.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

#include "base/aligned.h"

namespace eddy {

class MemoryPool {
 public:
  MemoryPool();

  // `count` uninitialised elements of a trivial type, aligned and padded as AllocateAligned()'s. Their memory comes back
  // when the last owner is gone. Throws std::bad_alloc.
  template <class T>
  std::shared_ptr<T[]> Take(size_t count) {
    if (count > kMostBytes / sizeof(T) - kAlignment) throw std::bad_alloc();
    const std::shared_ptr<std::byte[]> bytes = TakeBytes(count * sizeof(T));
    return {bytes, reinterpret_cast<T*>(bytes.get())};
  }

 private:
  struct Idle;
  std::shared_ptr<std::byte[]> TakeBytes(size_t size);
  std::shared_ptr<Idle> idle_;
};

}  // namespace eddy
