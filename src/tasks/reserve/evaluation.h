// Reserves of companies, and how good they are where a table shows what was paid in the end: beside the chain ladder and the
// Cape Cod method.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eddy/tasks/reserve.h"
#include "report/verdict.h"
#include "tasks/reserve/spread.h"

namespace eddy {

struct CompanyReserve {
  size_t triangle = 0;
  double paid = 0, ultimate = 0;
  double scale = 0;                     // deviation of the reserve as the networks give it (spread.h)
  std::vector<OriginForecast> origins;  // that are not at their last development
  ChainLadder ladder;
  double cape_cod = 0;           // ultimate
  std::optional<double> actual;  // ultimate

  double reserve() const { return ultimate - paid; }
};

// Of every triangle, at the set's valuation.
std::vector<CompanyReserve> ReservesOf(TrainedReserve& reserve, const TriangleSet& set, Threads& threads,
                                       ProcessGroup& group = Alone());
std::vector<ReserveForecast> PublicForecasts(const std::vector<CompanyReserve>& reserves, const TriangleSet& set,
                                             const ReserveErrors& errors);

// Errors of ultimates, as shares of the actual ones.
struct UltimateScores {
  std::string name;
  double mape = 0, rmspe = 0;  // mean of their absolute values; root of the mean of their squares
};

struct LineScores {
  std::string line;  // empty for all lines together
  size_t companies = 0;
  UltimateScores network;
  std::vector<UltimateScores> floors;
};

struct ReserveResult {
  size_t companies = 0;  // judged
  LineScores all;
  std::vector<LineScores> lines;  // where there are several
  std::vector<double> covered;    // share of the companies whose actual reserve is not above each of kReserveQuantiles
  double inside = 0;              // share within the central 90% of the network's distribution
  double inside_ladder = 0;       // the same of the chain ladder's, normal with its standard error
  Verdict verdict;
};

// None are judged where the table does not show what was paid in the end.
ReserveResult JudgeReserves(const std::vector<CompanyReserve>& reserves, const TriangleSet& set,
                            const ReserveErrors& errors);

}  // namespace eddy
