// The median of values, at least one: of an even number of them the upper of the two in the middle. O(n).
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace eddy {

template <class T>
T UpperMedian(std::vector<T> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace eddy
