#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "eddy/random.h"
#include "model/temporary_directory.h"
#include "tasks/forecast/design.h"
#include "tasks/forecast/mix.h"
#include "tasks/forecast/scores.h"

namespace eddy {
namespace forecast_mix_test {

Threads one(1);

ForecastDesign Design(size_t horizon) {
  ForecastDesign design;
  design.horizon = horizon;
  design.quantiles = {0.05, 0.1, 0.5, 0.9};
  return design;
}

// A network that always says 0, -+1 and -2, of noise of the standard deviation `noise` around `centre` after a last value
// of `last`.
struct Past {
  std::vector<double> values;
  std::vector<uint8_t> observed;
  std::vector<PastForecast> forecasts;

  // The floors are judged by the same origins.
  ForecastMix Fit(const ForecastDesign& design, bool with_floor = true) const {
    std::vector<PastHorizon> rolling;
    for (const PastForecast& each : forecasts) rolling.push_back(each.of);
    return FitMix(design, forecasts, rolling, with_floor, one);
  }

  Past(const ForecastDesign& design, double last, double centre, double noise) {
    constexpr size_t kHistory = 20, kForecasts = 300;
    const size_t rows = kHistory + design.horizon;
    Random random(1);
    for (size_t i = 0; i < kForecasts; ++i) {
      for (size_t t = 0; t < kHistory; ++t) values.push_back(t + 1 == kHistory ? last : static_cast<double>(t % 2));
      for (size_t h = 0; h < design.horizon; ++h) values.push_back(centre + noise * random.Normal());
    }
    observed.assign(values.size(), 1);
    const Observations all{values, observed};
    for (size_t i = 0; i < kForecasts; ++i) {
      PastForecast& each = forecasts.emplace_back();
      each.of = {static_cast<uint32_t>(i), all.subspan(i * rows, kHistory),
                 all.subspan(i * rows + kHistory, design.horizon)};
      for (size_t h = 0; h < design.horizon; ++h) each.forecast.insert(each.forecast.end(), {-2, -1, 0, 1});
    }
  }
};

TEST(ForecastMix, of_floors_that_err_alike_the_best_alone_has_a_share) {
  ForecastDesign design = Design(3);
  design.season = 4;  // which no history shows: Naive2 is persistence
  const Past past(design, 10, 7, 0.1);
  const ForecastMix mix = past.Fit(design);
  EXPECT_GT(mix.shares.at("naive"), 0.5);
  EXPECT_FALSE(mix.shares.contains("naive2")) << "it would count twice";
  EXPECT_FALSE(mix.shares.contains("damped_trend"));
}

TEST(ForecastMix, floors_have_the_shares_that_they_deserve) {
  const ForecastDesign design = Design(3);
  const auto share = [&](double centre) {
    const Past past(design, 10, centre, 0.1);
    return past.Fit(design).shares["naive"];
  };
  EXPECT_EQ(share(10), 1) << "the last value is right";
  EXPECT_EQ(share(0), 0) << "the network is right";
  EXPECT_GT(share(7), share(6));
  EXPECT_GT(share(6), share(3));
  ForecastDesign flat = design;
  flat.season = 2;  // of which the history has no error
  const Past repeated(flat, 1, 1, 0);
  EXPECT_EQ(repeated.Fit(flat).of_floors(), 1) << "the last value is right";
  const Past past(design, 10, 10, 0.1);
  EXPECT_TRUE(past.Fit(design, false).shares.empty()) << "without a floor";
}

TEST(ForecastMix, the_fewer_horizons_chose_a_network_the_better_it_must_be_to_have_a_share) {
  const ForecastDesign design = Design(3);
  const auto share_by = [&](size_t horizons) {
    Past past(design, 10, 9.4, 0.1);  // the last value errs by 0.6
    for (PastForecast& each : past.forecasts) {
      for (double& value : each.forecast) value += 8.9;  // and the network by 0.5
    }
    past.forecasts.resize(horizons);
    return 1 - past.Fit(design).of_floors();
  };
  EXPECT_GT(share_by(300), 0.6);
  EXPECT_LT(share_by(6), 0.5);
  EXPECT_GT(share_by(6), share_by(3));
  Past right(design, 10, 0, 0.1);
  for (PastForecast& each : right.forecasts) each.of.series = 0;  // of the same rows
  EXPECT_NEAR(right.Fit(design).of_floors(), 1, 0.02) << "a single horizon says nothing";
}

TEST(ForecastMix, floors_are_judged_by_all_origins_and_the_later_the_more) {
  const ForecastDesign design = Design(2);
  std::vector<double> values(60);
  for (size_t t = 0; t < 60; ++t) {
    const double peak = t % 3 == 0 ? 30 : 0;             // the median of the past is right after a peak,
    values[t] = t < 10 ? static_cast<double>(t) : peak;  // and wrong where values rise
  }
  const std::vector<uint8_t> observed(60, 1);
  const Observations all{values, observed};
  const auto at = [&](size_t origin) { return PastHorizon{0, all.first(origin), all.subspan(origin, 2)}; };
  const std::vector<PastForecast> past = {{at(6), std::vector<double>(8, 1e6)}, {at(8), std::vector<double>(8, 1e6)}};
  const auto median = [&](const std::vector<PastHorizon>& rolling) {
    return FitMix(design, past, rolling, true, one).shares["past_median"];
  };
  EXPECT_EQ(median({at(6), at(8)}), 0);
  EXPECT_GT(median({at(6), at(8), at(52), at(55), at(58)}), 0.5);
}

TEST(ForecastMix, floors_are_judged_where_the_season_shows_as_it_does_in_the_end) {
  ForecastDesign design = Design(4);
  design.season = 4;
  std::vector<double> values;
  for (size_t t = 0; t < 40; ++t) {
    constexpr double kShape[] = {0, 60, -40, 20};
    values.push_back(static_cast<double>(100 + 3 * t + t * 7 % 5) + kShape[t % 4]);
  }
  const std::vector<uint8_t> observed(values.size(), 1);
  const Observations all{values, observed};
  const auto at = [&](size_t origin) { return PastHorizon{0, all.first(origin), all.subspan(origin, 4)}; };
  const std::vector<PastForecast> past = {{at(36), std::vector<double>(16, 1e6)}};
  const auto shares = [&](size_t first, size_t last) {
    std::vector<PastHorizon> rolling;
    for (size_t origin = first; origin <= last; ++origin) rolling.push_back(at(origin));
    return FitMix(design, past, rolling, true, one).shares;
  };
  EXPECT_GT(shares(12, 36)["damped_trend"], 0.5);
  EXPECT_LT(shares(6, 11)["damped_trend"], 0.1) << "before three seasons it cannot take them out";
  EXPECT_EQ(shares(6, 36), shares(12, 36));
}

TEST(ForecastMix, a_band_reaches_as_far_as_the_floors_erred_over_all_the_past) {
  const ForecastDesign design = Design(4);
  Past past(design, 10, 10, 3);  // which the last value forecasts best
  std::vector<PastHorizon> rolling;
  for (const PastForecast& each : past.forecasts) rolling.push_back(each.of);
  const std::vector<double> calm(4, 10.01);
  past.forecasts.resize(1);
  past.forecasts[0].of.actual = {calm, rolling[0].actual.observed};
  const ForecastMix mix = FitMix(design, past.forecasts, rolling, true, one);
  ASSERT_NEAR(mix.of_floors(), 1, 0.02);
  double inside = 0, all = 0;
  for (const PastHorizon& each : rolling) {
    std::vector<double> forecast = past.forecasts[0].forecast;
    Apply(mix, design, each.history, forecast);
    for (size_t h = 0; h < design.horizon; ++h) {
      inside += forecast[h * 4 + 1] <= each.actual.values[h] && each.actual.values[h] <= forecast[h * 4 + 3];
      all += 1;
    }
  }
  EXPECT_NEAR(inside / all, 0.8, 0.03);
}

TEST(ForecastMix, floors_that_erred_far_more_than_the_network_do_not_make_its_band_far_wider) {
  const ForecastDesign design = Design(1);
  const Past past(design, 10, 10, 3);
  const Observations history = past.forecasts[0].of.history;
  const double unit = SeasonalNaiveError(history, design.season), far = 100 / unit;
  std::vector<double> forecast = {9, 9.5, 10, 11};
  Apply({{{"naive", 0.1}}, {}, {far, far, 0, far}}, design, history, forecast);
  EXPECT_NEAR(forecast[3] - forecast[2], std::pow(100, 0.1), 1e-9);
  EXPECT_NEAR(forecast[2] - forecast[0], std::pow(100, 0.1), 1e-9);
  EXPECT_NEAR(forecast[2] - forecast[1], std::pow(0.5, 0.9) * std::pow(100, 0.1), 1e-9);
}

TEST(ForecastMix, its_quantiles_rise_and_have_their_share_of_values_below_them) {
  for (const double noise : {0.01, 1.0, 50.0}) {
    const ForecastDesign design = Design(4);
    const Past past(design, 0, 0, noise);
    const ForecastMix mix = past.Fit(design);
    std::vector<double> below(design.quantiles.size(), 0);
    double all = 0;
    for (const PastForecast& each : past.forecasts) {
      std::vector<double> forecast = each.forecast;
      Apply(mix, design, each.of.history, forecast);
      for (size_t h = 0; h < design.horizon; ++h) {
        const std::span<double> quantiles = std::span(forecast).subspan(h * below.size(), below.size());
        EXPECT_TRUE(std::is_sorted(quantiles.begin(), quantiles.end()));
        for (size_t q = 0; q < below.size(); ++q) below[q] += each.of.actual.values[h] < quantiles[q];
        all += 1;
      }
    }
    for (size_t q = 0; q < below.size(); ++q) EXPECT_NEAR(below[q] / all, design.quantiles[q], 0.05) << noise;
  }
}

TEST(ForecastMix, without_one_a_forecast_is_what_the_network_says) {
  const ForecastDesign design = Design(1);
  std::vector<double> forecast = {-2.5, -1.25, 0.1, 7};
  const std::vector<double> before = forecast;
  Apply({}, design, {}, forecast);
  EXPECT_EQ(forecast, before);
}

TEST(ForecastMix, it_is_stored_and_one_that_is_no_mix_is_refused) {
  const ForecastDesign design = Design(2);
  const ForecastMix mix = {{{"naive", 0.25}, {"past_median", 0.5}}, {1, 2, 1, 0.5}, {3, 2, 0, 2, 4, 3, 0, 3}};
  EXPECT_EQ(ForecastMixFromJson(ToJson(mix), design), mix);
  EXPECT_EQ(ForecastMixFromJson(ToJson(ForecastMix()), design), ForecastMix());
  const Json old = {{"share", 0.25}, {"floor", "naive"}, {"spread", {1, 2, 1, 0.5}}};
  EXPECT_EQ(ForecastMixFromJson(old, design), (ForecastMix{{{"naive", 0.25}}, {1, 2, 1, 0.5}, {}}));
  const auto broken = [&](const char* key, const Json& value) {
    Json json = ToJson(mix);
    json[key] = value;
    return json;
  };
  EXPECT_ERROR(ForecastMixFromJson(broken("shares", {{"naive", 1.5}}), design), "1 in all");
  EXPECT_ERROR(ForecastMixFromJson(broken("shares", {{"naive", -0.5}}), design), "above 0");
  EXPECT_ERROR(ForecastMixFromJson(broken("shares", {{"luck", 0.5}}), design), "luck");
  EXPECT_ERROR(ForecastMixFromJson(broken("spread", {1, 2, 3}), design), "spread");
  EXPECT_ERROR(ForecastMixFromJson(broken("spread", {1, 2, 1, -1}), design), "spread");
  EXPECT_ERROR(ForecastMixFromJson(broken("reach", {3, 2, 0, 2}), design), "reach");
  EXPECT_ERROR(ForecastMixFromJson(broken("reach", {3, 2, 0, -2, 4, 3, 0, 3}), design), "reach");
}

}  // namespace forecast_mix_test
}  // namespace eddy
