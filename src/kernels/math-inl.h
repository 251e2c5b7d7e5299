// Vectorised activations for kernels compiled for several instruction sets. Include inside a foreach_target file.
#if defined(EDDY_KERNELS_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EDDY_KERNELS_MATH_INL_H_
#undef EDDY_KERNELS_MATH_INL_H_
#else
#define EDDY_KERNELS_MATH_INL_H_
#endif

#include <type_traits>
#include <utility>

#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"

// On a lambda: inlined into the kernel and compiled for its instruction set. gcc otherwise keeps the arrays that the lambda
// captures in memory.
#ifndef EDDY_INLINE
#define EDDY_INLINE __attribute__((always_inline)) HWY_ATTR
#endif

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Calls f(index constant) for 0 <= index < N, unrolled, so that arrays it indexes live in registers.
template <size_t N, class F>
HWY_INLINE void Unroll(const F& f) {
  [&]<size_t... I>(std::index_sequence<I...>) EDDY_INLINE { (f(std::integral_constant<size_t, I>()), ...); }
  (std::make_index_sequence<N>());
}

// e^x for x below 88 (700 in double); NaN for NaN, which Highway's Exp turns into 0: that would hide a diverged network.
template <class D, class V>
HWY_INLINE V ExpOrNan(D d, V x) {
  return hn::IfThenElse(hn::IsNaN(x), x, hn::Exp(d, x));
}

// 1 / (1 + e^-x), finite and in [0, 1] for every x; NaN for NaN. The limit keeps Exp within its domain, where the result is
// already below the smallest normal number.
template <class D, class V>
HWY_INLINE V Logistic(D d, V x) {
  using T = hn::TFromD<D>;
  const V one = hn::Set(d, T{1}), least = hn::Set(d, static_cast<T>(sizeof(T) == 4 ? -88 : -700));
  const V y = hn::Div(one, hn::Add(one, hn::Exp(d, hn::Neg(hn::Max(least, x)))));
  return hn::IfThenElse(hn::IsNaN(x), x, y);  // which of its operands Max returns for NaN depends on the target
}

// Within 3 units in the last place of tanh x; NaN for NaN. The limits are where tanh has long rounded to 1.
template <class D, class V>
HWY_INLINE V HyperbolicTangent(D d, V x) {
  using T = hn::TFromD<D>;
  const V most = hn::Set(d, static_cast<T>(40));
  const V y = hn::Tanh(d, hn::Min(most, hn::Max(hn::Neg(most), x)));
  return hn::IfThenElse(hn::IsNaN(x), x, y);
}

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#endif
