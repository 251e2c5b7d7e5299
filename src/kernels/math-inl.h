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

// c[0] + x (c[1] + x (c[2] + ...)), one fused multiply-add a coefficient.
template <class D, class V, size_t N>
HWY_INLINE V Polynomial(D d, V x, const float (&c)[N]) {
  V y = hn::Set(d, hn::TFromD<D>{c[N - 1]});
  Unroll<N - 1>([&](auto i) EDDY_INLINE { y = hn::MulAdd(y, x, hn::Set(d, hn::TFromD<D>{c[N - 2 - i]})); });
  return y;
}

// y, but NaN where x is: Max and Min hand it on if it is their second operand, but for processors other than x86 and for
// scalars, one or four at a time.
template <class V>
HWY_INLINE V OrNaN(V x, V y) {
  if constexpr (HWY_TARGET >= HWY_EMU128 || !HWY_ARCH_X86) return hn::IfThenElse(hn::IsNaN(x), x, y);
  return y;
}

// x limited to [-most, most]; NaN stays NaN.
template <class D, class V>
HWY_INLINE V Limit(D d, V x, hn::TFromD<D> most) {
  return OrNaN(x, hn::Min(hn::Set(d, most), hn::Max(hn::Set(d, -most), x)));
}

// e^x for x in [-87, 87]. With n the integer nearest to x / ln 2 and r the rest, it is 2^n e^r; adding a number so large
// that its last bit counts ones rounds to n and puts n, plus the bias of the exponent, into the low bits. The first part of
// ln 2 has so few bits that its products with n are exact, with or without fused multiply-add (Cody and Waite 1980). The
// coefficients are those of least relative error (9.2e-8) for e^r, with 1 as the first.
template <class D, class V>
HWY_INLINE V ExpWithin87(D d, V x) {
  static_assert(sizeof(hn::TFromD<D>) == 4);
  constexpr float kRound = 12582912.0f + 127.0f, kLog2e = 1.44269502f, kLn2 = 0.693359375f, kLn2Rest = -2.12194440e-4f;
  constexpr float kExp[] = {1.0f, 0.999999711f, 0.499991494f, 0.16667637f, 0.0418979179f, 0.00829029772f};
  const V shifted = hn::MulAdd(x, hn::Set(d, kLog2e), hn::Set(d, kRound));
  const V n = hn::Sub(shifted, hn::Set(d, kRound));
  const V r = hn::NegMulAdd(n, hn::Set(d, kLn2Rest), hn::NegMulAdd(n, hn::Set(d, kLn2), x));
  const hn::RebindToUnsigned<D> du;
  return hn::Mul(Polynomial(d, r, kExp), hn::BitCast(d, hn::ShiftLeft<23>(hn::BitCast(du, shifted))));
}

// 1 / (1 + e^-x), in (0, 1] for every x; NaN for NaN. In float within 4 units in the last place for x above -87, below which
// it stays at 1.6e-38.
template <class D, class V>
HWY_INLINE V Logistic(D d, V x) {
  using T = hn::TFromD<D>;
  const V one = hn::Set(d, T{1});
  if constexpr (sizeof(T) == 4) {
    return hn::Div(one, hn::Add(one, ExpWithin87(d, hn::Neg(Limit(d, x, 87.0f)))));
  } else {
    const V y = hn::Div(one, hn::Add(one, hn::Exp(d, hn::Neg(Limit(d, x, 700.0)))));
    return hn::IfThenElse(hn::IsNaN(x), x, y);
  }
}

// tanh x, in [-1, 1] for every x; NaN for NaN. In float within 6 units in the last place: x P(x^2) / Q(x^2), of least
// relative error (2.1e-8) up to 9.02, where tanh x has rounded to 1.
template <class D, class V>
HWY_INLINE V HyperbolicTangent(D d, V x) {
  using T = hn::TFromD<D>;
  if constexpr (sizeof(T) == 4) {
    constexpr float kP[] = {9.99999979e-01f, 1.33797245e-01f, 3.49404210e-03f, 2.05835968e-05f, 1.33192163e-08f};
    constexpr float kQ[] = {1.0f, 4.67130397e-01f, 2.58711024e-02f, 3.28310479e-04f, 7.76208182e-07f};
    const V y = Limit(d, x, 9.02f), z = hn::Mul(y, y);
    return Limit(d, hn::Div(hn::Mul(y, Polynomial(d, z, kP)), Polynomial(d, z, kQ)), 1.0f);
  } else {
    return hn::IfThenElse(hn::IsNaN(x), x, hn::Tanh(d, Limit(d, x, 40.0)));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#endif
