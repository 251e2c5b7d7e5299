// What a network of reserves reads of an origin, and what it is to say of it, over the N developments. The network reads the
// developments that are known, and then runs on through those that are not, of which it reads the references alone.
#pragma once

#include <cstdint>
#include <vector>

#include "eddy/tensor.h"
#include "tasks/reserve/patterns.h"

namespace eddy {

inline constexpr size_t kReserveFeatures = 11;
inline constexpr double kMostUnits = 30;  // either way, of what is read and said

// One view of an origin.
struct ReserveView {
  size_t triangle = 0, origin = 0, calendar = 0, known = 0;
  int32_t company = 0, line = 0;    // places in the tables of embeddings
  std::vector<float> features;      // [N, D]
  std::vector<float> references;    // [N, K]: in units, 0 where known
  std::vector<double> unit;         // [N]: payments of one unit
  std::vector<float> targets;       // [N]: payments in units; 0 where not known at the set's valuation
  std::vector<uint8_t> has_target;  // [N]: whether it is after the view's calendar and known at the set's valuation
};

double LogMeanPremium(const Triangle& triangle);  // over its origins

// Every origin of a triangle that has begun at this calendar and is not at its last development.
std::vector<ReserveView> ViewsAt(const TriangleSet& set, size_t triangle, size_t calendar, const ReserveDesign& design);

}  // namespace eddy
