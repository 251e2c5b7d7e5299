// Uninitialised memory on cache-line boundaries, padded so that a whole vector may be read past the last element. Large
// arrays stand on huge pages where the system has some: rows that are many pages apart then share few of them.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace eddy {

inline constexpr size_t kAlignment = 64;
inline constexpr size_t kHugePage = size_t{2} << 20;

struct AlignedDelete {
  size_t alignment = kAlignment;
  void operator()(void* p) const { ::operator delete (p, std::align_val_t{alignment}); }
};

// Asks the system for huge pages from `p` on, a multiple of kHugePage, as far as they fit; it does no harm if it has none.
void PreferHugePages(void* p, size_t bytes);

// Bytes that no machine has: requests above are refused before they can overflow.
inline constexpr size_t kMostBytes = size_t{1} << 40;

// `count` elements of a trivial type; throws std::bad_alloc when there is no room.
template <class T>
std::unique_ptr<T[], AlignedDelete> AllocateAligned(size_t count) {
  if (count > kMostBytes / sizeof(T) - kAlignment) throw std::bad_alloc();
  const size_t bytes = count * sizeof(T) + kAlignment;
  const AlignedDelete free{bytes < kHugePage ? kAlignment : kHugePage};
  void* p = ::operator new (bytes, std::align_val_t{free.alignment});
  if (bytes >= kHugePage) PreferHugePages(p, bytes);
  return {static_cast<T*>(p), free};
}

}  // namespace eddy
