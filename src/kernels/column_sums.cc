#include "kernels/column_sums.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/column_sums.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/double-inl.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {

// kRows rows added to sums so far, vector by vector.
template <size_t kRows, bool kFactors, class D>
HWY_INLINE void AddRows(D d, const Real* values, const Real* factors, size_t stride, size_t cols, double* totals) {
  for (size_t j = 0; j + hn::Lanes(d) <= cols; j += hn::Lanes(d)) {
    auto total = hn::LoadU(d, totals + j);
    Unroll<kRows>([&](auto r) EDDY_INLINE {
      const auto value = LoadDoubles(d, values + r * stride + j);
      if constexpr (kFactors) {
        total = hn::MulAdd(value, LoadDoubles(d, factors + r * stride + j), total);
      } else {
        total = hn::Add(total, value);
      }
    });
    hn::StoreU(total, d, totals + j);
  }
}

// Rows are read along, as memory likes it, and some together, so that the sums, in the first-level cache, are few times read
// and written.
template <bool kFactors>
HWY_INLINE void SumColumns(const Real* values, const Real* factors, size_t stride, size_t rows, size_t cols, Real* sums) {
  constexpr size_t kTogether = 4, kWidth = 1024;
  const hn::ScalableTag<double> d;
  const hn::CappedTag<double, 1> one;
  double totals[kWidth];
  for (size_t begin = 0; begin < cols; begin += kWidth) {
    const size_t width = std::min(kWidth, cols - begin), whole = width / hn::Lanes(d) * hn::Lanes(d);
    std::fill_n(totals, width, 0.0);
    const auto add = [&]<size_t kRows>(size_t r) EDDY_INLINE {
      const size_t at = r * stride + begin;
      const Real* scaled = kFactors ? factors + at : nullptr;
      AddRows<kRows, kFactors>(d, values + at, scaled, stride, whole, totals);
      AddRows<kRows, kFactors>(one, values + at + whole, kFactors ? scaled + whole : nullptr, stride, width - whole,
                               totals + whole);
    };
    size_t r = 0;
    for (; r + kTogether <= rows; r += kTogether) add.template operator()<kTogether>(r);
    for (; r < rows; ++r) add.template operator()<1>(r);
    for (size_t j = 0; j < width; ++j) sums[begin + j] = static_cast<Real>(static_cast<double>(sums[begin + j]) + totals[j]);
  }
}

void AddColumnSums(const Real* values, const Real* factors, size_t stride, size_t rows, size_t cols, Real* sums) {
  if (factors == nullptr) return SumColumns<false>(values, factors, stride, rows, cols, sums);
  SumColumns<true>(values, factors, stride, rows, cols, sums);
}

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace eddy {

HWY_EXPORT(AddColumnSums);

void AddColumnSums(const Real* values, const Real* factors, size_t stride, size_t rows, size_t cols, Real* sums) {
  HWY_DYNAMIC_DISPATCH(AddColumnSums)(values, factors, stride, rows, cols, sums);
}

}  // namespace eddy
#endif  // HWY_ONCE
