// A sample of things in a row that is spread evenly over them: the same at every call, and such that data sorted by class,
// date or length give each its share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace eddy {

// `most` places of 0 .. all - 1, rising, each in the middle of its stretch; at least one, and all of them where `most` is
// not less than `all`. `all` is at least 1.
inline std::vector<size_t> EvenSample(size_t all, double most) {
  const size_t count = most >= static_cast<double>(all) ? all : std::max<size_t>(1, static_cast<size_t>(most));
  std::vector<size_t> places;
  for (size_t i = 0; i < count; ++i) {
    places.push_back(
        static_cast<size_t>((static_cast<double>(i) + 0.5) * static_cast<double>(all) / static_cast<double>(count)));
  }
  return places;
}

}  // namespace eddy
