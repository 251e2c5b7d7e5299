#include "floors/damped_trend.h"

#include <gtest/gtest.h>

#include <cmath>

#include "eddy/random.h"
#include "floors/naive.h"

namespace eddy {
namespace damped_trend_test {

std::vector<double> DampedTrendAfter(std::vector<double> with_nan, size_t season, size_t horizon) {
  std::vector<uint8_t> observed;
  for (double& value : with_nan) {
    observed.push_back(!std::isnan(value));
    if (std::isnan(value)) value = 1e6;  // must never be used
  }
  return DampedTrend({with_nan, observed}, season, horizon);
}

TEST(DampedTrend, a_constant_goes_on_and_one_value_is_enough) {
  EXPECT_EQ(DampedTrendAfter({5, 5, 5, 5}, 1, 2), (std::vector<double>{5, 5}));
  EXPECT_EQ(DampedTrendAfter({7}, 12, 2), (std::vector<double>{7, 7}));
  EXPECT_EQ(DampedTrendAfter({NAN, 7, NAN}, 1, 2), (std::vector<double>{7, 7}));
}

TEST(DampedTrend, a_line_goes_on_ever_less_steeply) {
  std::vector<double> line;
  for (int t = 0; t < 60; ++t) line.push_back(100 + 3 * t);
  const std::vector<double> forecast = DampedTrendAfter(line, 1, 10);
  double last = line.back(), slope = 3.01;
  for (const double value : forecast) {
    EXPECT_LT(value - last, slope);
    slope = value - last;
    last = value;
  }
  EXPECT_NEAR(forecast[0], line.back() + 3, 0.2);
  EXPECT_GT(forecast[9], line.back() + 24) << "a flat forecast is off by 30";
}

TEST(DampedTrend, noise_is_smoothed) {
  Random random(1);
  std::vector<double> noise(300);
  for (double& value : noise) value = 50 + random.Normal();
  noise.back() = 60;
  EXPECT_NEAR(DampedTrendAfter(noise, 1, 1)[0], 50, 2) << "persistence says 60";
}

TEST(DampedTrend, a_line_with_a_season_goes_on_with_it_whether_it_is_times_or_plus) {
  const double shape[] = {0.5, 1, 1.5, 1};
  std::vector<double> times, plus;
  for (int t = 0; t < 80; ++t) {
    times.push_back((100 + 2 * t) * shape[t % 4]);
    plus.push_back(-50 + 2 * t + 40 * shape[t % 4]);
  }
  const std::vector<double> first = DampedTrendAfter(times, 4, 4), second = DampedTrendAfter(plus, 4, 4);
  for (int h = 0; h < 4; ++h) {
    EXPECT_NEAR(first[static_cast<size_t>(h)], (260 + 2 * h) * shape[h], 5);
    EXPECT_NEAR(second[static_cast<size_t>(h)], -50 + 160 + 2 * h + 40 * shape[h], 5);
  }
}

TEST(DampedTrend, what_is_missing_moves_the_level_along_the_slope) {
  std::vector<double> line;
  for (int t = 0; t < 60; ++t) line.push_back(t % 7 == 3 || t > 57 ? NAN : 3 * t);
  EXPECT_NEAR(DampedTrendAfter(line, 1, 1)[0], 3 * 60, 2);
}

TEST(DampedTrend, what_lies_more_than_a_thousand_rows_back_says_nothing) {
  std::vector<double> values(3000, 9);
  std::fill(values.end() - 1000, values.end(), 4);
  EXPECT_EQ(DampedTrendAfter(values, 1, 1), (std::vector<double>{4}));
  std::fill(values.end() - 1000, values.end(), NAN);
  EXPECT_EQ(DampedTrendAfter(values, 1, 1), (std::vector<double>{9})) << "unless nothing else does";
}

}  // namespace damped_trend_test
}  // namespace eddy
