// A column of a table of which the first rows may be forgotten: those that are left keep their numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace eddy {

template <class T>
class LastRows {
 public:
  LastRows() = default;
  explicit LastRows(std::vector<T> values) : values_(std::move(values)) {}

  // From now on no row before `row` is asked for; gives its memory back.
  void KeepFrom(size_t row) {
    row = std::max(row, first_);
    values_ = std::vector<T>(values_.begin() + static_cast<ptrdiff_t>(row - first_), values_.end());
    first_ = row;
  }

  const T& operator[](size_t row) const { return values_[row - first_]; }

 private:
  std::vector<T> values_;
  size_t first_ = 0;
};

}  // namespace eddy
