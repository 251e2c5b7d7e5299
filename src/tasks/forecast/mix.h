// ForecastMix: what is done to a network's forecast before it is put out, as fitted on rolling origins that the network was
// not trained on. The floors have shares by how small their errors were, and each quantile is moved so far
// from the point forecast that it would have had its share of those values below it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "data/series.h"
#include "model/json.h"

namespace eddy {

struct ForecastDesign;

struct ForecastMix {
  std::map<std::string, double> shares;  // above 0, by the floors' keys (floors.h); what is left of 1 is the network's
  // [G, Q]: for G stretches of the horizon, how many times as far from the point forecast as the network says each quantile
  // lies; between the stretches' middles in proportion. That of the point forecast is not used. Empty: as the network says.
  std::vector<double> spread;

  double of_floors() const;
  bool operator==(const ForecastMix&) const = default;
};

// forecast [H, Q], rising quantiles in the values' units, as the network says; `history` is what came before. The quantiles
// still rise.
void Apply(const ForecastMix& mix, const ForecastDesign& design, Observations history, std::span<double> forecast);

// A forecast of the network, [H, Q], and what happened.
struct PastForecast {
  uint32_t series = 0;
  Observations history, actual;  // actual: [H]
  std::vector<double> forecast;
};

// The share of each is in proportion to the fourth power of the inverse of its mean absolute scaled error: what did much
// better has nearly all, and what did about as well is averaged, which is better than a choice by noise (Bates and Granger
// 1969, The combination of forecasts; Timmermann 2006, section 3, on shares fitted to few errors). Of floors of one kind
// (ForecastFloor::smoothing), whose errors are alike so that a mean of them is no better, the best one alone has a share.
// The spread by the quantiles of the errors relative to the distances that the network says, widened for how few horizons
// there are that do not overlap. Where most rows are 0 no floor is mixed in, and no distance changed: the point forecast is
// then mostly 0, and so is the distance. `with_floor`: whether a floor may have a share. Costs the floors' forecasts.
ForecastMix FitMix(const ForecastDesign& design, std::span<const PastForecast> past, bool with_floor);

Json ToJson(const ForecastMix& mix);
ForecastMix ForecastMixFromJson(const Json& json, const ForecastDesign& design);  // throws Error

}  // namespace eddy
