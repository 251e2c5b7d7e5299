// How far forecasts of reserves may be off: by the errors of forecasts of the past. The networks' own deviations say how
// much one forecast is less sure than another; that payments of a company's origins move together, and that networks are too
// sure of themselves, the errors in such deviations say (a residual bootstrap).
#pragma once

#include <span>
#include <vector>

#include "tasks/reserve/model.h"

namespace eddy {

// Errors of what was forecast at calendars a quarter to half of the developments before the valuation, by the members that
// had left the origins out, against what was paid until the valuation.
ReserveErrors MeasureErrors(TrainedReserve& reserve, const TriangleSet& set, Threads& threads, ProcessGroup& group);

class ReserveSpread {
 public:
  explicit ReserveSpread(const ReserveErrors& errors);

  // In deviations as the networks give them.
  double Company(double probability) const;  // quantile
  double Origin(double probability) const;
  double company_deviation() const { return company_deviation_; }

  // Quantiles at `probabilities` of the error of the sum of several companies' forecasts, whose deviations are `scales`, by
  // draws: the errors of one draw are of companies at one calendar, so that what moves all of them together does so here.
  // The deviation of the sum goes before them.
  std::vector<double> OfSum(std::span<const double> scales, std::span<const double> probabilities) const;

 private:
  std::vector<std::vector<double>> calendars_;
  std::vector<double> companies_, origins_;  // sorted
  double company_deviation_ = 1;
};

}  // namespace eddy
