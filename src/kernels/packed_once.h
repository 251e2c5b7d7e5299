// Matrices that several tapes multiply by while nobody changes them, as those of a step's shards do: packed by the first
// that asks, for all. Each is kept until Clear(), and its memory for the next ones.
#pragma once

#include <map>
#include <mutex>
#include <tuple>

#include "base/memory_pool.h"
#include "kernels/product.h"

namespace eddy {

class PackedOnce {
 public:
  enum class Side { kForward, kBackward };  // as what a matrix is multiplied by

  // `pack(memory)` makes it, unless it is here. Any thread may ask; it waits where another packs the same one. All who ask
  // for the same weights and side mean the same layout.
  template <class Pack>
  PackedMatrix Get(const Real* weights, Side side, Precision precision, const Pack& pack) {
    Entry* entry;
    {
      const std::lock_guard lock(mutex_);
      entry = &entries_[{weights, side, precision}];
    }
    std::call_once(entry->once, [&] { entry->packed = pack(&memory_); });
    return entry->packed;
  }

  // Nobody may be asking.
  void Clear() { entries_.clear(); }

 private:
  struct Entry {
    std::once_flag once;
    PackedMatrix packed;
  };

  MemoryPool memory_;
  std::mutex mutex_;
  std::map<std::tuple<const Real*, Side, Precision>, Entry> entries_;
};

// The same where there is nobody to share with: `once` is null.
template <class Pack>
PackedMatrix PackOnce(PackedOnce* once, const Real* weights, PackedOnce::Side side, Precision precision, const Pack& pack) {
  return once != nullptr ? once->Get(weights, side, precision, pack) : pack(nullptr);
}

}  // namespace eddy
