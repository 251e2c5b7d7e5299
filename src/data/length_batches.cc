#include "data/length_batches.h"

#include <algorithm>
#include <numeric>

namespace eddy {

std::vector<std::vector<size_t>> BatchesByLength(size_t count, const LengthOf& length, size_t most_rows, size_t most_steps) {
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return length(a) < length(b); });
  std::vector<std::vector<size_t>> batches;
  for (const size_t sequence : order) {
    const size_t rows = batches.empty() ? most_rows : batches.back().size();
    if (rows == most_rows || (rows + 1) * length(sequence) > most_steps) batches.emplace_back();
    batches.back().push_back(sequence);
  }
  return batches;
}

void GroupByLength(std::vector<size_t>& order, const LengthOf& length, size_t rows, Random& random) {
  constexpr size_t kGroup = 16;  // batches
  for (size_t begin = 0; begin < order.size(); begin += kGroup * rows) {
    const size_t end = std::min(order.size(), begin + kGroup * rows);
    std::stable_sort(order.begin() + static_cast<ptrdiff_t>(begin), order.begin() + static_cast<ptrdiff_t>(end),
                     [&](size_t a, size_t b) { return length(a) < length(b); });
  }
  std::vector<size_t> batches(order.size() / rows);  // whole ones
  std::iota(batches.begin(), batches.end(), size_t{0});
  random.Shuffle(batches);
  std::vector<size_t> shuffled;
  for (const size_t batch : batches) {
    const auto first = order.begin() + static_cast<ptrdiff_t>(batch * rows);
    shuffled.insert(shuffled.end(), first, first + static_cast<ptrdiff_t>(rows));
  }
  std::copy(shuffled.begin(), shuffled.end(), order.begin());
}

}  // namespace eddy
