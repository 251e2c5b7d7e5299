#include "floors/naive.h"

#include <gtest/gtest.h>

#include <cmath>

#include "eddy/random.h"
#include "floors/croston.h"
#include "floors/season.h"

namespace eddy {
namespace naive_test {

struct Values {
  std::vector<double> values;
  std::vector<uint8_t> observed;

  explicit Values(std::vector<double> with_nan) : values(std::move(with_nan)) {
    for (double& value : values) {
      observed.push_back(!std::isnan(value));
      if (std::isnan(value)) value = 1e6;  // must never be used
    }
  }
  Observations all() const { return {values, observed}; }
};

TEST(Naive, the_median_of_the_past_is_the_middle_of_what_was_observed) {
  EXPECT_EQ(PastMedian(Values({5, NAN, 1, 2, NAN}).all(), 2), (std::vector<double>{2, 2}));
  EXPECT_EQ(PastMedian(Values({0, 0, 7, 0, 3}).all(), 1), (std::vector<double>{0}));
  std::vector<double> long_ago(5000, 9);
  std::fill(long_ago.end() - 1000, long_ago.end(), 4);
  EXPECT_EQ(PastMedian(Values(long_ago).all(), 1), (std::vector<double>{4}));
}

TEST(Croston, it_is_the_smoothed_demand_over_the_smoothed_interval_without_its_bias) {
  EXPECT_EQ(Croston(Values({0, 0, NAN, 0}).all(), 2), (std::vector<double>{0, 0})) << "never any demand";
  EXPECT_EQ(Croston(Values({0, 6, 0, NAN, 0, 6}).all(), 1), (std::vector<double>{0.95 * 6 / (2 + 0.1 * (3 - 2))}));
  EXPECT_EQ(Zeros(Values({1, 2}).all(), 2), (std::vector<double>{0, 0}));
}

TEST(Naive, persistence_repeats_the_last_observed_value) {
  EXPECT_EQ(Persistence(Values({1, 2, 3}).all(), 2), (std::vector<double>{3, 3}));
  EXPECT_EQ(Persistence(Values({1, 2, NAN}).all(), 2), (std::vector<double>{2, 2}));
  EXPECT_EQ(Persistence(Values({1}).all(), 1), (std::vector<double>{1}));
}

TEST(Naive, seasonal_naive_repeats_the_last_season_and_looks_further_back_for_what_is_missing) {
  EXPECT_EQ(SeasonalNaive(Values({9, 9, 9, 1, 2, 3}).all(), 3, 5), (std::vector<double>{1, 2, 3, 1, 2}));
  EXPECT_EQ(SeasonalNaive(Values({7, 8, 9, 1, NAN, 3}).all(), 3, 3), (std::vector<double>{1, 8, 3}));
  EXPECT_EQ(SeasonalNaive(Values({7, NAN, 9, 1, NAN, 3}).all(), 3, 3), (std::vector<double>{1, 3, 3})) << "nothing there";
  EXPECT_EQ(SeasonalNaive(Values({1, 2}).all(), 3, 3), (std::vector<double>{2, 2, 2})) << "shorter than a season";
  EXPECT_EQ(SeasonalNaive(Values({1, 2}).all(), 1, 3), Persistence(Values({1, 2}).all(), 3));
}

// A rising line times a season of four.
Values Seasonal(size_t rows) {
  std::vector<double> values;
  const double index[] = {0.5, 1, 1.5, 1};
  for (size_t t = 0; t < rows; ++t) values.push_back((100 + static_cast<double>(t)) * index[t % 4]);
  return Values(values);
}

TEST(Naive, naive2_takes_the_season_out_and_puts_it_back) {
  const std::vector<double> forecast = Naive2(Seasonal(40).all(), 4, 4);
  // The last value, 139, has index 1: the forecast is near 139 times the index of its place.
  EXPECT_NEAR(forecast[0], 139 * 0.5, 1);
  EXPECT_NEAR(forecast[1], 139, 2);
  EXPECT_NEAR(forecast[2], 139 * 1.5, 3);
  EXPECT_NEAR(forecast[3], 139, 1e-9);
}

TEST(Naive, naive2_is_persistence_where_there_is_no_season_or_a_value_is_not_positive) {
  EXPECT_EQ(Naive2(Seasonal(40).all(), 1, 2), Persistence(Seasonal(40).all(), 2));
  EXPECT_EQ(Naive2(Seasonal(11).all(), 4, 2), Persistence(Seasonal(11).all(), 2)) << "fewer than three seasons";
  Values negative = Seasonal(40);
  negative.values[3] = -1;
  EXPECT_EQ(Naive2(negative.all(), 4, 2), Persistence(negative.all(), 2));
  const Values constant(std::vector<double>(40, 5.0));
  EXPECT_EQ(Naive2(constant.all(), 4, 2), (std::vector<double>{5, 5}));
}

TEST(Season, a_seasonal_series_is_told_from_noise) {
  EXPECT_TRUE(IsSeasonal(Seasonal(40).all(), 4));
  Random random(1);
  std::vector<double> noise(400);
  for (double& value : noise) value = random.Normal();
  EXPECT_FALSE(IsSeasonal(Values(noise).all(), 4));
  EXPECT_NEAR(Autocorrelation(Seasonal(400).all(), 4), 1, .1);
  EXPECT_EQ(Autocorrelation(Values(std::vector<double>(9, 2.0)).all(), 1), 0) << "constant";
  EXPECT_EQ(Autocorrelation(Values({1, 2}).all(), 5), 0) << "too short";
}

SeriesSet Set(const Values& values, TimeAxis axis = {}) {
  SeriesSet set;
  set.axis = axis;
  Series series;
  series.target = values.values;
  series.observed = values.observed;
  set.series.push_back(series);
  return set;
}

TEST(Season, the_guess_is_the_natural_season_or_the_highest_peak_and_1_for_none) {
  std::vector<double> daily, wandering, peaks;
  Random random(2);
  double level = 0;
  for (int t = 0; t < 1000; ++t) {
    wandering.push_back(level += random.Normal());
    daily.push_back(std::sin(2 * M_PI * t / 24) + .3 * random.Normal());
    peaks.push_back((t % 11 == 0 ? 5 : 0) + .3 * random.Normal());
  }
  const std::vector<size_t> ends = {1000};
  TimeAxis hours = TimeAxis::Detect(std::vector<std::string_view>{"2024-01-01 00:00"}, "", "", std::vector<size_t>{2});
  hours.DetectStep(std::vector<std::vector<double>>{{0, 3600}});
  EXPECT_EQ(GuessSeason(Set(Values(daily), hours), ends), 24u);
  EXPECT_EQ(GuessSeason(Set(Values(daily)), ends), 24u);
  EXPECT_EQ(GuessSeason(Set(Values(peaks)), ends), 11u);
  EXPECT_EQ(GuessSeason(Set(Values(peaks), hours), ends), 1u) << "neither a day nor a week";
  EXPECT_EQ(GuessSeason(Set(Values(wandering), hours), ends), 1u);
  EXPECT_EQ(GuessSeason(Set(Values({1, 2})), std::vector<size_t>{2}), 1u);
  for (std::vector<double>* each : {&daily, &wandering}) {
    for (size_t t = 0; t < each->size(); t += 50) (*each)[t] += (random.Uniform() < 0.5 ? -50 : 50) * random.Uniform();
  }
  EXPECT_EQ(GuessSeason(Set(Values(daily), hours), ends), 24u) << "with outliers";
  EXPECT_EQ(GuessSeason(Set(Values(daily)), ends), 24u) << "with outliers";
  EXPECT_EQ(GuessSeason(Set(Values(wandering), hours), ends), 1u) << "with outliers";
}

}  // namespace naive_test
}  // namespace eddy
