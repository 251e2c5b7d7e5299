// What a network of risk is to beat, fitted to the training part of one series and run over all of it. Origins as in
// design.h.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "tasks/risk/design.h"

namespace eddy {

// The sum of the horizon's returns after each origin: [T + 1], NaN where it is not known.
std::vector<double> HorizonReturns(const ReturnSeries& series, size_t horizon);
// The logarithm of the mean of measure m over the horizon: [T + 1], NaN where it is not known.
std::vector<double> HorizonMeasure(const ReturnSeries& series, size_t m, size_t horizon);

// From the returns before `end`, at least kLeastReturns, and no later ones. Throws Error where these are all the same.
SeriesFit FitSeries(const ReturnSeries& series, const RiskDesign& design, size_t end);
// That of the design where it has one of this name, else one made of the returns before `end`.
SeriesFit FitOf(const ReturnSeries& series, const RiskDesign& design, size_t end);

// Standard deviations of the horizon's return at each origin: [T + 1].
std::vector<double> HorizonDeviations(const Garch& garch, const ReturnSeries& series, double mean, size_t horizon);

// Of standardised returns, as one of returns with this deviation and mean: both below 0, the shortfall not above the value.
TailRisk ScaledTail(TailRisk tail, double deviation, double mean);
TailRisk LimitedTail(TailRisk tail);  // the same of one that is scaled already

// A method's forecasts at all origins of a series.
struct RiskPath {
  std::string name;
  std::vector<TailRisk> tails;  // [T + 1, Q], returns in percent; values and shortfalls are below 0
  // Whether the days before each origin alone make its tails; those of others were fitted to the whole training part.
  bool walk_forward = false;

  auto fields() { return std::tie(name, tails, walk_forward); }
};

// Filtered historical simulation: at each origin the tails of the standardised returns that are known there, the last
// `window`, times the deviation there. While fewer than kFirstResiduals are known, `first` stand for them; always where
// `window` is 0.
std::vector<TailRisk> FilteredTails(std::span<const double> deviations, std::span<const double> targets, double mean,
                                    std::span<const TailRisk> first, size_t window, const RiskDesign& design);
// Tails [T + 1, Q] of a method, each level scaled so that the returns over its value that are known at an origin, the last
// kFilterWindow, have it as their quantile: walk-forward calibration. While fewer than kFirstResiduals are known, the tails
// as they are. Where levels would cross, the lower one gives way.
std::vector<TailRisk> RecalibratedTails(std::span<const TailRisk> tails, std::span<const double> targets, double mean,
                                        const RiskDesign& design);
inline constexpr size_t kFirstResiduals = 250;
inline constexpr size_t kFilterWindow = 1000;

// `targets` are HorizonReturns(), `leverage` HorizonDeviations() of the fit's GJR-GARCH.
std::vector<RiskPath> FloorPaths(const ReturnSeries& series, const SeriesFit& fit, std::span<const double> targets,
                                 std::span<const double> leverage, const RiskDesign& design);

}  // namespace eddy
