// Rows of different lengths, one behind the other in memory: 8 bytes a row beside its elements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/take_out.h"

namespace eddy {

template <class T>
class Ragged {
 public:
  // Valid until the next row is added or taken out.
  using Row = std::conditional_t<std::is_same_v<T, char>, std::string_view, std::span<const T>>;

  Ragged() = default;
  Ragged(std::initializer_list<Row> rows) {
    for (const Row& row : rows) Add(row);
  }

  size_t size() const { return ends_.size(); }
  size_t elements() const { return elements_.size(); }  // of all rows
  bool empty() const { return ends_.empty(); }
  Row operator[](size_t i) const { return {elements_.data() + begin(i), static_cast<size_t>(ends_[i]) - begin(i)}; }

  // Makes room, so that the rows that come are not moved: memory that none of them fills is never touched.
  void Reserve(size_t rows, size_t elements) {
    elements_.reserve(elements);  // first: it may find room where a whole file was
    ends_.reserve(rows);
  }

  void Add(Row row) {
    elements_.insert(elements_.end(), row.begin(), row.end());
    ends_.push_back(elements_.size());
  }

  // Takes the rows at these rising places out; the others move up, where they are.
  Ragged TakeOut(std::span<const size_t> places) {
    Ragged taken;
    size_t from = 0, rows = 0, kept = 0;  // where the next row begins, and how much is kept of those before
    const auto take = [&](size_t i) {
      const auto to = static_cast<size_t>(ends_[i]);
      taken.Add({elements_.data() + from, to - from});
      from = to;
    };
    const auto keep = [&](size_t i) {
      for (const auto to = static_cast<size_t>(ends_[i]); from < to; ++from) elements_[kept++] = elements_[from];
      ends_[rows++] = kept;
    };
    eddy::TakeOut(size(), places, take, keep);
    ends_.resize(rows);
    elements_.resize(kept);
    return taken;
  }

 private:
  size_t begin(size_t i) const { return i == 0 ? 0 : static_cast<size_t>(ends_[i - 1]); }

  std::vector<T> elements_;
  std::vector<uint64_t> ends_;  // of each row in elements_
};

}  // namespace eddy
