#include <gtest/gtest.h>

#include <cmath>

#include "tasks/forecast/scores.h"

namespace eddy {
namespace forecast_metrics_test {

const std::vector<uint8_t> kAll(16, 1);

Observations All(const std::vector<double>& values) { return {values, std::span(kAll).first(values.size())}; }

TEST(ForecastMetrics, agree_with_figures_worked_by_hand) {
  ForecastMetrics metrics(2);
  const std::vector<double> history = {1, 2, 3, 2, 5, 2};  // seasonal naive errors 2, 0, 2, 0: mean 1
  const std::vector<double> actual = {4, 2};
  metrics.Add(All(history), All(actual), std::vector<double>{6, 2});
  const ForecastScores scores = metrics.scores();
  EXPECT_EQ(scores.mse, 2);
  EXPECT_EQ(scores.mae, 1);
  EXPECT_EQ(scores.smape, 20);
  EXPECT_EQ(scores.mase, 1);
  EXPECT_TRUE(std::isnan(scores.pinball));
  EXPECT_TRUE(std::isnan(scores.coverage));
}

TEST(ForecastMetrics, every_series_counts_the_same) {
  ForecastMetrics metrics(1);
  const std::vector<double> history = {0, 1};
  metrics.Add(All(history), All(std::vector<double>{1, 1, 1, 1}), std::vector<double>{1, 1, 1, 1});
  metrics.Add(All(history), All(std::vector<double>{1}), std::vector<double>{5});
  EXPECT_EQ(metrics.scores().mae, 2);
  EXPECT_EQ(metrics.series(), 2u);
}

TEST(ForecastMetrics, quantiles_are_scored_by_pinball_loss_and_coverage_and_the_middle_one_is_the_point) {
  ForecastMetrics metrics(1);
  const std::vector<double> history = {0, 1};
  const std::vector<double> actual = {10, 20};
  const std::vector<double> quantiles = {0.1, 0.5, 0.9};
  metrics.Add(All(history), All(actual), quantiles, std::vector<double>{9, 10, 12, 0, 4, 10});
  const ForecastScores scores = metrics.scores();
  EXPECT_EQ(scores.mae, 8);
  EXPECT_EQ(scores.coverage, .5);
  EXPECT_NEAR(scores.pinball, ((.1 * 1 + 0 + .1 * 2) + (.1 * 20 + .5 * 16 + .9 * 10)) / 6, 1e-12);
}

TEST(ForecastMetrics, missing_values_are_left_out) {
  ForecastMetrics metrics(1);
  const std::vector<double> history = {0, 1, 99, 3, 4};
  const std::vector<uint8_t> history_observed = {1, 1, 0, 1, 1};
  const std::vector<double> actual = {7, 99};
  const std::vector<uint8_t> observed = {1, 0}, none = {0, 0};
  EXPECT_EQ(SeasonalNaiveError({history, history_observed}, 1), 1);
  metrics.Add({history, history_observed}, {actual, observed}, std::vector<double>{5, 0});
  metrics.Add({history, history_observed}, {actual, none}, std::vector<double>{5, 0});
  EXPECT_EQ(metrics.series(), 1u);
  EXPECT_EQ(metrics.scores().mase, 2);
}

TEST(ForecastMetrics, a_metric_that_is_not_defined_is_not_a_number) {
  ForecastMetrics metrics(1);
  EXPECT_TRUE(std::isnan(metrics.scores().mae));
  metrics.Add(All({{5, 5, 5}}), All({{0, 5}}), std::vector<double>{0, 5});
  EXPECT_TRUE(std::isnan(metrics.scores().mase)) << "a constant history has no scale";
  EXPECT_EQ(metrics.scores().smape, 0);
}

TEST(ForecastMetrics, owa_of_the_reference_is_1) {
  ForecastScores naive2;
  naive2.smape = 18.383;
  naive2.mase = 2.395;
  EXPECT_EQ(Owa(naive2, naive2), 1);
  ForecastScores seasonal;
  seasonal.smape = 13.912;
  seasonal.mase = 1.193;
  EXPECT_NEAR(Owa(seasonal, naive2), .6275, .0001);
}

}  // namespace forecast_metrics_test
}  // namespace eddy
