// The functions that a cell's Step may call, on doubles: a cell is a template over the number type, so its Step<double> runs
// as it stands, for a test of the equations or for a reference to compare with. The engine evaluates the same Step on a
// symbol type of its own (docs/architecture.md).
#pragma once

#include <cmath>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

inline double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
inline double Tanh(double x) { return std::tanh(x); }
inline double Relu(double x) { return x < 0 ? 0 : x; }  // NaN stays NaN
inline double Exp(double x) { return std::exp(x); }
inline double Sqrt(double x) { return std::sqrt(x); }

}  // namespace eddy
EDDY_API_END
