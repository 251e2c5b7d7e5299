#include "tasks/risk/floors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "eddy/error.h"

namespace eddy {
namespace {

constexpr double kDecay = 0.94;       // of RiskMetrics, for days
constexpr size_t kHistory = 250;      // days of historical simulation
constexpr size_t kLeastHistory = 20;  // below, a normal distribution stands for it
constexpr double kLeastDeviation = 1e-6;

std::vector<double> Centred(const ReturnSeries& series, double mean, size_t end) {
  std::vector<double> x(series.returns.begin(), series.returns.begin() + static_cast<ptrdiff_t>(end));
  for (double& value : x) value -= mean;
  return x;
}

// Tails of the standardised returns whose horizon ends at or before `end`.
std::vector<TailRisk> FirstTails(std::span<const double> deviations, std::span<const double> targets, double mean,
                                 size_t end, const RiskDesign& design) {
  std::vector<double> standardised;
  for (size_t i = 0; i + design.horizon <= end; ++i) standardised.push_back((targets[i] - mean) / deviations[i]);
  std::sort(standardised.begin(), standardised.end());
  std::vector<TailRisk> tails;
  for (const double level : design.levels) tails.push_back(TailOfSorted(standardised, level));
  return tails;
}

std::vector<double> HarDeviations(const ReturnSeries& series, const LogHar& har, size_t m, size_t horizon) {
  const std::vector<double> logs = series.LogMeasure(m);
  std::vector<double> deviations(series.size() + 1, 1);
  for (size_t i = 0; i <= series.size(); ++i) {
    const double log = std::clamp(i == 0 ? logs[0] : har.Predict(logs, i), -20.0, 20.0);  // at origin 0 nothing is known
    deviations[i] = std::sqrt(static_cast<double>(horizon) * std::exp(i == 0 ? 0 : log + har.residual / 2));
  }
  return deviations;
}

std::vector<TailRisk> NormalTails(std::span<const double> deviations, double mean, const RiskDesign& design) {
  std::vector<TailRisk> normal, tails;
  for (const double level : design.levels) normal.push_back(NormalTail(level));
  for (const double deviation : deviations) {
    for (const TailRisk& tail : normal) tails.push_back(ScaledTail(tail, deviation, mean));
  }
  return tails;
}

std::vector<TailRisk> HistoricalTails(std::span<const double> targets, std::span<const TailRisk> before,
                                      const RiskDesign& design) {
  RollingTail history(kHistory);
  std::vector<TailRisk> tails(before.begin(), before.end());
  const size_t Q = design.levels.size();
  for (size_t i = 0; i < targets.size(); ++i) {
    if (i >= design.horizon) history.Add(targets[i - design.horizon]);
    if (history.size() < kLeastHistory) continue;
    for (size_t q = 0; q < Q; ++q) tails[i * Q + q] = LimitedTail(history.At(design.levels[q]));
  }
  return tails;
}

}  // namespace

TailRisk LimitedTail(TailRisk tail) {
  constexpr double kLeastTail = -1e-4;  // a loss, however small: the joint score has none at 0
  tail.value = std::min(tail.value, kLeastTail);
  tail.shortfall = std::min(tail.shortfall, tail.value);
  return tail;
}

TailRisk ScaledTail(TailRisk tail, double deviation, double mean) {
  return LimitedTail({mean + deviation * tail.value, mean + deviation * tail.shortfall});
}

std::vector<double> HorizonReturns(const ReturnSeries& series, size_t horizon) {
  std::vector<double> sums(series.size() + 1, std::nan(""));
  for (size_t i = 0; i + horizon <= series.size(); ++i) {
    sums[i] = 0;
    for (size_t h = 0; h < horizon; ++h) sums[i] += series.returns[i + h];
  }
  return sums;
}

std::vector<double> HorizonMeasure(const ReturnSeries& series, size_t m, size_t horizon) {
  const std::span<const double> measure = series.measure(m);
  std::vector<double> logs(series.size() + 1, std::nan(""));
  for (size_t i = 0; i + horizon <= series.size(); ++i) {
    double sum = 0;
    for (size_t h = 0; h < horizon; ++h) sum += measure[i + h];
    logs[i] = std::log(sum / static_cast<double>(horizon));
  }
  return logs;
}

std::vector<double> HorizonDeviations(const Garch& garch, const ReturnSeries& series, double mean, size_t horizon) {
  std::vector<double> deviations = Variances(garch, Centred(series, mean, series.size()));
  for (double& each : deviations) {
    each = std::max(kLeastDeviation, std::sqrt(VarianceOver(garch, each, horizon)));
  }
  return deviations;
}

SeriesFit FitSeries(const ReturnSeries& series, const RiskDesign& design, size_t end) {
  const size_t N = design.horizon;
  SeriesFit fit;
  fit.name = series.name;
  for (size_t i = 0; i < end; ++i) fit.mean += series.returns[i] / static_cast<double>(end);
  const std::vector<double> x = Centred(series, fit.mean, end);
  const auto [least, most] = std::minmax_element(x.begin(), x.end());
  if (!(*most - *least > 1e-9)) {
    Fail("risk", series.name.empty() ? "the prices" : fmt::format("the prices of series \"{}\"", series.name),
         "some that move", "constant ones");
  }
  fit.average = MovingAverage(x, kDecay);
  fit.plain = FitGarch(x, GarchKind::kPlain);
  fit.leverage = FitGarch(x, GarchKind::kLeverage);
  const std::vector<double> targets = HorizonReturns(series, N);
  const double mean = fit.mean * static_cast<double>(N);
  const auto tails = [&](const std::vector<double>& deviations) {
    return FirstTails(deviations, targets, mean, end, design);
  };
  fit.plain_tails = tails(HorizonDeviations(fit.plain, series, fit.mean, N));
  fit.leverage_tails = tails(HorizonDeviations(fit.leverage, series, fit.mean, N));
  for (size_t m = 0; m < design.columns.measures(); ++m) {
    fit.har.push_back(FitLogHar(series.LogMeasure(m), HorizonMeasure(series, m, N), end + 1 > N ? end + 1 - N : 0));
    fit.har_tails.push_back(tails(HarDeviations(series, fit.har.back(), m, N)));
  }
  return fit;
}

SeriesFit FitOf(const ReturnSeries& series, const RiskDesign& design, size_t end) {
  for (const SeriesFit& fit : design.fits) {
    if (fit.name == series.name) return fit;
  }
  if (end < kLeastReturns) {
    Fail("risk",
         series.name.empty() ? "the series" : fmt::format("series \"{}\", which the model does not know", series.name),
         fmt::format("at least {} returns before what is judged", kLeastReturns), std::to_string(end));
  }
  return FitSeries(series, design, end);
}

std::vector<TailRisk> FilteredTails(std::span<const double> deviations, std::span<const double> targets, double mean,
                                    std::span<const TailRisk> first, size_t window, const RiskDesign& design) {
  RollingTail residuals(window == 0 ? 1 : window);
  std::vector<TailRisk> tails;
  for (size_t i = 0; i < deviations.size(); ++i) {
    if (window > 0 && i >= design.horizon) {
      const size_t known = i - design.horizon;
      residuals.Add((targets[known] - mean) / deviations[known]);
    }
    const bool enough = window > 0 && residuals.size() >= kFirstResiduals;
    for (size_t q = 0; q < design.levels.size(); ++q) {
      tails.push_back(ScaledTail(enough ? residuals.At(design.levels[q]) : first[q], deviations[i], mean));
    }
  }
  return tails;
}

std::vector<TailRisk> RecalibratedTails(std::span<const TailRisk> tails, std::span<const double> targets, double mean,
                                        const RiskDesign& design) {
  const size_t Q = design.levels.size(), N = design.horizon;
  std::vector<RollingTail> residuals(Q, RollingTail(kFilterWindow));
  std::vector<TailRisk> calibrated(tails.begin(), tails.end());
  const auto scale = [&](size_t i, size_t q) { return std::max(kLeastDeviation, mean - tails[i * Q + q].value); };
  for (size_t i = 0; i < targets.size(); ++i) {
    for (size_t q = Q; q-- > 0;) {
      if (i >= N) residuals[q].Add((targets[i - N] - mean) / scale(i - N, q));
      TailRisk& tail = calibrated[i * Q + q];
      if (residuals[q].size() >= kFirstResiduals) tail = ScaledTail(residuals[q].At(design.levels[q]), scale(i, q), mean);
      if (q + 1 == Q) continue;
      const TailRisk& higher = calibrated[i * Q + q + 1];
      tail.value = std::min(tail.value, higher.value);
      tail.shortfall = std::min({tail.shortfall, tail.value, higher.shortfall});
    }
  }
  return calibrated;
}

std::vector<RiskPath> FloorPaths(const ReturnSeries& series, const SeriesFit& fit, std::span<const double> targets,
                                 std::span<const double> leverage, const RiskDesign& design) {
  const size_t N = design.horizon;
  const double mean = fit.mean * static_cast<double>(N);
  const std::vector<double> average = HorizonDeviations(fit.average, series, fit.mean, N);
  const std::vector<double> plain = HorizonDeviations(fit.plain, series, fit.mean, N);
  std::vector<RiskPath> floors;
  std::vector<TailRisk> normal = NormalTails(average, mean, design);
  floors.push_back({"historical simulation of 250 days", HistoricalTails(targets, normal, design)});
  floors.push_back({"moving average 0.94, normal", std::move(normal)});
  floors.push_back({"GARCH(1,1), normal", NormalTails(plain, mean, design)});
  floors.push_back({"GARCH(1,1), filtered historical", FilteredTails(plain, targets, mean, fit.plain_tails, 0, design)});
  floors.push_back({"GJR-GARCH, normal", NormalTails(leverage, mean, design)});
  floors.push_back(
      {"GJR-GARCH, filtered historical", FilteredTails(leverage, targets, mean, fit.leverage_tails, 0, design)});
  floors.push_back({"GJR-GARCH, filtered by 1,000 days",
                    FilteredTails(leverage, targets, mean, fit.leverage_tails, kFilterWindow, design), true});
  for (size_t m = 0; m < fit.har.size(); ++m) {
    const std::string name =
        m < design.columns.ranges() ? "the range" : design.columns.realised[m - design.columns.ranges()];
    const std::vector<double> deviations = HarDeviations(series, fit.har[m], m, N);
    floors.push_back({fmt::format("log-HAR of {}, filtered by 1,000 days", name),
                      FilteredTails(deviations, targets, mean, fit.har_tails[m], kFilterWindow, design), true});
  }
  return floors;
}

}  // namespace eddy
