// References: the simple forecasts on which a network's corrections are put. With seasons s1 < s2 ... they are
//     the last value; the trailing mean;
//     for each season s: the value a whole number of seasons before; the same moved by how much the trailing mean changed
//     over that season; the mean of the last s rows plus how far values at this place in the season are from it on average;
//     where trends are followed, the last value moved as it moved over the trailing rows, and over four times as many;
//     and the damped trend (floors/damped_trend.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "floors/damped_trend.h"
#include "tasks/forecast/last_rows.h"

namespace eddy {

// The references of one series. Everything that belongs to row t depends on rows up to t alone.
class References {
 public:
  // values [T], missing ones already holding the last value before; observed [T]; trailing >= 1 rows.
  References(std::span<const double> values, std::span<const uint8_t> observed, const std::vector<size_t>& seasons,
             size_t trailing, bool trends = false);

  static size_t Count(size_t seasons, bool trends = false) { return 2 + 3 * seasons + (trends ? 3 : 0); }

  // Writes the references of rows [origin, origin + horizon), from rows before `origin` >= 1, as distances from `last`, the
  // value at origin - 1, to [horizon, Count()]. A season longer than the history gives the last value.
  void At(size_t origin, double last, size_t horizon, float* to) const;

  // From now on At is asked for no origin before this one.
  void KeepFrom(size_t origin);

  size_t count() const { return Count(seasons_.size(), !slopes_.empty()); }
  double TrailingMean(size_t row) const { return trailing_means_[row]; }

 private:
  struct Season {
    size_t length = 0;
    LastRows<double> latest;   // [T]: the latest observed value at this place in the season
    LastRows<double> means;    // [T]: of the rows of one season up to this
    LastRows<double> profile;  // [T]: the distance from that mean at this place in the season, averaged over seasons
  };
  struct Slope {
    size_t length = 0;         // rows that it is taken over, or as many as there are
    LastRows<double> changes;  // [T]: a row
  };
  static Season MakeSeason(std::span<const double> values, std::span<const uint8_t> observed, size_t length);

  LastRows<double> trailing_means_;  // [T]
  std::vector<Season> seasons_;
  std::vector<Slope> slopes_;
  LastRows<DampedTrends::Trend> damped_;  // [T], where trends are followed
};

}  // namespace eddy
