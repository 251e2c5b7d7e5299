#include "kernels/sum_of_squares.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sum_of_squares.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/double-inl.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {

double SumOfSquares(const Real* x, size_t n) {
  constexpr size_t kParts = 8;
  using D = hn::CappedTag<double, kParts>;
  const D d;
  constexpr size_t kLanes = hn::MaxLanes(D()), kVectors = kParts / kLanes;
  hn::Vec<D> sums[kVectors];
  Unroll<kVectors>([&](auto v) EDDY_INLINE { sums[v] = hn::Zero(d); });
  size_t i = 0;
  for (; i + kParts <= n; i += kParts) {
    Unroll<kVectors>([&](auto v) EDDY_INLINE {
      const auto values = LoadDoubles(d, x + i + v * kLanes);
      sums[v] = hn::Add(sums[v], hn::Mul(values, values));
    });
  }
  double parts[kParts];
  Unroll<kVectors>([&](auto v) EDDY_INLINE { hn::StoreU(sums[v], d, parts + v * kLanes); });
  for (; i < n; ++i) parts[i % kParts] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return ((parts[0] + parts[1]) + (parts[2] + parts[3])) + ((parts[4] + parts[5]) + (parts[6] + parts[7]));
}

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace eddy {

HWY_EXPORT(SumOfSquares);

double SumOfSquares(const Real* x, size_t n) { return HWY_DYNAMIC_DISPATCH(SumOfSquares)(x, n); }

}  // namespace eddy
#endif  // HWY_ONCE
