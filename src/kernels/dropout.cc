#include "kernels/dropout.h"

#include <cmath>

#include "eddy/random.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/dropout.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {

HWY_INLINE Real FactorAt(const Drop& drop, uint64_t position) {
  return RandomAt(drop.key, position) < drop.probability ? 0 : drop.factor;
}

#if HWY_TARGET != HWY_SCALAR
using Bits = hn::ScalableTag<uint64_t>;
using States = hn::Vec<Bits>;

// The 24 bits that RandomAt() makes its number of, from MixBits()'s argument after its first addition.
HWY_INLINE States Numbers(States x) {
  const Bits d;
  x = hn::Mul(hn::Xor(x, hn::ShiftRight<30>(x)), hn::Set(d, uint64_t{0xbf58476d1ce4e5b9u}));
  x = hn::Mul(hn::Xor(x, hn::ShiftRight<27>(x)), hn::Set(d, uint64_t{0x94d049bb133111ebu}));
  return hn::ShiftRight<40>(hn::Xor(x, hn::ShiftRight<31>(x)));
}

// The factors of a vector's elements; `half` is what their states differ by from one half of them to the next.
template <class D>
HWY_INLINE hn::Vec<D> Factors(D d, States state, [[maybe_unused]] States half, int32_t dropped, hn::TFromD<D> factor) {
  const hn::RebindToSigned<D> numbers;
  const States first = Numbers(state);
  auto number = hn::BitCast(numbers, first);
  if constexpr (sizeof(hn::TFromD<D>) < sizeof(uint64_t)) {
    const hn::RebindToUnsigned<D> whole;
    const hn::Half<decltype(whole)> part;
    const auto second = hn::TruncateTo(part, Numbers(hn::Add(state, half)));
    number = hn::BitCast(numbers, hn::Combine(whole, second, hn::TruncateTo(part, first)));
  }
  const auto drops = hn::Lt(number, hn::Set(numbers, hn::TFromD<decltype(numbers)>{dropped}));
  return hn::IfThenZeroElse(hn::RebindMask(d, drops), hn::Set(d, factor));
}
#endif

// Calls put(tag, i, x[i ...] times their factors) for all i, a vector at a time.
template <class Put>
HWY_INLINE void ForElements(const Drop& drop, uint64_t first, const Real* x, size_t n, const Put& put) {
  const hn::CappedTag<Real, 1> one;
  size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  constexpr uint64_t kStep = 0x9e3779b97f4a7c15u;  // from position to position
  const hn::ScalableTag<Real> d;
  const Bits bits;
  const size_t lanes = hn::Lanes(d);
  const auto dropped = static_cast<int32_t>(std::ceil(drop.probability * 0x1p24f));
  States state = hn::Add(hn::Mul(hn::Iota(bits, first + 1), hn::Set(bits, kStep)), hn::Set(bits, drop.key));
  const States half = hn::Set(bits, kStep * hn::Lanes(bits)), step = hn::Set(bits, kStep * lanes);
  for (; i + lanes <= n; i += lanes, state = hn::Add(state, step)) {
    put(d, i, hn::Mul(hn::LoadU(d, x + i), Factors(d, state, half, dropped, drop.factor)));
  }
#endif
  for (; i < n; ++i) put(one, i, hn::Mul(hn::LoadU(one, x + i), hn::Set(one, FactorAt(drop, first + i))));
}

void DropElements(const Drop& drop, uint64_t first, const Real* x, size_t n, Real* y) {
  ForElements(drop, first, x, n, [=](auto d, size_t i, auto value) EDDY_INLINE { hn::StoreU(value, d, y + i); });
}

void AddDropped(const Drop& drop, uint64_t first, const Real* x, size_t n, Real* y) {
  ForElements(drop, first, x, n,
              [=](auto d, size_t i, auto value) EDDY_INLINE { hn::StoreU(hn::Add(hn::LoadU(d, y + i), value), d, y + i); });
}

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace eddy {

HWY_EXPORT(DropElements);
HWY_EXPORT(AddDropped);

void DropElements(const Drop& drop, uint64_t first, const Real* x, size_t n, Real* y) {
  HWY_DYNAMIC_DISPATCH(DropElements)(drop, first, x, n, y);
}

void AddDropped(const Drop& drop, uint64_t first, const Real* x, size_t n, Real* y) {
  HWY_DYNAMIC_DISPATCH(AddDropped)(drop, first, x, n, y);
}

}  // namespace eddy
#endif  // HWY_ONCE
