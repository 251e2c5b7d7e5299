// The number type of the engine: float in the product. The gradient laws compile the same sources with EDDY_DOUBLE into a
// second library, where finite differences are exact to 1e-8.
#pragma once

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

#ifdef EDDY_DOUBLE
using Real = double;
#else
using Real = float;
#endif

}  // namespace eddy
EDDY_API_END
