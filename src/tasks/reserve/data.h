// Triangles for a model of reserves, read and checked to be enough to learn from.
#pragma once

#include <string>

#include "tasks/reserve/design.h"
#include "tasks/reserve/options.h"

namespace eddy {

struct ReserveData {
  std::string source;
  TriangleSet set;
  Json fingerprint;
};

ReserveData LoadTriangles(const Data& table, const ReserveOptions& options);  // throws Error
// With the columns and developments that a model was trained on. Throws Error.
TriangleSet ReadTrianglesOf(const ReserveDesign& design, const Data& table, std::optional<int64_t> valuation);

}  // namespace eddy
