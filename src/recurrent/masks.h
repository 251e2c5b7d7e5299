// The random masks of a layer's loop options. Each element is a pure function of a key and its place, so the backward makes
// it again instead of keeping it.
#pragma once

#include <cstddef>

#include "eddy/random.h"
#include "eddy/real.h"

namespace eddy {

// Inverted dropout: 0 with probability p, else 1 / (1 - p).
struct DropMask {
  uint64_t key = 0;
  double p = 0;

  explicit operator bool() const { return p > 0; }
  Real At(uint64_t place, uint64_t element) const {
    return RandomAt(key + place, element) < static_cast<float>(p) ? Real{0} : static_cast<Real>(1 / (1 - p));
  }
};

// Zoneout: the share of the old state in the next one, 0 or 1 in training and the probability in inference.
struct ZoneMask {
  uint64_t key = 0;
  double p = 0;
  bool training = false;

  explicit operator bool() const { return p > 0; }
  Real At(uint64_t place, uint64_t element) const {
    if (!training) return static_cast<Real>(p);
    return RandomAt(key + place, element) < static_cast<float>(p) ? Real{1} : Real{0};
  }
};

}  // namespace eddy
