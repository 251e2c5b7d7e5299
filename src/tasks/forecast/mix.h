// ForecastMix: what is done to a network's forecast before it is put out, as fitted on rolling origins that the network was
// not trained on. The floors have shares by how small their errors were, and each quantile is moved so far
// from the point forecast that it would have had its share of those values below it: as far as the network says, times a
// factor, and as far as the floors' errors reached: the geometric mean of both, by the shares of the two, so that what did
// far better than floors is not made as vague as these.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "data/series.h"
#include "eddy/threads.h"
#include "model/json.h"
#include "train/process_exchange.h"

namespace eddy {

struct ForecastDesign;

struct ForecastMix {
  std::map<std::string, double> shares;  // above 0, by the floors' keys (floors.h); what is left of 1 is the network's
  // [G, Q]: for G stretches of the horizon, how many times as far from the point forecast as the network says each quantile
  // lies; between the stretches' middles in proportion. That of the point forecast is not used. Empty: as the network says.
  std::vector<double> spread;
  // [H, Q]: how far from the point forecast each quantile lies by the floors' errors, in mean absolute errors of seasonal
  // naive within the history. Empty: the network's distances alone.
  std::vector<double> reach;

  double of_floors() const;
  bool operator==(const ForecastMix&) const = default;
};

// forecast [H, Q], rising quantiles in the values' units, as the network says; `history` is what came before. The quantiles
// still rise.
void Apply(const ForecastMix& mix, const ForecastDesign& design, Observations history, std::span<double> forecast);

// An origin in the past, and what happened.
struct PastHorizon {
  uint32_t series = 0;
  Observations history, actual;  // actual: [H]
};

// What the network, which was not trained on it, says of one: [H, Q].
struct PastForecast {
  PastHorizon of;
  std::vector<double> forecast;
};

// Shares are in proportion to a power of the inverse of mean absolute scaled errors: what did clearly better has nearly all,
// and what did about as well is averaged, which is better than a choice by noise (Bates and Granger 1969, The combination of
// forecasts; Timmermann 2006, section 3, on shares fitted to few errors).
//
// Among the floors it is the eighth power, of errors on `rolling`, each origin counting as far as it lies in its series:
// what trains nothing can be judged by the whole past, and the end is most like what is to come. Of floors of one kind
// (ForecastFloor::smoothing), whose errors are alike so that a mean of them is no better, the best one alone has a share.
//
// Between their mean and the network it is the fourth power, of errors on `past`. The network's counts as (n + 1) / (n - 1)
// times what it is there, for n horizons that do not overlap: these very forecasts chose its state, as if one parameter had
// been fitted to n errors (Akaike 1969, Fitting autoregressive models for prediction). By a single horizon it has no share.
//
// The spread is such that errors of `past`, relative to the distances that the network says on their side, lie within those
// of a quantile and of its mirror as often as they should: both sides together, since few errors say little of each tail.
// The reach is the same of the floors' mean on `rolling`, of far more horizons than the few that chose, each step with its
// neighbours; of n that do not overlap it is widened as Student's t of n degrees is against the normal distribution.
//
// Where most rows are 0 no floor is mixed in, and no distance changed: the point forecast is then mostly 0, and so is the
// distance. `with_floor`: whether a floor may have a share. Both are in order of series and origin; costs the floors'
// forecasts of both, which the processes of a group share out.
ForecastMix FitMix(const ForecastDesign& design, std::span<const PastForecast> past, std::span<const PastHorizon> rolling,
                   bool with_floor, Threads& threads, ProcessGroup& group = Alone());

Json ToJson(const ForecastMix& mix);
ForecastMix ForecastMixFromJson(const Json& json, const ForecastDesign& design);  // throws Error

}  // namespace eddy
