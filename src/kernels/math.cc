#include "kernels/math.h"

#include <algorithm>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/math.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {

using Tag = hn::ScalableTag<Real>;
using Vec = hn::Vec<Tag>;

// A partial vector, the rest of its lanes being `rest`: goes through the same instructions as a whole one.
HWY_INLINE Vec LoadPart(const Real* x, size_t count, Real rest) {
  HWY_ALIGN Real lanes[hn::MaxLanes(Tag())];
  std::fill(std::copy_n(x, count, lanes), lanes + hn::Lanes(Tag()), rest);
  return hn::Load(Tag(), lanes);
}

HWY_INLINE void StorePart(Vec v, size_t count, Real* y) {
  HWY_ALIGN Real lanes[hn::MaxLanes(Tag())];
  hn::Store(v, Tag(), lanes);
  std::copy_n(lanes, count, y);
}

template <class Function>
HWY_INLINE void Map(const Real* x, size_t n, Real* y, const Function& function) {
  const size_t width = hn::Lanes(Tag());
  size_t i = 0;
  for (; i + width <= n; i += width) hn::StoreU(function(hn::LoadU(Tag(), x + i)), Tag(), y + i);
  if (i < n) StorePart(function(LoadPart(x + i, n - i, 0)), n - i, y + i);
}

void TanhArray(const Real* x, size_t n, Real* y) {
  Map(x, n, y, [](Vec v) EDDY_INLINE { return HyperbolicTangent(Tag(), v); });
}

void SigmoidArray(const Real* x, size_t n, Real* y) {
  Map(x, n, y, [](Vec v) EDDY_INLINE { return Logistic(Tag(), v); });
}

HWY_INLINE Real MaxOf(const Real* x, size_t n) {
  const size_t width = hn::Lanes(Tag());
  constexpr Real kLeast = -std::numeric_limits<Real>::infinity();
  Vec max = hn::Set(Tag(), kLeast);
  size_t i = 0;
  for (; i + width <= n; i += width) max = hn::Max(max, hn::LoadU(Tag(), x + i));
  if (i < n) max = hn::Max(max, LoadPart(x + i, n - i, kLeast));
  return hn::GetLane(hn::MaxOfLanes(Tag(), max));
}

SoftmaxScale ScaleOfSoftmax(const Real* x, size_t n) {
  const size_t width = hn::Lanes(Tag());
  const Real max = MaxOf(x, n);
  const Vec vmax = hn::Set(Tag(), max);
  double sum = 0;
  // Lanes are summed in Real over a few vectors, then in double: as exact as the exponentials themselves.
  constexpr size_t kVectors = 16;
  size_t i = 0;
  while (i < n) {
    Vec part = hn::Zero(Tag());
    for (size_t k = 0; k < kVectors && i < n; ++k, i += width) {
      const bool whole = i + width <= n;
      const Vec v = whole ? hn::LoadU(Tag(), x + i) : LoadPart(x + i, n - i, -std::numeric_limits<Real>::infinity());
      part = hn::Add(part, ExpOrNan(Tag(), hn::Sub(v, vmax)));
    }
    sum += hn::GetLane(hn::SumOfLanes(Tag(), part));
  }
  return {max, sum};
}

void AddScaledExp(const Real* x, size_t n, Real max, Real factor, Real shift, Real* y) {
  const size_t width = hn::Lanes(Tag());
  const auto added = [=](Vec v, Vec to) EDDY_INLINE {
    const Vec e = ExpOrNan(Tag(), hn::Sub(v, hn::Set(Tag(), max)));
    return hn::Add(to, hn::MulAdd(e, hn::Set(Tag(), factor), hn::Set(Tag(), shift)));
  };
  size_t i = 0;
  for (; i + width <= n; i += width) hn::StoreU(added(hn::LoadU(Tag(), x + i), hn::LoadU(Tag(), y + i)), Tag(), y + i);
  if (i < n) StorePart(added(LoadPart(x + i, n - i, 0), LoadPart(y + i, n - i, 0)), n - i, y + i);
}

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace eddy {

HWY_EXPORT(TanhArray);
HWY_EXPORT(SigmoidArray);
HWY_EXPORT(ScaleOfSoftmax);
HWY_EXPORT(AddScaledExp);

void TanhArray(const Real* x, size_t n, Real* y) { HWY_DYNAMIC_DISPATCH(TanhArray)(x, n, y); }
void SigmoidArray(const Real* x, size_t n, Real* y) { HWY_DYNAMIC_DISPATCH(SigmoidArray)(x, n, y); }
SoftmaxScale ScaleOfSoftmax(const Real* x, size_t n) { return HWY_DYNAMIC_DISPATCH(ScaleOfSoftmax)(x, n); }
void AddScaledExp(const Real* x, size_t n, Real max, Real factor, Real shift, Real* y) {
  HWY_DYNAMIC_DISPATCH(AddScaledExp)(x, n, max, factor, shift, y);
}

}  // namespace eddy
#endif  // HWY_ONCE
