// A series as the network reads it: scaled, with its features, its references, and its covariates.
//
// Where the design follows trends, a row, and what is forecast from it, is scaled by the rows up to it alone: what grows and
// swings ever farther looks in training as it will at its end.
//
// It is made from the first `rows` rows alone, and what belongs to row t depends on rows up to t alone. Only covariates that
// are declared known in the future are read beyond. So no forecast can use what a forecaster could not have known.
//
// Features of a row, D of them:
//     value - trailing mean; value - the value before; value - the value a season before, for each season;
//     trailing mean - mean of the series, kept within limits, where trends are not followed (of what rises it would say when
//     a row was, and nothing about rows to come); whether the value was observed; calendar; covariates;
//     the scale relative to the magnitude of the values, and the change over a season relative to the scale, as logarithms.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "data/scaling.h"
#include "data/series.h"
#include "tasks/forecast/design.h"
#include "tasks/forecast/last_rows.h"
#include "tasks/forecast/references.h"

namespace eddy {

class ForecastSeries {
 public:
  // `set` and `series` must outlive it. 1 <= rows <= series.size(). Keeps 4 D + 8 K + 12 bytes a row, and 16 more
  // where trends are followed.
  ForecastSeries(const SeriesSet& set, const Series& series, const ForecastDesign& design, size_t rows);

  // From now on it is asked only for the forecast from origin rows(), by a network that reads the `window` rows before.
  // Frees what the rows before those have taken.
  void KeepEnd(size_t window);

  size_t rows() const { return rows_; }
  const Scaling& scaling() const { return scaling_; }

  // What a forecast from `origin` is put on: the scaled value before it. References, targets and what the network says are
  // distances from it, so that float32 holds them however far a series has drifted; where trends are followed, in the scale
  // of the origin. FromLevel and ToValue are of origin rows() alone.
  double Level(size_t origin) const { return values_[origin - 1]; }
  float FromLevel(size_t origin, double value) const {  // a value as such a distance
    return Above(Level(origin), (value - scaling_.shift) / scaling_.scale);
  }
  double ToValue(size_t origin, double distance) const { return scaling_.Invert(Level(origin) + distance); }

  const float* Features(size_t row) const { return &features_[row * inputs_]; }  // [D]
  void ReferencesAt(size_t origin, float* to) const;                             // [horizon, K]; 1 <= origin <= rows
  // What is known about rows [origin, origin + horizon): [horizon, known_features()], each known covariate at the row and a
  // whole number of seasons before, for each season.
  void KnownAt(size_t origin, float* to) const;
  // From now on no row from `begin` to `end` - 1 is a target.
  void Spare(size_t begin, size_t end);
  // These rows' distances from the level and their weights, weight() or, where a row is spared or there is no value within
  // `rows`, 0: [horizon] each.
  void TargetsAt(size_t origin, float* targets, float* weights) const;
  // Of this series in a mean of scaled errors, in [0.01, 1]. The root of the scale relative to the magnitude of the values:
  // half way from errors relative to the scale (as in MASE) to errors relative to the values (as in sMAPE).
  float weight() const { return weight_; }

 private:
  static float Above(double level, double scaled);
  void FillFeatures(const SeriesSet& set, const Series& series, size_t calendar, std::span<const double> values);
  float Known(size_t covariate, size_t row) const;

  const SeriesSet* set_;
  const Series* series_;
  const size_t rows_, horizon_, inputs_;
  const std::vector<size_t> seasons_;
  const bool trends_;
  Scaling scaling_;
  float weight_ = 1;
  LastRows<double> values_;      // [rows], scaled
  LastRows<float> growth_;       // [rows]: the scale over that of a row, 1 at the last one
  std::vector<uint8_t> spared_;  // [rows], or empty where no row is
  std::vector<Scaling> covariate_scaling_;
  std::unique_ptr<References> references_;
  LastRows<float> features_;  // [rows, D]
};

// The scale of a series is the root mean square of its distance from the trailing mean: what a forecaster has to tell,
// whatever the level and its drift.
struct RunningScale {
  Scaling whole;
  std::vector<double> scales;  // [T]: of the rows up to each

  RunningScale(Observations values, size_t trailing);
  // [T]: the whole scale over that of the rows up to each, eight at least; within 100 and its inverse. 1
  // where the whole has no scale of its own, as of a constant.
  std::vector<float> Growth() const;
};

}  // namespace eddy
