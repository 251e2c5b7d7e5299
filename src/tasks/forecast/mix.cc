#include "tasks/forecast/mix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "eddy/error.h"
#include "floors/season.h"
#include "metrics/normal.h"
#include "tasks/forecast/design.h"
#include "tasks/forecast/floors.h"
#include "tasks/forecast/scores.h"

namespace eddy {
namespace {

constexpr double kLeastError = 1e-9;
constexpr int kAmongFloors = 8, kBesideFloors = 4;  // powers of errors: by all the past, and by few horizons
constexpr size_t kMostStretches = 4;                // of the horizon
constexpr double kApartAStretch = 8;                // horizons that do not overlap, for each stretch
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

// How many horizons they, in order of series and origin, cover in all.
double HorizonsApart(std::span<const PastHorizon> past, size_t horizon) {
  double rows = 0;
  for (size_t i = 0; i < past.size(); ++i) {
    const bool follows = i > 0 && past[i].series == past[i - 1].series;
    rows += static_cast<double>(follows ? std::min(horizon, past[i].history.size() - past[i - 1].history.size()) : horizon);
  }
  return rows / static_cast<double>(horizon);
}

// What a point forecast is judged on.
struct Judged {
  PastHorizon at;
  double weight = 1;
  double scale = 0;                              // of its errors; one without counts for nothing
  std::vector<std::vector<double>> floors = {};  // what each of FloorsOf() says there: [H]
};

std::vector<PastHorizon> HorizonsOf(std::span<const PastForecast> past) {
  std::vector<PastHorizon> horizons;
  for (const PastForecast& each : past) horizons.push_back(each.of);
  return horizons;
}

std::vector<PastHorizon> HorizonsOf(const std::vector<Judged>& judged) {
  std::vector<PastHorizon> horizons;
  for (const Judged& each : judged) horizons.push_back(each.at);
  return horizons;
}

std::vector<Judged> ToJudge(std::span<const PastHorizon> horizons, size_t season) {
  std::vector<Judged> judged;
  for (const PastHorizon& each : horizons) judged.push_back({each, 1, SeasonalNaiveError(each.history, season)});
  // Where the season repeats itself everywhere there is nothing to scale by.
  const bool exact = std::ranges::none_of(judged, [](const Judged& each) { return each.scale > 0; });
  for (Judged& each : judged) each.scale = exact ? 1 : each.scale;
  return judged;
}

// Erases those whose history shows a season where the longest of the series shows none, or the reverse.
void KeepPresentForm(std::vector<Judged>& judged, size_t season) {
  if (season <= 1) return;
  std::map<uint32_t, Observations> longest;
  for (const Judged& each : judged) {
    Observations& history = longest.try_emplace(each.at.series, each.at.history).first->second;
    if (each.at.history.size() > history.size()) history = each.at.history;
  }
  std::map<uint32_t, bool> seasonal;
  for (const auto& [series, history] : longest) seasonal[series] = IsSeasonal(history, season);
  std::erase_if(judged, [&](const Judged& each) { return IsSeasonal(each.at.history, season) != seasonal[each.at.series]; });
}

// Weights in proportion to the histories of a series.
void WeighByHistory(std::vector<Judged>& judged) {
  std::map<uint32_t, size_t> longest;  // history of each series
  for (const Judged& each : judged) longest[each.at.series] = std::max(longest[each.at.series], each.at.history.size());
  for (Judged& each : judged) {
    each.weight = static_cast<double>(each.at.history.size()) / static_cast<double>(longest[each.at.series]);
  }
}

// The mean scaled error of a point forecast, whose values point(i)[h] are.
double ScaledError(const std::vector<Judged>& judged, size_t horizon, const auto& point) {
  double sum = 0, count = 0;
  for (size_t i = 0; i < judged.size(); ++i) {
    if (!(judged[i].scale > 0)) continue;
    const std::vector<double>& forecast = point(i);
    for (size_t h = 0; h < horizon; ++h) {
      if (!judged[i].at.actual.observed[h]) continue;
      sum += judged[i].weight * std::abs(judged[i].at.actual.values[h] - forecast[h]) / judged[i].scale;
      count += judged[i].weight;
    }
  }
  return count > 0 ? sum / count : 0;
}

void AddFloors(const ForecastDesign& design, std::vector<Judged>& judged, Threads& threads, ProcessGroup& group) {
  std::vector<Observations> histories;
  for (const Judged& each : judged) histories.push_back(each.at.history);
  FloorForecasts forecasts = ForecastFloors(design, histories, threads, group);
  for (size_t i = 0; i < judged.size(); ++i) judged[i].floors = std::move(forecasts[i]);
}

// Half the error counts 2 ^ `power` times.
double WeightOf(double error, int power) { return std::pow(std::max(error, kLeastError), -power); }

// The floors' forecasts, times their shares: [H]. said(key) is what the floor says.
std::vector<double> MixedFloors(const std::map<std::string, double>& shares, size_t horizon, const auto& said) {
  std::vector<double> mixed(horizon, 0);
  for (const auto& [key, share] : shares) {
    const std::vector<double>& forecast = said(key);
    for (size_t h = 0; h < horizon; ++h) mixed[h] += share * forecast[h];
  }
  return mixed;
}

std::vector<double> MixedFloors(const std::map<std::string, double>& shares, const ForecastDesign& design,
                                Observations history) {
  return MixedFloors(shares, design.horizon, [&](const std::string& key) {
    return FloorNamed(key).forecast(history, design.season, design.horizon);
  });
}

std::vector<double> MixedFloors(const std::map<std::string, double>& shares, const ForecastDesign& design,
                                const Judged& judged) {
  const std::vector<ForecastFloor> floors = FloorsOf(design);
  return MixedFloors(shares, design.horizon, [&](const std::string& key) -> const std::vector<double>& {
    return judged.floors[static_cast<size_t>(std::ranges::find(floors, key, &ForecastFloor::key) - floors.begin())];
  });
}

// What the floors are judged on.
std::vector<Judged> ToJudgeFloors(const ForecastDesign& design, std::span<const PastHorizon> rolling, Threads& threads,
                                  ProcessGroup& group) {
  std::vector<Judged> judged = ToJudge(rolling, design.season);
  KeepPresentForm(judged, design.season);
  WeighByHistory(judged);
  AddFloors(design, judged, threads, group);
  return judged;
}

// Shares of the floors alone, 1 in all.
std::map<std::string, double> SharesOfFloors(const ForecastDesign& design, const std::vector<Judged>& judged) {
  std::map<std::string, double> shares;
  double smoothing = 0;  // the weight of the best of its kind, and whose that is
  const char* smoother = nullptr;
  const std::vector<ForecastFloor> floors = FloorsOf(design);
  for (size_t k = 0; k < floors.size(); ++k) {
    const ForecastFloor& floor = floors[k];
    if (floor.seasonal && design.season <= 1) continue;
    const double error =
        ScaledError(judged, design.horizon, [&](size_t i) -> const std::vector<double>& { return judged[i].floors[k]; });
    const double weight = WeightOf(error, kAmongFloors);
    if (!floor.smoothing) {
      shares[floor.key] = weight;
    } else if (weight > smoothing) {
      smoothing = weight;
      smoother = floor.key;
    }
  }
  if (smoother != nullptr) shares[smoother] = smoothing;
  double sum = 0;
  for (const auto& [key, weight] : shares) sum += weight;
  for (auto& [key, share] : shares) share /= sum;
  return shares;
}

// How many times larger a network's error is than on the n horizons that chose its state.
double Optimism(double n) { return n > 1 ? (n + 1) / (n - 1) : std::numeric_limits<double>::infinity(); }

// Gives the network and each floor a share, in hundredths. `judged` is what of `past` they are judged on, `of_floors` their
// shares without the network.
void FitShares(const ForecastDesign& design, std::span<const PastForecast> past, const std::vector<Judged>& judged,
               const std::map<std::string, double>& of_floors, ForecastMix& mix) {
  const size_t H = design.horizon, Q = design.quantiles.size(), median = design.median();
  mix.shares = of_floors;
  const double error_of_floors = ScaledError(judged, H, [&](size_t i) { return MixedFloors(of_floors, design, judged[i]); });
  const double error_of_network = ScaledError(judged, H, [&](size_t i) {
    std::vector<double> point(H);
    for (size_t h = 0; h < H; ++h) point[h] = past[i].forecast[h * Q + median];
    return point;
  });
  const double floors = WeightOf(error_of_floors, kBesideFloors);
  const double network =
      error_of_floors > 0 ? WeightOf(Optimism(HorizonsApart(HorizonsOf(past), H)) * error_of_network, kBesideFloors) : 0;
  for (auto& [key, share] : mix.shares) share = std::round(100 * share * floors / (floors + network)) / 100;
  std::erase_if(mix.shares, [](const auto& each) { return each.second == 0; });
}

// The element that a share `level` of them is not above; reorders.
double QuantileOf(std::vector<double>& values, double level) {
  const double place = std::ceil(level * static_cast<double>(values.size())) - 1;
  const auto at = values.begin() + static_cast<ptrdiff_t>(std::clamp(place, 0.0, static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

struct WeighedError {
  double error, weight;
};

// The error that a share `level` of the weight is not above; `errors` rise.
double QuantileOf(const std::vector<WeighedError>& errors, double level) {
  double all = 0, sum = 0;
  for (const WeighedError& each : errors) all += each.weight;
  for (const WeighedError& each : errors) {
    sum += each.weight;
    if (sum >= level * all * (1 - 1e-12)) return each.error;
  }
  return errors.back().error;
}

// How many times farther a quantile is where the distance comes from n errors: Student's against the normal distribution's.
double Widening(double level, double n) {
  const double probability = (1 + level) / 2;
  return StudentQuantile(probability, n) / NormalQuantile(probability);
}

// How far from the mean of the floors, with these shares, values lay at each step and the two beside it, widened as of so
// many errors as there are horizons that do not overlap.
void FitReach(const ForecastDesign& design, const std::vector<Judged>& judged, const std::map<std::string, double>& shares,
              ForecastMix& mix) {
  const size_t H = design.horizon, Q = design.quantiles.size(), median = design.median();
  std::vector<std::vector<WeighedError>> of_step(H);
  for (const Judged& each : judged) {
    if (!(SeasonalNaiveError(each.at.history, design.season) > 0)) continue;
    const std::vector<double> forecast = MixedFloors(shares, design, each);
    for (size_t h = 0; h < H; ++h) {
      if (!each.at.actual.observed[h]) continue;
      of_step[h].push_back({std::abs(each.at.actual.values[h] - forecast[h]) / each.scale, each.weight});
    }
  }
  std::vector<double> reach(H * Q, 0), level(Q, 0), widening(Q, 1);
  const double apart = HorizonsApart(HorizonsOf(judged), H);
  for (size_t q = 0; q < Q; ++q) {
    if (q == median) continue;
    level[q] = std::abs(2 * design.quantiles[q] - 1);
    widening[q] = level[q] > 0 ? Widening(level[q], apart) : 1;
  }
  for (size_t h = 0; h < H; ++h) {
    std::vector<WeighedError> errors;
    for (size_t step = h - std::min<size_t>(h, 1); step < std::min(h + 2, H); ++step) {
      errors.insert(errors.end(), of_step[step].begin(), of_step[step].end());
    }
    if (errors.empty()) return;  // no step to say anything of
    std::ranges::sort(errors, {}, &WeighedError::error);
    for (size_t q = 0; q < Q; ++q) {
      if (q != median) reach[h * Q + q] = widening[q] * QuantileOf(errors, level[q]);
    }
  }
  mix.reach = std::move(reach);
}

// The quantile as far on the other side, or itself where there is none.
size_t MirrorOf(const ForecastDesign& design, size_t q) {
  const auto mirrors = [&](double other) { return std::abs(other + design.quantiles[q] - 1) < 1e-9; };
  const auto found = std::ranges::find_if(design.quantiles, mirrors);
  return found == design.quantiles.end() ? q : static_cast<size_t>(found - design.quantiles.begin());
}

// points: [windows, H], the mixed point forecasts.
void FitSpread(const ForecastDesign& design, std::span<const PastForecast> past, const std::vector<double>& points,
               ForecastMix& mix) {
  const size_t H = design.horizon, Q = design.quantiles.size(), median = design.median();
  const double apart = HorizonsApart(HorizonsOf(past), H);
  const size_t stretches =
      std::min({H, kMostStretches, static_cast<size_t>(std::max(1.0, std::floor(apart / kApartAStretch)))});
  mix.spread.assign(stretches * Q, 1);
  for (size_t g = 0; g < stretches; ++g) {
    for (size_t q = 0; q < Q; ++q) {
      if (q == median) continue;
      const size_t mirror = MirrorOf(design, q);
      std::vector<double> ratios;
      for (size_t w = 0; w < past.size(); ++w) {
        for (size_t h = g * H / stretches; h < (g + 1) * H / stretches; ++h) {
          if (!past[w].of.actual.observed[h]) continue;
          const double error = past[w].of.actual.values[h] - points[w * H + h];
          const size_t side = (error > 0) == (q > median) ? q : mirror;
          const double distance = std::abs(past[w].forecast[h * Q + side] - past[w].forecast[h * Q + median]);
          if (distance > 0) ratios.push_back(std::abs(error) / distance);
        }
      }
      if (ratios.empty()) continue;
      const double level = std::abs(2 * design.quantiles[q] - 1);
      mix.spread[g * Q + q] = std::min(QuantileOf(ratios, level), kMostSpread);
    }
  }
}

// `simple` is the floors' share of the forecast.
void ApplyWith(const ForecastMix& mix, const ForecastDesign& design, Observations history, const std::vector<double>& simple,
               std::span<double> forecast) {
  const size_t H = design.horizon, Q = design.quantiles.size(), median = design.median();
  const double unit = mix.reach.empty() ? 0 : SeasonalNaiveError(history, design.season);
  const double of_reach = unit > 0 ? mix.of_floors() : 0;  // their share in the geometric mean of distances
  for (size_t h = 0; h < H; ++h) {
    double* quantiles = &forecast[h * Q];
    const double said = quantiles[median];
    const double point = mix.shares.empty() ? said : (1 - mix.of_floors()) * said + simple[h];
    for (size_t q = 0; q < Q; ++q) {
      const double spread = mix.spread.empty() || q == median ? 1 : SpreadAt(mix, design, h, q);
      double distance = spread * (quantiles[q] - said);
      if (of_reach > 0 && q != median) {
        const double side = q < median ? -1 : 1, of_network = std::max(side * distance, 0.0);
        distance = side * std::pow(of_network, 1 - of_reach) * std::pow(unit * mix.reach[h * Q + q], of_reach);
      }
      quantiles[q] = point + distance;
    }
    for (size_t q = median + 1; q < Q; ++q) quantiles[q] = std::max(quantiles[q], quantiles[q - 1]);
    for (size_t q = median; q-- > 0;) quantiles[q] = std::min(quantiles[q], quantiles[q + 1]);
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
  ApplyWith(mix, design, history, MixedFloors(mix.shares, design, history), forecast);
}

ForecastMix FitMix(const ForecastDesign& design, std::span<const PastForecast> past, std::span<const PastHorizon> rolling,
                   bool with_floor, Threads& threads, ProcessGroup& group) {
  ForecastMix mix;
  if (past.empty() || design.intermittent) return mix;
  std::vector<Judged> judged = ToJudge(HorizonsOf(past), design.season);
  if (with_floor) {
    AddFloors(design, judged, threads, group);
    const std::vector<Judged> by_floors = ToJudgeFloors(design, rolling, threads, group);
    const std::map<std::string, double> of_floors = SharesOfFloors(design, by_floors);
    FitShares(design, past, judged, of_floors, mix);
    if (!mix.shares.empty()) FitReach(design, by_floors, of_floors, mix);
  }
  std::vector<double> points;
  for (size_t i = 0; i < past.size(); ++i) {
    std::vector<double> mixed = past[i].forecast;
    ApplyWith(mix, design, past[i].of.history, MixedFloors(mix.shares, design, judged[i]), mixed);
    for (size_t h = 0; h < design.horizon; ++h) points.push_back(mixed[h * design.quantiles.size() + design.median()]);
  }
  FitSpread(design, past, points, mix);
  return mix;
}

Json ToJson(const ForecastMix& mix) {
  Json json = {{"shares", mix.shares}, {"spread", mix.spread}};
  if (!mix.reach.empty()) json["reach"] = mix.reach;
  return json;
}

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
  if (!json.contains("reach")) return mix;  // of a model whose distances are the network's alone
  mix.reach = NumbersField(json, "reach");
  const bool reaches = mix.reach.size() == design.horizon * design.quantiles.size() &&
                       std::ranges::all_of(mix.reach, [](double x) { return x >= 0 && std::isfinite(x); });
  Require(reaches, "stored description", "\"reach\"", "a distance for each step and quantile", "not");
  return mix;
}

}  // namespace eddy
