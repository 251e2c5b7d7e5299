#include "tasks/risk/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace eddy {
namespace {

constexpr size_t kLeastBlock = 20;  // days of a block of the bootstrap: about a month
constexpr uint64_t kSeed = 19;
constexpr double kSure = 0.05;

// Scores of a method by time and level, the mean over the series that have a forecast then.
using ScoresByTime = std::map<double, std::vector<double>>;

class Judge {
 public:
  Judge(std::span<const JudgedSeries> judged, const RiskDesign& design) : judged_(judged), design_(design) {
    for (const JudgedSeries& each : judged) {
      for (const size_t i : each.origins) ++at_time_[each.series->times[i]];
    }
  }

  size_t block() const { return std::max<size_t>(1, kLeastBlock / design_.horizon); }
  size_t lags() const { return static_cast<size_t>(std::cbrt(static_cast<double>(at_time_.size()))); }

  // path_of(index of a series) -> RiskPath. Adds to `by_time`.
  template <class PathOf>
  MethodScores Scores(const std::string& name, const PathOf& path_of, ScoresByTime& by_time) const {
    MethodScores scores{name, 0, {}};
    const size_t Q = design_.levels.size();
    for (size_t q = 0; q < Q; ++q) {
      LevelScores& of_level = scores.levels.emplace_back();
      of_level.level = design_.levels[q];
      std::vector<uint8_t> breaches;
      std::map<double, double> terms;
      double sum = 0;
      for (size_t s = 0; s < judged_.size(); ++s) {
        const RiskPath& path = path_of(s);
        for (const size_t i : judged_[s].origins) {
          const double y = judged_[s].risk->targets[i], time = judged_[s].series->times[i];
          const auto share = static_cast<double>(at_time_.at(time));
          const TailRisk& tail = path.tails[i * Q + q];
          const double score = JointScore(y, tail.value, tail.shortfall, of_level.level);
          sum += score;
          breaches.push_back(y <= tail.value);
          of_level.breaches += breaches.back();
          terms[time] += AcerbiSzekelyTerm(y, tail.value, tail.shortfall, of_level.level) / share;
          std::vector<double>& at = by_time[time];
          at.resize(Q);
          at[q] += score / share;
        }
      }
      of_level.score = sum / static_cast<double>(breaches.size());
      of_level.kupiec = KupiecTest(of_level.breaches, breaches.size(), of_level.level);
      of_level.christoffersen = ChristoffersenTest(breaches);
      std::vector<double> of_times;
      for (const auto& [time, term] : terms) of_times.push_back(term);
      of_level.acerbi_szekely = AcerbiSzekelyTest(of_times, block(), kSeed);
      scores.score += of_level.score / static_cast<double>(Q);
    }
    return scores;
  }

 private:
  std::span<const JudgedSeries> judged_;
  const RiskDesign& design_;
  std::map<double, size_t> at_time_;
};

void AddRealisedScores(std::span<const JudgedSeries> judged, RiskResult& result) {
  RealisedScores network{"network"}, last{"random walk"}, har{"log-HAR"};
  double count = 0;
  for (const JudgedSeries& each : judged) {
    const SeriesRisk& risk = *each.risk;
    for (const size_t i : each.origins) {
      const auto add = [&](RealisedScores& scores, double forecast, double spread) {
        const double off = risk.realised[i] - forecast, scaled = off - spread / 2;
        scores.mse += off * off;
        scores.qlike += std::exp(scaled) - scaled - 1;
      };
      add(network, risk.realised_forecast[i], risk.realised_spread);
      add(last, risk.realised_last[i], 0);
      add(har, risk.realised_har[i], risk.realised_spread);
      ++count;
    }
  }
  for (RealisedScores* each : {&network, &last, &har}) {
    each->mse /= count;
    each->qlike /= count;
    result.realised.push_back(*each);
  }
}

}  // namespace

const MethodScores& RiskResult::best_floor() const {
  return *std::min_element(floors.begin(), floors.end(), [](const auto& a, const auto& b) { return a.score < b.score; });
}

RiskResult JudgeRisk(std::span<const JudgedSeries> judged, const RiskDesign& design) {
  RiskResult result;
  result.horizon = design.horizon;
  result.combination = design.combination;
  result.series = judged.size();
  for (const JudgedSeries& each : judged) result.days += each.origins.size();
  if (result.days == 0) return result;
  const Judge judge(judged, design);
  std::vector<RiskPath> own;
  for (const JudgedSeries& each : judged) own.push_back(each.risk->Combined(design.combination));
  ScoresByTime of_network;
  result.network = judge.Scores(
      "network", [&](size_t s) -> const RiskPath& { return own[s]; }, of_network);
  std::vector<ScoresByTime> of_floors(judged[0].risk->floors.size());
  for (size_t f = 0; f < of_floors.size(); ++f) {
    const auto path_of = [&](size_t s) -> const RiskPath& { return judged[s].risk->floors[f]; };
    result.floors.push_back(judge.Scores(judged[0].risk->floors[f].name, path_of, of_floors[f]));
  }
  const size_t best = static_cast<size_t>(&result.best_floor() - result.floors.data());
  const size_t Q = design.levels.size();
  std::vector<double> differences;
  std::vector<std::vector<double>> by_level(Q);
  for (const auto& [time, scores] : of_network) {
    const std::vector<double>& others = of_floors[best].at(time);
    double sum = 0;
    for (size_t q = 0; q < Q; ++q) {
      by_level[q].push_back(scores[q] - others[q]);
      sum += by_level[q].back();
    }
    differences.push_back(sum / static_cast<double>(Q));
  }
  result.diebold_mariano = DieboldMarianoTest(differences, judge.lags());
  result.difference = BootstrapMean(differences, judge.block(), kSeed);
  for (const std::vector<double>& each : by_level) result.by_level.push_back(BootstrapMean(each, judge.block(), kSeed));
  if (!design.columns.realised.empty()) AddRealisedScores(judged, result);
  return result;
}

Verdict JudgeResult(const RiskResult& result) {
  const MethodScores& best = result.best_floor();
  const std::string figures =
      fmt::format("mean FZ0 {:.4f} against {:.4f} of the best floor, {}; difference {:.4f} to {:.4f}", result.network.score,
                  best.score, best.name, result.difference.low, result.difference.high);
  const bool sure = result.diebold_mariano.p < kSure;
  if (!(result.network.score < best.score)) {
    return {fmt::format("The network is no better than the best floor: {}.", figures), true};
  }
  if (!sure) {
    return {
        fmt::format("The network is no better than the best floor by more than chance gives (Diebold-Mariano p {:.2f}): {}.",
                    result.diebold_mariano.p, figures),
        true};
  }
  return {fmt::format("The network is better than the best floor (Diebold-Mariano p {:.3f}): {}.", result.diebold_mariano.p,
                      figures),
          false};
}

}  // namespace eddy
