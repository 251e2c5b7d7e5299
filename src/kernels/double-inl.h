// Reals read and written as vectors of doubles, for sums that are to lose nothing.
#if defined(EDDY_KERNELS_DOUBLE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EDDY_KERNELS_DOUBLE_INL_H_
#undef EDDY_KERNELS_DOUBLE_INL_H_
#else
#define EDDY_KERNELS_DOUBLE_INL_H_
#endif

#include <type_traits>

#include "eddy/real.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
HWY_INLINE hn::Vec<D> LoadDoubles(D d, const Real* from) {
  if constexpr (std::is_same_v<Real, double>) {
    return hn::LoadU(d, from);
  } else {
    return hn::PromoteTo(d, hn::LoadU(hn::Rebind<Real, D>(), from));
  }
}

template <class D>
HWY_INLINE void StoreDoubles(D d, hn::Vec<D> value, Real* to) {
  if constexpr (std::is_same_v<Real, double>) {
    hn::StoreU(value, d, to);
  } else {
    const hn::Rebind<Real, D> narrow;
    hn::StoreU(hn::DemoteTo(narrow, value), narrow, to);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#endif
