#include "kernels/scan.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/scan.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
HWY_INLINE void OneVector(D d, const Real* a, const Real* s, const Real* b, Real* out) {
  hn::StoreU(hn::MulAdd(hn::LoadU(d, a), hn::LoadU(d, s), hn::LoadU(d, b)), d, out);
}

void LinearStep(RowsIn a, RowsIn s, RowsIn b, RowsOut out, size_t rows, size_t units) {
  const hn::ScalableTag<Real> d;
  const hn::CappedTag<Real, 1> one;
  const size_t lanes = hn::Lanes(d);
  for (size_t r = 0; r < rows; ++r) {
    const Real *ar = a.data + r * a.stride, *sr = s.data + r * s.stride, *br = b.data + r * b.stride;
    Real* to = out.data + r * out.stride;
    size_t j = 0;
    for (; j + lanes <= units; j += lanes) OneVector(d, ar + j, sr + j, br + j, to + j);
    for (; j < units; ++j) OneVector(one, ar + j, sr + j, br + j, to + j);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace eddy {

HWY_EXPORT(LinearStep);

void LinearStep(RowsIn a, RowsIn s, RowsIn b, RowsOut out, size_t rows, size_t units) {
  HWY_DYNAMIC_DISPATCH(LinearStep)(a, s, b, out, rows, units);
}

}  // namespace eddy
#endif  // HWY_ONCE
