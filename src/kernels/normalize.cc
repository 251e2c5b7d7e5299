#include "kernels/normalize.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/normalize.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {

// Calls body(d, i) for vectors of elements from i on, and for single ones at the end.
template <class Body>
HWY_INLINE void ForVectors(size_t n, const Body& body) {
  const hn::ScalableTag<double> d;
  const hn::CappedTag<double, 1> one;
  size_t i = 0;
  for (; i + hn::Lanes(d) <= n; i += hn::Lanes(d)) body(d, i);
  for (; i < n; ++i) body(one, i);
}

// The sum of term(d, i) over [0, n), in two chains of vectors.
template <class Term>
HWY_INLINE double SumOf(size_t n, const Term& term) {
  const hn::ScalableTag<double> d;
  const hn::CappedTag<double, 1> one;
  const size_t lanes = hn::Lanes(d);
  auto first = hn::Zero(d), second = hn::Zero(d);
  size_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    first = hn::Add(first, term(d, i));
    second = hn::Add(second, term(d, i + lanes));
  }
  double sum = hn::GetLane(hn::SumOfLanes(d, hn::Add(first, second)));
  for (; i < n; ++i) sum += hn::GetLane(term(one, i));
  return sum;
}

Real NormalizeRow(const Real* values, size_t n, const Real* gain, const Real* shift, Real* normalized, Real* out) {
  const double count = static_cast<double>(n);
  const double mean = SumOf(n, [=](auto d, size_t i) HWY_ATTR { return LoadDoubles(d, values + i); }) / count;
  const double squares = SumOf(n, [=](auto d, size_t i) HWY_ATTR {
    const auto off = hn::Sub(LoadDoubles(d, values + i), hn::Set(d, mean));
    return hn::Mul(off, off);
  });
  const double factor = 1 / std::sqrt(squares / count + 1e-5);
  ForVectors(n, [=](auto d, size_t i) HWY_ATTR {
    const auto value = hn::Mul(hn::Sub(LoadDoubles(d, values + i), hn::Set(d, mean)), hn::Set(d, factor));
    if (normalized != nullptr) StoreDoubles(d, value, normalized + i);
    const auto start = shift != nullptr ? LoadDoubles(d, shift + i) : hn::Zero(d);
    StoreDoubles(d, hn::MulAdd(value, LoadDoubles(d, gain + i), start), out + i);
  });
  return static_cast<Real>(factor);
}

void NormalizeRowBackward(const Real* d_out, const Real* normalized, Real factor, const Real* gain, size_t n,
                          Real* d_values) {
  const double count = static_cast<double>(n), scale = static_cast<double>(factor);
  const auto g = [=](auto d, size_t i) HWY_ATTR { return hn::Mul(LoadDoubles(d, d_out + i), LoadDoubles(d, gain + i)); };
  const double mean = SumOf(n, g) / count;
  const double along =
      SumOf(n, [=](auto d, size_t i) HWY_ATTR { return hn::Mul(g(d, i), LoadDoubles(d, normalized + i)); }) / count;
  ForVectors(n, [=](auto d, size_t i) HWY_ATTR {
    const auto rest = hn::NegMulAdd(LoadDoubles(d, normalized + i), hn::Set(d, along), hn::Sub(g(d, i), hn::Set(d, mean)));
    StoreDoubles(d, hn::Mul(rest, hn::Set(d, scale)), d_values + i);
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace eddy {

HWY_EXPORT(NormalizeRow);
HWY_EXPORT(NormalizeRowBackward);

Real NormalizeRow(const Real* values, size_t n, const Real* gain, const Real* shift, Real* normalized, Real* out) {
  return HWY_DYNAMIC_DISPATCH(NormalizeRow)(values, n, gain, shift, normalized, out);
}

void NormalizeRowBackward(const Real* d_out, const Real* normalized, Real factor, const Real* gain, size_t n,
                          Real* d_values) {
  HWY_DYNAMIC_DISPATCH(NormalizeRowBackward)(d_out, normalized, factor, gain, n, d_values);
}

}  // namespace eddy
#endif  // HWY_ONCE
