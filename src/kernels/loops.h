// Loops and sums over arrays, split over a team of threads so that the result is the same, bit for bit, for any number of
// them: elements are independent, and sums are made in double, in blocks that depend on the length alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "eddy/real.h"
#include "eddy/threads.h"

namespace eddy {

// Fewer elements than this take less time than it takes to wake a thread.
inline constexpr size_t kGrain = 8192;

// Calls body(i) for i in [0, n).
template <class Body>
void ForEach(Threads& threads, size_t n, const Body& body) {
  threads.For(n, kGrain, [&body](size_t begin, size_t end) {
    const Body local = body;  // a copy no store can alias, or the compiler would reload captured numbers every round
    for (size_t i = begin; i < end; ++i) local(i);
  });
}

// Calls body(row) for rows of `cols` elements.
template <class Body>
void ForRows(Threads& threads, size_t rows, size_t cols, const Body& body) {
  threads.For(rows, kGrain / std::max<size_t>(cols, 1) + 1, [&body](size_t begin, size_t end) {
    for (size_t row = begin; row < end; ++row) body(row);
  });
}

// The sum of term(i) for i in [0, n), in eight interleaved parts, which lets the additions overlap.
template <class Term>
double Sum(size_t n, const Term& term) {
  constexpr size_t kParts = 8;
  double parts[kParts] = {};
  size_t i = 0;
  for (; i + kParts <= n; i += kParts) {
    for (size_t part = 0; part < kParts; ++part) parts[part] += term(i + part);
  }
  for (; i < n; ++i) parts[i % kParts] += term(i);
  return ((parts[0] + parts[1]) + (parts[2] + parts[3])) + ((parts[4] + parts[5]) + (parts[6] + parts[7]));
}

// The sum of block_sum(begin, end) over the blocks of [0, n).
template <class BlockSum>
double SumBlocks(Threads& threads, size_t n, size_t block, const BlockSum& block_sum) {
  std::vector<double> sums((n + block - 1) / block);
  threads.For(sums.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) sums[i] = block_sum(i * block, std::min(n, (i + 1) * block));
  });
  return Sum(sums.size(), [&](size_t i) { return sums[i]; });
}

// sums[col] += the sum over rows of term(row, col), rows in order.
template <class Term>
void AddColumnSums(Threads& threads, size_t rows, size_t cols, Real* sums, const Term& term) {
  constexpr size_t kWidth = 256;  // columns at a time: their sums stay in the first-level cache
  const size_t grain = std::max<size_t>(16, kGrain / std::max<size_t>(rows, 1));
  threads.For(cols, grain, [&](size_t first, size_t last) {
    for (size_t begin = first; begin < last; begin += kWidth) {
      const size_t width = std::min(kWidth, last - begin);
      double totals[kWidth] = {};
      for (size_t row = 0; row < rows; ++row) {
        for (size_t i = 0; i < width; ++i) totals[i] += term(row, begin + i);
      }
      for (size_t i = 0; i < width; ++i) sums[begin + i] += static_cast<Real>(totals[i]);
    }
  });
}

}  // namespace eddy
