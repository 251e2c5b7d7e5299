#include "kernels/gelu.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/gelu.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {

using Tag = hn::ScalableTag<float>;
using Vec = hn::Vec<Tag>;

// Phi(x), within 1.2e-7 of itself but for rounding: half of erfc(z), z = |x| / sqrt(2), which is t e^(P(t) - z^2) with
// t = 1 / (1 + z / 2) (Press 1992, Numerical recipes in C, section 6.2), on the one side and 1 less it on the other.
HWY_INLINE Vec NormalShare(Tag d, Vec x, Vec minus_z2) {
  constexpr float kP[] = {-1.26551223f, 1.00002368f,  0.37409196f, 0.09678418f,  -0.18628806f,
                          0.27886807f,  -1.13520398f, 1.48851587f, -0.82215223f, 0.17087277f};
  const Vec one = hn::Set(d, 1.0f), half_z = hn::Mul(hn::Abs(x), hn::Set(d, std::numbers::sqrt2_v<float> / 4));
  const Vec t = hn::Div(one, hn::Add(one, half_z));
  const Vec tail = hn::Mul(hn::Mul(hn::Set(d, 0.5f), t), ExpOrNan(d, hn::Add(minus_z2, Polynomial(d, t, kP))));
  return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), tail, hn::Sub(one, tail));
}

HWY_INLINE Vec MinusHalfSquare(Tag d, Vec x) { return hn::Mul(hn::Mul(x, x), hn::Set(d, -0.5f)); }

HWY_INLINE Vec Gelu(Tag d, Vec x) { return hn::Mul(x, NormalShare(d, x, MinusHalfSquare(d, x))); }

HWY_INLINE Vec GeluSlope(Tag d, Vec x) {
  const Vec minus_z2 = MinusHalfSquare(d, x), e = ExpOrNan(d, minus_z2);
  const Vec density = hn::Mul(e, hn::Set(d, std::numbers::inv_sqrtpi_v<float> / std::numbers::sqrt2_v<float>));
  return hn::MulAdd(x, density, NormalShare(d, x, minus_z2));
}

template <class Function>
HWY_INLINE void Map(const float* x, size_t n, float* y, const Function& function) {
  const Tag d;
  const size_t width = hn::Lanes(d);
  size_t i = 0;
  for (; i + width <= n; i += width) hn::StoreU(function(d, hn::LoadU(d, x + i)), d, y + i);
  if (i == n) return;
  HWY_ALIGN float part[hn::MaxLanes(Tag())] = {};
  std::copy(x + i, x + n, part);
  hn::Store(function(d, hn::Load(d, part)), d, part);
  std::copy_n(part, n - i, y + i);
}

void GeluFloats(const float* x, size_t n, float* y) {
  Map(x, n, y, [](Tag d, Vec v) EDDY_INLINE { return Gelu(d, v); });
}

void GeluSlopeFloats(const float* x, size_t n, float* y) {
  Map(x, n, y, [](Tag d, Vec v) EDDY_INLINE { return GeluSlope(d, v); });
}

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace eddy {

#ifdef EDDY_DOUBLE
namespace {

// By erfc, which keeps its digits in the lower tail.
double NormalShare(double x) { return std::erfc(-x * std::numbers::sqrt2 / 2) / 2; }

}  // namespace

void GeluArray(const double* x, size_t n, double* y) {
  for (size_t i = 0; i < n; ++i) y[i] = x[i] * NormalShare(x[i]);
}

void GeluSlopeArray(const double* x, size_t n, double* y) {
  for (size_t i = 0; i < n; ++i) {
    const double density = std::exp(-x[i] * x[i] / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
    y[i] = NormalShare(x[i]) + x[i] * density;
  }
}
#else
HWY_EXPORT(GeluFloats);
HWY_EXPORT(GeluSlopeFloats);

void GeluArray(const float* x, size_t n, float* y) { HWY_DYNAMIC_DISPATCH(GeluFloats)(x, n, y); }
void GeluSlopeArray(const float* x, size_t n, float* y) { HWY_DYNAMIC_DISPATCH(GeluSlopeFloats)(x, n, y); }
#endif

}  // namespace eddy
#endif  // HWY_ONCE
