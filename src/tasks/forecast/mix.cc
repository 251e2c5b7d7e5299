#include "tasks/forecast/mix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "eddy/error.h"
#include "tasks/forecast/design.h"
#include "tasks/forecast/floors.h"
#include "tasks/forecast/scores.h"

namespace eddy {
namespace {

constexpr double kLeastError = 1e-9;
constexpr size_t kMostStretches = 4;  // of the horizon
constexpr double kApartAStretch = 8;  // horizons that do not overlap, for each stretch
constexpr double kMostSpread = 1e3;

// The factor of quantile q at step h: between the middles of two stretches in proportion.
double SpreadAt(const ForecastMix& mix, const ForecastDesign& design, size_t h, size_t q) {
  const size_t Q = design.quantiles.size(), stretches = mix.spread.size() / Q;
  const double place =
      (static_cast<double>(h) + 0.5) / static_cast<double>(design.horizon) * static_cast<double>(stretches) - 0.5;
  const double last = static_cast<double>(stretches - 1);
  const auto below = static_cast<size_t>(std::clamp(std::floor(place), 0.0, last));
  const size_t above = std::min(below + 1, stretches - 1);
  const double share = std::clamp(place - static_cast<double>(below), 0.0, 1.0);
  return (1 - share) * mix.spread[below * Q + q] + share * mix.spread[above * Q + q];
}

// How many horizons the forecasts, in order of series and origin, cover in all.
double HorizonsApart(std::span<const PastForecast> past, size_t horizon) {
  double rows = 0;
  for (size_t i = 0; i < past.size(); ++i) {
    const bool follows = i > 0 && past[i].series == past[i - 1].series;
    rows += static_cast<double>(follows ? std::min(horizon, past[i].history.size() - past[i - 1].history.size()) : horizon);
  }
  return rows / static_cast<double>(horizon);
}

// The mean scaled error of a point forecast, whose values point(i, h) are.
double ScaledError(std::span<const PastForecast> past, std::span<const double> scales, size_t horizon, const auto& point) {
  double sum = 0, count = 0;
  for (size_t i = 0; i < past.size(); ++i) {
    if (!(scales[i] > 0)) continue;
    for (size_t h = 0; h < horizon; ++h) {
      if (!past[i].actual.observed[h]) continue;
      sum += std::abs(past[i].actual.values[h] - point(i, h)) / scales[i];
      ++count;
    }
  }
  return count > 0 ? sum / count : 0;
}

// Half the error counts sixteen times.
double WeightOf(double error) { return std::pow(std::max(error, kLeastError), -4); }

// Gives the network and each floor a share in proportion to its weight, in hundredths.
void FitShares(const ForecastDesign& design, std::span<const PastForecast> past, ForecastMix& mix) {
  const size_t H = design.horizon, Q = design.quantiles.size(), median = design.median();
  std::vector<double> scales;
  for (const PastForecast& each : past) scales.push_back(SeasonalNaiveError(each.history, design.season));
  const bool exact = std::ranges::none_of(scales, [](double scale) { return scale > 0; });
  if (exact) std::ranges::fill(scales, 1);  // the season repeats itself, and nothing is to be scaled by
  double smoothing = 0;                     // the weight of the best of its kind, and whose that is
  const char* smoother = nullptr;
  for (const ForecastFloor& floor : FloorsOf(design)) {
    if (floor.seasonal && design.season <= 1) continue;
    std::vector<std::vector<double>> forecasts;
    for (const PastForecast& each : past) forecasts.push_back(floor.forecast(each.history, design.season, H));
    const double weight = WeightOf(ScaledError(past, scales, H, [&](size_t i, size_t h) { return forecasts[i][h]; }));
    if (!floor.smoothing) {
      mix.shares[floor.key] = weight;
    } else if (weight > smoothing) {
      smoothing = weight;
      smoother = floor.key;
    }
  }
  if (smoother != nullptr) mix.shares[smoother] = smoothing;
  double sum = WeightOf(ScaledError(past, scales, H, [&](size_t i, size_t h) { return past[i].forecast[h * Q + median]; }));
  for (const auto& [key, weight] : mix.shares) sum += weight;
  for (auto& [key, share] : mix.shares) share = std::round(100 * share / sum) / 100;
  std::erase_if(mix.shares, [](const auto& each) { return each.second == 0; });
}

// The element that a share `level` of them is not above; reorders.
double QuantileOf(std::vector<double>& values, double level) {
  const double place = std::ceil(level * static_cast<double>(values.size())) - 1;
  const auto at = values.begin() + static_cast<ptrdiff_t>(std::clamp(place, 0.0, static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// How much farther than the normal distribution's the quantile 0.9 of Student's t lies with n - 1 degrees of freedom, about
// (the first term of Cornish and Fisher's expansion): errors of n horizons that do not overlap say so little.
double Widening(double horizons) { return 1 + 0.66 / std::max(horizons - 1, 1.0); }

// points: [windows, H], the mixed point forecasts.
void FitSpread(const ForecastDesign& design, std::span<const PastForecast> past, const std::vector<double>& points,
               ForecastMix& mix) {
  const size_t H = design.horizon, Q = design.quantiles.size(), median = design.median();
  const double apart = HorizonsApart(past, H);
  const size_t stretches =
      std::min({H, kMostStretches, static_cast<size_t>(std::max(1.0, std::floor(apart / kApartAStretch)))});
  mix.spread.assign(stretches * Q, 1);
  for (size_t g = 0; g < stretches; ++g) {
    for (size_t q = 0; q < Q; ++q) {
      if (q == median) continue;
      std::vector<double> ratios;
      for (size_t w = 0; w < past.size(); ++w) {
        for (size_t h = g * H / stretches; h < (g + 1) * H / stretches; ++h) {
          const double distance = past[w].forecast[h * Q + q] - past[w].forecast[h * Q + median];
          if (past[w].actual.observed[h] && distance != 0) {
            ratios.push_back((past[w].actual.values[h] - points[w * H + h]) / distance);
          }
        }
      }
      if (ratios.empty()) continue;
      const double level = q > median ? design.quantiles[q] : 1 - design.quantiles[q];
      const double wanted = std::min(level * (1 + 1 / apart), (1 + level) / 2);
      mix.spread[g * Q + q] = std::clamp(Widening(apart) * QuantileOf(ratios, wanted), 0.0, kMostSpread);
    }
  }
}

}  // namespace

double ForecastMix::of_floors() const {
  double sum = 0;
  for (const auto& [key, share] : shares) sum += share;
  return sum;
}

void Apply(const ForecastMix& mix, const ForecastDesign& design, Observations history, std::span<double> forecast) {
  if (mix == ForecastMix()) return;  // to the bit what the network says
  const size_t H = design.horizon, Q = design.quantiles.size(), median = design.median();
  std::vector<double> simple(H, 0);  // what the floors say, times their shares
  for (const auto& [key, share] : mix.shares) {
    const std::vector<double> forecast = FloorNamed(key).forecast(history, design.season, H);
    for (size_t h = 0; h < H; ++h) simple[h] += share * forecast[h];
  }
  for (size_t h = 0; h < H; ++h) {
    double* quantiles = &forecast[h * Q];
    const double said = quantiles[median];
    const double point = mix.shares.empty() ? said : (1 - mix.of_floors()) * said + simple[h];
    for (size_t q = 0; q < Q; ++q) {
      const double spread = mix.spread.empty() || q == median ? 1 : SpreadAt(mix, design, h, q);
      quantiles[q] = point + spread * (quantiles[q] - said);
    }
    for (size_t q = median + 1; q < Q; ++q) quantiles[q] = std::max(quantiles[q], quantiles[q - 1]);
    for (size_t q = median; q-- > 0;) quantiles[q] = std::min(quantiles[q], quantiles[q + 1]);
  }
}

ForecastMix FitMix(const ForecastDesign& design, std::span<const PastForecast> past, bool with_floor) {
  ForecastMix mix;
  if (past.empty() || design.intermittent) return mix;
  if (with_floor) FitShares(design, past, mix);
  std::vector<double> points;
  for (const PastForecast& each : past) {
    std::vector<double> mixed = each.forecast;
    Apply(mix, design, each.history, mixed);
    for (size_t h = 0; h < design.horizon; ++h) points.push_back(mixed[h * design.quantiles.size() + design.median()]);
  }
  FitSpread(design, past, points, mix);
  return mix;
}

Json ToJson(const ForecastMix& mix) { return {{"shares", mix.shares}, {"spread", mix.spread}}; }

ForecastMix ForecastMixFromJson(const Json& json, const ForecastDesign& design) {
  ForecastMix mix;
  Json shares = Json::object();
  if (!json.contains("share")) {
    shares = ObjectField(json, "shares");
  } else if (NumberField(json, "share") > 0) {  // of a model of one floor, as they were first
    shares[StringField(json, "floor")] = NumberField(json, "share");
  }
  for (const auto& [key, share] : shares.items()) {
    Require(share.is_number() && share > 0, "stored description", "\"shares\"", "numbers above 0", share.dump());
    mix.shares[FloorNamed(key).key] = share;
  }
  Require(mix.of_floors() <= 1 + 1e-9, "stored description", "\"shares\"", "1 in all at most",
          fmt::format("{}", mix.of_floors()));
  mix.spread = NumbersField(json, "spread");
  const bool fits = mix.spread.size() % design.quantiles.size() == 0 &&
                    mix.spread.size() / design.quantiles.size() <= kMostStretches &&
                    std::ranges::all_of(mix.spread, [](double x) { return x >= 0 && x <= kMostSpread; });
  Require(fits, "stored description", "\"spread\"", "a factor for each quantile of some stretches", "not");
  return mix;
}

}  // namespace eddy
