// ForecastDesign: what a forecaster is apart from its weights. It is stored in the model and read back from it.
//
// One network serves all series. It reads the last `window` rows before the origin of a forecast and puts out all quantiles
// of all steps of the horizon at once, as a mix of references (references.h) plus a correction.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/series.h"
#include "eddy/encoder.h"
#include "model/json.h"

namespace eddy {

struct ForecastDesign {
  SeriesColumns columns;
  std::string step;              // StepName() of the time axis it was trained on
  std::optional<Calendar> open;  // that axis' calendar, where something is closed to it
  size_t calendar = 0;           // how many calendar features that axis has
  size_t horizon = 0;            // steps
  size_t season = 1;             // of the floors; 1 for none
  std::vector<size_t> seasons;   // of the references, rising, each above 1
  // Whether trends are followed: among the references, and by a scale for each row (series.h). Of series without a season.
  bool trends = false;
  size_t window = 0;              // rows that the network reads
  std::vector<double> quantiles;  // rising, in (0, 1)
  bool nonnegative = false;       // nothing that it was trained on is below 0, and so no forecast is
  // Most rows that it was trained on are 0: of what is seldom sold. Then a forecast nearer to 0 than to the least value
  // above 0 in the history is 0.
  bool intermittent = false;
  EncoderOptions encoder;  // its input is inputs()
  double dropout = 0;      // of the stack's output

  size_t inputs() const;          // D: features of a row (forecast_series.h)
  size_t references() const;      // K
  size_t known_features() const;  // of a step of the horizon; 0 without known covariates
  size_t trailing() const;        // rows over which the level of a series is taken: the shortest season
  size_t median() const;          // index of the quantile nearest 1/2
};

inline constexpr size_t kMostHorizon = 100'000;
inline constexpr size_t kMostWindow = 1'000'000;

// Throws Error for quantiles that do not rise within (0, 1), and sizes out of range.
void RequireValid(const ForecastDesign& design);

// The longer season that stands beside `season` (a week beside a day of hours) where the training parts, ends[i] rows each,
// show that it forecasts about as well.
std::vector<size_t> ReferenceSeasons(const SeriesSet& set, std::span<const size_t> ends, size_t season, size_t horizon);

// Rows enough for the seasons and the horizon, as far as there are series so long.
size_t DefaultWindow(const std::vector<size_t>& seasons, size_t horizon, std::span<const size_t> ends);

Json ToJson(const ForecastDesign& design);
ForecastDesign ForecastDesignFromJson(const Json& json);  // throws Error

}  // namespace eddy
