#include "tasks/length_batches.h"

#include <algorithm>
#include <numeric>

namespace eddy {
namespace {

constexpr size_t kGroup = 16;  // batches within which sequences are sorted

std::vector<size_t> Numbers(size_t count) {
  std::vector<size_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), size_t{0});
  return numbers;
}

}  // namespace

std::vector<size_t> ShuffleByLength(std::span<const size_t> lengths, size_t rows, Random& random) {
  std::vector<size_t> order = Numbers(lengths.size());
  random.Shuffle(order);
  const auto at = [&](size_t place) { return order.begin() + static_cast<ptrdiff_t>(std::min(place, order.size())); };
  for (size_t begin = 0; begin < order.size(); begin += kGroup * rows) {
    std::stable_sort(at(begin), at(begin + kGroup * rows), [&](size_t a, size_t b) { return lengths[a] < lengths[b]; });
  }
  std::vector<size_t> batches = Numbers(order.size() / rows), shuffled;  // whole ones
  random.Shuffle(batches);
  for (const size_t batch : batches) shuffled.insert(shuffled.end(), at(batch * rows), at(batch * rows + rows));
  shuffled.insert(shuffled.end(), at(batches.size() * rows), order.end());
  return shuffled;
}

LengthBatches BatchByLength(std::span<const size_t> lengths, size_t rows, size_t most_steps) {
  LengthBatches batches{Numbers(lengths.size()), {}};
  std::stable_sort(batches.order.begin(), batches.order.end(), [&](size_t a, size_t b) { return lengths[a] < lengths[b]; });
  for (size_t begin = 0, end; begin < lengths.size(); begin = end) {
    end = begin + 1;
    while (end < lengths.size() && end - begin < rows && (end - begin + 1) * lengths[batches.order[end]] <= most_steps)
      ++end;
    batches.ends.push_back(end);
  }
  return batches;
}

}  // namespace eddy
