// Uninitialised memory on cache-line boundaries, padded so that a whole vector may be read past the last element.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace eddy {

inline constexpr size_t kAlignment = 64;

struct AlignedDelete {
  void operator()(void* p) const { ::operator delete (p, std::align_val_t{kAlignment}); }
};

// `count` elements of a trivial type; throws std::bad_alloc when there is no room or the size overflows.
template <class T>
std::unique_ptr<T[], AlignedDelete> AllocateAligned(size_t count) {
  if (count > (size_t{1} << 48) / sizeof(T)) throw std::bad_alloc();
  void* p = ::operator new (count * sizeof(T) + kAlignment, std::align_val_t{kAlignment});
  return std::unique_ptr<T[], AlignedDelete>(static_cast<T*>(p));
}

}  // namespace eddy
