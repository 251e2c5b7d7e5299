#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "eddy/random.h"
#include "model/temporary_directory.h"
#include "tasks/forecast/design.h"
#include "tasks/forecast/mix.h"

namespace eddy {
namespace forecast_mix_test {

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
      each.series = static_cast<uint32_t>(i);
      each.history = all.subspan(i * rows, kHistory);
      each.actual = all.subspan(i * rows + kHistory, design.horizon);
      for (size_t h = 0; h < design.horizon; ++h) each.forecast.insert(each.forecast.end(), {-2, -1, 0, 1});
    }
  }
};

TEST(ForecastMix, of_floors_that_err_alike_the_best_alone_has_a_share) {
  ForecastDesign design = Design(3);
  design.season = 4;  // which no history shows: Naive2 is persistence
  const Past past(design, 10, 7, 0.1);
  const ForecastMix mix = FitMix(design, past.forecasts, true);
  EXPECT_GT(mix.shares.at("naive"), 0.5);
  EXPECT_FALSE(mix.shares.contains("naive2")) << "it would count twice";
  EXPECT_FALSE(mix.shares.contains("damped_trend"));
}

TEST(ForecastMix, floors_have_the_shares_that_they_deserve) {
  const ForecastDesign design = Design(3);
  const auto share = [&](double centre) {
    const Past past(design, 10, centre, 0.1);
    return FitMix(design, past.forecasts, true).shares["naive"];
  };
  EXPECT_EQ(share(10), 1) << "the last value is right";
  EXPECT_EQ(share(0), 0) << "the network is right";
  EXPECT_GT(share(7), share(6));
  EXPECT_GT(share(6), share(3));
  ForecastDesign flat = design;
  flat.season = 2;  // of which the history has no error
  const Past repeated(flat, 1, 1, 0);
  EXPECT_NEAR(FitMix(flat, repeated.forecasts, true).of_floors(), 1, 0.02) << "the last value is right";
  const Past past(design, 10, 10, 0.1);
  EXPECT_TRUE(FitMix(design, past.forecasts, false).shares.empty()) << "without a floor";
}

TEST(ForecastMix, its_quantiles_rise_and_have_their_share_of_values_below_them) {
  for (const double noise : {0.01, 1.0, 50.0}) {
    const ForecastDesign design = Design(4);
    const Past past(design, 0, 0, noise);
    const ForecastMix mix = FitMix(design, past.forecasts, true);
    std::vector<double> below(design.quantiles.size(), 0);
    double all = 0;
    for (const PastForecast& each : past.forecasts) {
      std::vector<double> forecast = each.forecast;
      Apply(mix, design, each.history, forecast);
      for (size_t h = 0; h < design.horizon; ++h) {
        const std::span<double> quantiles = std::span(forecast).subspan(h * below.size(), below.size());
        EXPECT_TRUE(std::is_sorted(quantiles.begin(), quantiles.end()));
        for (size_t q = 0; q < below.size(); ++q) below[q] += each.actual.values[h] < quantiles[q];
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
  const ForecastMix mix = {{{"naive", 0.25}, {"past_median", 0.5}}, {1, 2, 1, 0.5}};
  EXPECT_EQ(ForecastMixFromJson(ToJson(mix), design), mix);
  EXPECT_EQ(ForecastMixFromJson(ToJson(ForecastMix()), design), ForecastMix());
  const Json old = {{"share", 0.25}, {"floor", "naive"}, {"spread", {1, 2, 1, 0.5}}};
  EXPECT_EQ(ForecastMixFromJson(old, design), (ForecastMix{{{"naive", 0.25}}, {1, 2, 1, 0.5}}));
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
}

}  // namespace forecast_mix_test
}  // namespace eddy
