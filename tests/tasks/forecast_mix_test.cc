#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "eddy/random.h"
#include "model/temporary_directory.h"
#include "tasks/forecast/design.h"
#include "tasks/forecast/mix.h"

namespace eddy {
namespace {

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

TEST(ForecastMix, a_floor_has_the_share_that_it_deserves) {
  const ForecastDesign design = Design(3);
  const auto share = [&](double centre) {
    const Past past(design, 10, centre, 0.1);
    const ForecastMix mix = FitMix(design, past.forecasts, true);
    EXPECT_EQ(mix.floor, mix.share > 0 ? "naive" : "");
    return mix.share;
  };
  EXPECT_EQ(share(10), 1) << "the last value is right";
  EXPECT_NEAR(share(7), 0.7, 0.051);
  EXPECT_EQ(share(0), 0) << "the network is right";
  const Past past(design, 10, 10, 0.1);
  EXPECT_EQ(FitMix(design, past.forecasts, false).share, 0) << "without a floor";
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
  const ForecastMix mix = {"naive", 0.25, {1, 2, 1, 0.5}};
  EXPECT_EQ(ForecastMixFromJson(ToJson(mix), design), mix);
  EXPECT_EQ(ForecastMixFromJson(ToJson(ForecastMix()), design), ForecastMix());
  const auto broken = [&](const char* key, const Json& value) {
    Json json = ToJson(mix);
    json[key] = value;
    return json;
  };
  EXPECT_ERROR(ForecastMixFromJson(broken("share", 1.5), design), "from 0 to 1");
  EXPECT_ERROR(ForecastMixFromJson(broken("floor", "luck"), design), "luck");
  EXPECT_ERROR(ForecastMixFromJson(broken("spread", {1, 2, 3}), design), "spread");
  EXPECT_ERROR(ForecastMixFromJson(broken("spread", {1, 2, 1, -1}), design), "spread");
}

}  // namespace
}  // namespace eddy
