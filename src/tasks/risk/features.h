// What a network of risk reads of a day: returns, volatilities of the floors, measures of variance, and other columns, each
// from that day and those before it alone.
#pragma once

#include <string>
#include <vector>

#include "tasks/risk/design.h"

namespace eddy {

size_t CountFeatures(const PriceColumns& columns);

// [T, D], before they are scaled. What is read of row t is known at origin t + 1.
std::vector<double> RawFeatures(const ReturnSeries& series, const SeriesFit& fit, const RiskDesign& design);

// Scaled by the design's means and deviations, and limited.
std::vector<float> ScaledFeatures(const ReturnSeries& series, const SeriesFit& fit, const RiskDesign& design);

}  // namespace eddy
