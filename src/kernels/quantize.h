// Rows as whole numbers times a scale: x is about scale * q, q within +-127. A row of zeros has scale 0; one with a value
// that is not finite has a scale that is not a number, so that it is not hidden.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "eddy/real.h"

namespace eddy {

inline constexpr size_t kQuantizedPart = 1024;  // values with one scale

inline float ScaleOf(const Real* x, size_t n) {
  Real most = 0;
  bool finite = true;
  for (size_t i = 0; i < n; ++i) {
    const Real magnitude = std::abs(x[i]);
    most = magnitude > most ? magnitude : most;
    finite = finite && magnitude <= std::numeric_limits<Real>::max();
  }
  return finite ? static_cast<float>(most) / 127.0f : std::numeric_limits<float>::quiet_NaN();
}

// The number to multiply by before rounding to the nearest, ties to even; 0 where the scale says nothing.
inline float InverseOf(float scale) { return scale > 1e-37f ? 1.0f / scale : 0.0f; }

inline int Quantized(Real x, float inverse) { return static_cast<int>(std::nearbyint(static_cast<float>(x) * inverse)); }

}  // namespace eddy
