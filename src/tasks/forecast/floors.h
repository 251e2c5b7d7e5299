// The floors of a forecaster: forecasts that anyone could make, beside which it is judged and which it may mix in.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "data/series.h"
#include "eddy/threads.h"
#include "train/process_exchange.h"

namespace eddy {

struct ForecastDesign;

struct ForecastFloor {
  const char* key;   // in JSON and in models
  const char* name;  // in a table
  const char* in_words;
  bool seasonal;   // whether it says nothing of its own where there is no season
  bool smoothing;  // the damped trend, or what it is with constants that are given: their errors are alike
  // `horizon` values after the last of the history.
  std::vector<double> (*forecast)(Observations history, size_t season, size_t horizon);
};

// Persistence, seasonal naive, Naive2, the median of the past and the damped trend; zeros and Croston's where most rows are
// 0.
std::vector<ForecastFloor> FloorsOf(const ForecastDesign& design);

// What each of FloorsOf(design) forecasts after each history: [histories][floors][H]. The processes of a group share the
// histories out.
using FloorForecasts = std::vector<std::vector<std::vector<double>>>;
FloorForecasts ForecastFloors(const ForecastDesign& design, std::span<const Observations> histories, Threads& threads,
                              ProcessGroup& group);

// Throws Error for a key of none.
ForecastFloor FloorNamed(const std::string& key);

}  // namespace eddy
