#include <gtest/gtest.h>

#include <cmath>

#include "eddy/error.h"
#include "tasks/direction/features.h"
#include "tasks/direction/trading.h"
#include "tasks/simulated_stocks.h"

namespace eddy {
namespace direction_parts_test {

PriceSet Stocks(size_t stocks = 3, size_t days = 200) {
  PriceColumns columns;
  columns.price = "close";
  columns.time = "day";
  columns.series = "stock";
  columns.covariates = {"own"};
  return ReadPrices(StockTable(stocks, days, 0.3), "s.csv", columns);
}

DirectionDesign DesignOf(const PriceSet& prices) {
  DirectionDesign design;
  design.columns = prices.columns;
  design.refits = {{150, 0.5, {std::vector<double>(kLags, 0), 0}}, {170, 0.6, {std::vector<double>(kLags, 0.1), 0.2}}};
  StackOptions stack;
  stack.layer.hidden = 3;
  design.encoder = {design.inputs(), {stack}};
  design.feature_mean.assign(design.inputs(), 0);
  design.feature_deviation.assign(design.inputs(), 1);
  return design;
}

TEST(DirectionFeatures, they_know_no_later_day_of_any_stock) {
  const PriceSet prices = Stocks();
  PriceSet other = prices;
  for (ReturnSeries& series : other.series) {
    for (size_t t = 120; t < series.size(); ++t) series.returns[t] = series.covariates[t] = 7;
  }
  const auto features = DirectionFeatures(prices.series[1], MarketReturns(prices)[1]);
  const auto changed = DirectionFeatures(other.series[1], MarketReturns(other)[1]);
  const size_t D = DirectionFeatureCount(prices.columns);
  ASSERT_EQ(features.size(), prices.series[1].size() * D);
  for (size_t i = 0; i < 120 * D; ++i) ASSERT_EQ(features[i], changed[i]) << i;
  EXPECT_NE(features[120 * D], changed[120 * D]);
  const auto lagged = LaggedReturns(prices.series[1]), lagged_changed = LaggedReturns(other.series[1]);
  for (size_t i = 0; i <= 120 * kLags; ++i) ASSERT_EQ(lagged[i], lagged_changed[i]) << i;
}

TEST(DirectionLabels, what_is_neither_up_nor_down_is_left_out) {
  ReturnSeries series;
  series.returns = {0.2, -0.2, 1, -1, 0};
  series.times = {1, 2, 3, 4, 5};
  DirectionDesign design;
  using enum DirectionLabel;
  EXPECT_EQ(LabelsOf(series, design), (std::vector{kUp, kDown, kUp, kDown, kNone, kNone}));
  design.rise = 0.55;
  design.fall = 0.5;
  EXPECT_EQ(LabelsOf(series, design), (std::vector{kNone, kNone, kUp, kDown, kNone, kNone}));
  design.horizon = 2;
  design.rise = design.fall = 0.7;
  EXPECT_EQ(LabelsOf(series, design), (std::vector{kNone, kUp, kNone, kDown, kNone, kNone}));
}

TEST(DirectionRefits, no_horizon_nor_embargo_reaches_into_what_is_judged) {
  const PriceSet prices = Stocks();
  DirectionDesign design = DesignOf(prices);
  for (const size_t horizon : {1, 5}) {
    for (const size_t embargo : {0, 3}) {
      design.horizon = horizon;
      design.embargo = embargo;
      const size_t begin = FirstReturnFrom(prices.series[0], 150);
      for (size_t i = 0; i <= prices.series[0].size(); ++i) {
        const bool reaches = i + horizon - 1 + embargo >= begin;
        EXPECT_EQ(MayLearn(prices.series[0], i, design.refits[0], design), !reaches) << i;
      }
    }
  }
  EXPECT_EQ(design.RefitAt(100), 0U);
  EXPECT_EQ(design.RefitAt(169), 0U);
  EXPECT_EQ(design.RefitAt(170), 1U);
}

TEST(DirectionModels, a_description_comes_back_and_a_broken_one_is_refused) {
  const DirectionDesign design = DesignOf(Stocks());
  const Json json = ToJson(design);
  EXPECT_EQ(ToJson(DirectionDesignFromJson(json)), json);
  const auto refuses = [&](const char* key, const Json& value) {
    Json broken = json;
    broken[key] = value;
    EXPECT_THROW(DirectionDesignFromJson(broken), Error) << key;
  };
  refuses("horizon", 0);
  refuses("members", 65);
  refuses("rise", -1);
  refuses("refits", Json::array());
  refuses("refits", Json::array({{{"begin", 1}, {"up_share", 2}, {"weights", {0, 0, 0, 0, 0}}, {"bias", 0}}}));
  refuses("refits", Json::array({{{"begin", 1}, {"up_share", 0.5}, {"weights", {0}}, {"bias", 0}}}));
  refuses("feature_mean", Json::array({1}));
  refuses("feature_deviation", std::vector<double>(design.inputs(), 0));
}

TEST(Trading, earnings_are_those_by_hand) {
  PriceSet prices;
  for (const std::vector<double>& percents : {std::vector<double>{10, -10, 10}, {0, 20, 0}}) {
    ReturnSeries& series = prices.series.emplace_back();
    for (const double percent : percents) series.returns.push_back(100 * std::log1p(percent / 100));
    series.times = {1, 2, 3};
  }
  DirectionDesign design;
  design.costs = 1;
  const Strategy held = Trade("held", prices, 1, design, [](size_t, size_t) { return 1.0; });
  ASSERT_EQ(held.returns.size(), 3U);
  EXPECT_NEAR(held.returns[0], 5 - 1, 1e-9);
  EXPECT_NEAR(held.returns[1], 5, 1e-9);
  EXPECT_NEAR(held.total, 100 * (1.04 * 1.05 * 1.05 - 1), 1e-9);
  EXPECT_NEAR(held.turnover, 1.0 / 3, 1e-12);
  // The first stock turned every day, the second held: 2% of what is turned from 1 to -1.
  const Strategy turned =
      Trade("turned", prices, 2, design, [](size_t s, size_t i) { return s == 0 && i % 2 == 1 ? -1.0 : 1.0; });
  EXPECT_NEAR(turned.returns[0], ((10 - 1) + (20 - 1)) / 2.0, 1e-9);
  EXPECT_NEAR(turned.returns[1], ((10 - 2) + 0) / 2.0, 1e-9);
  // A horizon of two days is held by two halves.
  design.horizon = 2;
  design.costs = 0;
  const Strategy halves = Trade("halves", prices, 1, design, [](size_t, size_t i) { return i == 1 ? -1.0 : 1.0; });
  EXPECT_NEAR(halves.returns[0], 2.5, 1e-9);
  EXPECT_NEAR(halves.returns[1], 0, 1e-9);
  EXPECT_NEAR(halves.returns[2], 0, 1e-9);
}

}  // namespace direction_parts_test
}  // namespace eddy
