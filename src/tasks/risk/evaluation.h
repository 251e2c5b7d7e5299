// A model of risk beside its floors, on days that it was not trained on, with the backtests of its forecasts.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "metrics/risk_tests.h"
#include "report/sections.h"
#include "tasks/risk/model.h"

namespace eddy {

struct LevelScores {
  double level = 0;
  double score = 0;  // mean joint score
  size_t breaches = 0;
  TestResult kupiec, christoffersen;  // the second of each series' days in a row
  TestResult acerbi_szekely;
};

struct MethodScores {
  std::string name;
  double score = 0;  // mean over the levels
  std::vector<LevelScores> levels;
};

// Of logarithms of a realised variance. QLIKE: mean of a / f - log(a / f) - 1, with the forecast f of the mean of a
// log-normal variable, exp(m + s / 2).
struct RealisedScores {
  std::string name;
  double mse = 0, qlike = 0;
};

struct RiskResult {
  size_t days = 0;  // forecasts judged, of all series
  size_t series = 0;
  size_t horizon = 1;
  MethodScores network;
  std::vector<MethodScores> floors;
  // The network's scores less those of the best floor, by time: the mean over levels and each level alone.
  TestResult diebold_mariano;
  MeanInterval difference;
  std::vector<MeanInterval> by_level;
  std::vector<RealisedScores> realised;  // the network's first; empty without a realised column
  Combination combination;

  const MethodScores& best_floor() const;
};

struct JudgedSeries {
  const ReturnSeries* series = nullptr;
  const SeriesRisk* risk = nullptr;
  std::vector<size_t> origins;
};

RiskResult JudgeRisk(std::span<const JudgedSeries> judged, const RiskDesign& design);

// Whether the network is better than the best floor by more than chance gives.
Verdict JudgeResult(const RiskResult& result);

}  // namespace eddy
