#include "tasks/direction/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "metrics/bootstrap.h"
#include "tasks/direction/features.h"

namespace eddy {
namespace {

constexpr size_t kCounts = 4;  // up and said so, up and not, down and not, down and said to be up

// Counts of each stretch of days as long as a horizon, beyond which forecasts have no day in common.
class Counts {
 public:
  Counts(const PriceSet& prices, double begin, const DirectionDesign& design) {
    std::map<double, size_t> days;
    for (const ReturnSeries& series : prices.series) {
      for (size_t i = FirstReturnFrom(series, begin); i < series.size(); ++i) days[series.times[i]] = 0;
    }
    size_t day = 0;
    for (auto& [time, number] : days) number = day++;
    for (size_t s = 0; s < prices.series.size(); ++s) {
      const ReturnSeries& series = prices.series[s];
      const std::vector<DirectionLabel> labels = LabelsOf(series, design);
      for (size_t i = FirstReturnFrom(series, begin); i < series.size(); ++i) {
        if (labels[i] == DirectionLabel::kNone) continue;
        judged_.push_back({s, i, days.at(series.times[i]) / design.horizon, labels[i] == DirectionLabel::kUp});
      }
    }
  }

  size_t size() const { return judged_.size(); }
  double up() const {
    return static_cast<double>(std::count_if(judged_.begin(), judged_.end(), [](const Judged& each) { return each.up; })) /
           static_cast<double>(judged_.size());
  }

  template <class ProbabilityOf>
  PartSums Of(const ProbabilityOf& probability_of) const {
    std::map<size_t, std::array<double, kCounts>> parts;
    for (const Judged& each : judged_) {
      const bool said = probability_of(each.series, each.origin) > 0.5;
      ++parts[each.part][each.up ? (said ? 0 : 1) : (said ? 3 : 2)];
    }
    PartSums sums{kCounts};
    for (const auto& [part, counts] : parts) sums.Add(counts);
    return sums;
  }

 private:
  struct Judged {
    size_t series, origin, part;
    bool up;
  };
  std::vector<Judged> judged_;
};

double Accuracy(std::span<const double> c) {
  const double all = c[0] + c[1] + c[2] + c[3];
  return all > 0 ? (c[0] + c[2]) / all : 0;
}

// Matthews 1975; 0 where only one class is said.
double Matthews(std::span<const double> c) {
  const double tp = c[0], fn = c[1], tn = c[2], fp = c[3];
  const double product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  return product > 0 ? (tp * tn - fp * fn) / std::sqrt(product) : 0;
}

DirectionScores Score(std::string name, const PartSums& sums) {
  PartSums nothing{kCounts};
  nothing.values.assign(sums.values.size(), 0);  // whose figures are 0: what is left is the interval of one method
  const PairedDifference accuracy = CompareByParts(sums, nothing, Accuracy, false);
  const PairedDifference mcc = CompareByParts(sums, nothing, Matthews, false);
  const std::vector<double> total = Total(sums);
  const double said = (total[0] + total[3]) / (total[0] + total[1] + total[2] + total[3]);
  return {std::move(name), accuracy.first, accuracy.low, accuracy.high, mcc.first, mcc.low, mcc.high, said};
}

double BetOn(double probability) { return probability > 0.5 ? 1 : -1; }

void AddStrategies(const PriceSet& prices, const std::vector<SeriesDirection>& directions, double begin,
                   const DirectionDesign& design, DirectionResult& result) {
  const auto trade = [&](std::string name, const auto& probability_of) {
    return Trade(std::move(name), prices, begin, design,
                 [&](size_t s, size_t i) { return BetOn(probability_of(directions[s])[i]); });
  };
  result.strategies = {
      trade("network", [](const SeriesDirection& d) -> const std::vector<double>& { return d.network; }),
      trade("logistic regression", [](const SeriesDirection& d) -> const std::vector<double>& { return d.logistic; }),
      Trade("buy and hold", prices, begin, design, [](size_t, size_t) { return 1.0; })};
  std::vector<double> ratios = {result.strategies[0].sharpe.ratio, result.strategies[1].sharpe.ratio};
  for (size_t m = 0; m < design.members; ++m) {
    const auto of = [m](const SeriesDirection& d) -> const std::vector<double>& { return d.members[m]; };
    ratios.push_back(trade("member", of).sharpe.ratio);
  }
  double mean = 0, variance = 0;
  const auto count = static_cast<double>(ratios.size());
  for (const double ratio : ratios) mean += ratio / count;
  for (const double ratio : ratios) variance += (ratio - mean) * (ratio - mean) / (count - 1);
  result.trials = ratios.size() + design.tried;
  const SharpeRatio& sharpe = result.strategies[0].sharpe;
  result.deflated = ProbabilisticSharpe(sharpe, ExpectedBestSharpe(variance, result.trials));
}

Verdict VerdictOf(const DirectionResult& result) {
  const DirectionScores& network = result.network;
  const auto best = std::max_element(result.floors.begin(), result.floors.end(),
                                     [](const auto& a, const auto& b) { return a.accuracy < b.accuracy; });
  const std::string figures = fmt::format(
      "MCC {:.3f} (95% by day {:.3f} to {:.3f}), accuracy {:.1f}% ({:.1f}% to {:.1f}%) against {:.1f}% of the {}",
      network.mcc, network.mcc_low, network.mcc_high, 100 * network.accuracy, 100 * network.accuracy_low,
      100 * network.accuracy_high, 100 * best->accuracy, best->name);
  if (!(network.mcc_low > 0)) return {fmt::format("The network is no better than chance: {}.", figures), true, best->name};
  if (network.accuracy <= best->accuracy) {
    return {fmt::format("The network is better than chance, but no better than the best floor: {}.", figures), true,
            best->name};
  }
  return {fmt::format("The network is better than chance: {}.", figures), false, best->name};
}

}  // namespace

DirectionResult JudgeDirections(const PriceSet& prices, const std::vector<SeriesDirection>& directions, double begin,
                                const DirectionDesign& design) {
  DirectionResult result;
  result.horizon = design.horizon;
  result.costs = design.costs;
  result.series = prices.series.size();
  const Counts counts(prices, begin, design);
  result.forecasts = counts.size();
  if (result.forecasts == 0) return result;
  result.up = counts.up();
  const auto score = [&](std::string name, const auto& probability_of) {
    return Score(std::move(name), counts.Of([&](size_t s, size_t i) { return probability_of(directions[s])[i]; }));
  };
  result.network = score("network", [](const SeriesDirection& d) -> const std::vector<double>& { return d.network; });
  result.floors = {
      score("majority class", [](const SeriesDirection& d) -> const std::vector<double>& { return d.majority; }),
      score("logistic regression", [](const SeriesDirection& d) -> const std::vector<double>& { return d.logistic; })};
  AddStrategies(prices, directions, begin, design, result);
  result.days = result.strategies[0].returns.size();
  result.verdict = VerdictOf(result);
  return result;
}

}  // namespace eddy
