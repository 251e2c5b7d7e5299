// Activations over arrays, for streaming steps: the same bits as the operations'.
#pragma once

#include <cstddef>

#include "eddy/real.h"

namespace eddy {

void GeluArray(const Real* x, size_t n, Real* y);  // y may be x

}  // namespace eddy
