// Rows of different lengths, one behind the other in memory: 8 bytes a row beside its elements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace eddy {

template <class T>
class Ragged {
 public:
  // Valid until the next row is added or taken out.
  using Row = std::conditional_t<std::is_same_v<T, char>, std::string_view, std::span<const T>>;

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
    size_t rows = 0, kept = 0, next = 0;
    for (size_t i = 0, from = 0; i < size(); ++i) {
      const auto to = static_cast<size_t>(ends_[i]);
      if (next < places.size() && places[next] == i) {
        taken.Add({elements_.data() + from, to - from});
        ++next;
      } else {
        for (size_t k = from; k < to; ++k) elements_[kept++] = elements_[k];
        ends_[rows++] = kept;
      }
      from = to;
    }
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
