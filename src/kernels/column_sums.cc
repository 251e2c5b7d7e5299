#include "kernels/column_sums.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/column_sums.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/double-inl.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {

// kVectors vectors of columns, their sums in registers.
template <size_t kVectors, bool kFactors, class D>
HWY_INLINE void SumVectors(D d, const Real* values, const Real* factors, size_t stride, size_t rows, Real* sums) {
  const size_t lanes = hn::Lanes(d);
  hn::Vec<D> total[kVectors];
  Unroll<kVectors>([&](auto v) EDDY_INLINE { total[v] = hn::Zero(d); });
  for (size_t r = 0; r < rows; ++r) {
    Unroll<kVectors>([&](auto v) EDDY_INLINE {
      const size_t at = r * stride + v * lanes;
      const auto value = LoadDoubles(d, values + at);
      if constexpr (kFactors) {
        total[v] = hn::MulAdd(value, LoadDoubles(d, factors + at), total[v]);
      } else {
        total[v] = hn::Add(total[v], value);
      }
    });
  }
  Unroll<kVectors>([&](auto v) EDDY_INLINE {
    Real* to = sums + v * lanes;
    StoreDoubles(d, hn::Add(LoadDoubles(d, to), total[v]), to);
  });
}

template <bool kFactors>
HWY_INLINE void SumColumns(const Real* values, const Real* factors, size_t stride, size_t rows, size_t cols, Real* sums) {
  constexpr size_t kVectors = 8;
  const hn::ScalableTag<double> d;
  const hn::CappedTag<double, 1> one;
  const size_t lanes = hn::Lanes(d);
  const auto factors_at = [=](size_t j) { return kFactors ? factors + j : nullptr; };
  size_t j = 0;
  for (; j + kVectors * lanes <= cols; j += kVectors * lanes) {
    SumVectors<kVectors, kFactors>(d, values + j, factors_at(j), stride, rows, sums + j);
  }
  for (; j + lanes <= cols; j += lanes) SumVectors<1, kFactors>(d, values + j, factors_at(j), stride, rows, sums + j);
  for (; j < cols; ++j) SumVectors<1, kFactors>(one, values + j, factors_at(j), stride, rows, sums + j);
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
