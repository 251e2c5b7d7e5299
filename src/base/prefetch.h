// Asks for memory that will be read soon, so that it is on its way while something else is computed.
#pragma once

#include <cstddef>

namespace eddy {

// `count` elements from `data` on, into the second-level cache.
template <class T>
void Prefetch(const T* data, size_t count) {
  constexpr size_t kLine = 64 / sizeof(T);
  for (size_t i = 0; i < count; i += kLine) __builtin_prefetch(data + i, 0, 2);
}

}  // namespace eddy
