// DirectionDesign: what a model of direction is apart from its weights. It is stored in the model and read back from it.
//
// "Origin i" of a series of T returns is the moment before return i, from 0 to T: what is forecast there knows returns 0 to
// i - 1, and is judged by the sum of returns i to i + horizon - 1. Shapes: D features, R refits.
#pragma once

#include <string>
#include <vector>

#include "eddy/encoder.h"
#include "floors/dense_logistic.h"
#include "model/json.h"
#include "prices/prices.h"

namespace eddy {

// What one refit knows: nothing at or after `begin`.
struct DirectionRefit {
  double begin = 0;        // time of the first return that it judges
  double up_share = 0.5;   // of the labels that it trained on
  DenseLogistic logistic;  // of the last kLags returns
};

struct DirectionDesign {
  PriceColumns columns;
  size_t horizon = 1, embargo = 1, members = 1;
  double rise = 0, fall = 0, costs = 0;  // percent
  size_t tried = 0;
  EncoderOptions encoder;  // its input is inputs()
  double dropout = 0;
  std::vector<double> feature_mean, feature_deviation;  // [D], before the first refit's begin
  std::vector<DirectionRefit> refits;                   // by time, at least one

  size_t inputs() const;  // D
  size_t networks() const { return members * refits.size(); }
  // The refit that forecasts returns from this time on: the last that has begun, or the first.
  size_t RefitAt(double time) const;
};

inline constexpr size_t kMostDirectionHorizon = 250;
inline constexpr size_t kMostDirectionMembers = 64;
inline constexpr size_t kMostRefits = 64;
inline constexpr size_t kLags = 5;

void RequireValid(const DirectionDesign& design);  // throws Error for what is out of range

Json ToJson(const DirectionDesign& design);
DirectionDesign DirectionDesignFromJson(const Json& json);  // throws Error

}  // namespace eddy
