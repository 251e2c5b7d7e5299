// Taking some of a row of things out of it.
#pragma once

#include <cstddef>
#include <span>

namespace eddy {

// Calls take(i) for each of these rising places below `count`, and keep(i) for each of the others, in one rising order.
template <class Take, class Keep>
void TakeOut(size_t count, std::span<const size_t> places, const Take& take, const Keep& keep) {
  size_t next = 0;
  for (size_t i = 0; i < count; ++i) {
    if (next < places.size() && places[next] == i) {
      take(i);
      ++next;
    } else {
      keep(i);
    }
  }
}

}  // namespace eddy
