// What a network of direction reads of a day, and what it is to say of the days that follow. Everything that is read is from
// that day and those before it.
#pragma once

#include <cstdint>
#include <vector>

#include "tasks/direction/design.h"

namespace eddy {

size_t DirectionFeatureCount(const PriceColumns& columns);

// The mean return of all series on the days of each: [series][T].
std::vector<std::vector<double>> MarketReturns(const PriceSet& prices);

// [T, D], before they are scaled. What is read of row t is known at origin t + 1.
std::vector<double> DirectionFeatures(const ReturnSeries& series, const std::vector<double>& market);
std::vector<float> ScaledDirectionFeatures(const ReturnSeries& series, const std::vector<double>& market,
                                           const DirectionDesign& design);
// [T + 1, kLags]: the last returns before each origin, in units of their volatility; 0 where there are fewer.
std::vector<double> LaggedReturns(const ReturnSeries& series);

enum class DirectionLabel : uint8_t { kNone, kDown, kUp };  // kNone: neither, or not known
std::vector<DirectionLabel> LabelsOf(const ReturnSeries& series, const DirectionDesign& design);  // [T + 1]

// Whether a refit may learn from origin i, whose horizon and an embargo end before what it judges.
bool MayLearn(const ReturnSeries& series, size_t origin, const DirectionRefit& refit, const DirectionDesign& design);

}  // namespace eddy
