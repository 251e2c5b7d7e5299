#include "tasks/risk/calibration.h"

#include <limits>

#include "metrics/risk_tests.h"

namespace eddy {
namespace {

std::vector<std::vector<size_t>> Choosing(std::span<const std::vector<OriginUse>> uses) {
  std::vector<std::vector<size_t>> origins;
  for (const std::vector<OriginUse>& each : uses) {
    std::vector<size_t>& chosen = origins.emplace_back();
    for (size_t i = 0; i < each.size(); ++i) {
      if (each[i] == OriginUse::kValidate) chosen.push_back(i);
    }
  }
  return origins;
}

}  // namespace

double MeanScore(const RiskPath& path, std::span<const double> targets, std::span<const size_t> origins,
                 std::span<const double> levels) {
  double sum = 0;
  for (const size_t i : origins) {
    for (size_t q = 0; q < levels.size(); ++q) {
      const TailRisk& tail = path.tails[i * levels.size() + q];
      sum += JointScore(targets[i], tail.value, tail.shortfall, levels[q]);
    }
  }
  return sum / static_cast<double>(origins.size() * levels.size());
}

Combination ChooseCombination(std::span<const SeriesRisk> risks, std::span<const std::vector<OriginUse>> uses,
                              std::span<const double> levels) {
  const std::vector<std::vector<size_t>> origins = Choosing(uses);
  size_t count = 0;
  for (const std::vector<size_t>& each : origins) count += each.size();
  Combination best;
  if (count == 0) return best;
  const auto score = [&](const auto& path_of) {
    double sum = 0;
    for (size_t s = 0; s < risks.size(); ++s) {
      if (origins[s].empty()) continue;
      sum += MeanScore(path_of(risks[s]), risks[s].targets, origins[s], levels) * static_cast<double>(origins[s].size());
    }
    return sum / static_cast<double>(count);
  };
  double least = std::numeric_limits<double>::infinity();
  std::string floor;
  for (size_t f = 0; f < risks[0].floors.size(); ++f) {
    // The tails of the others were fitted to the days that choose as well, on which they look better than they are.
    if (!risks[0].floors[f].walk_forward) continue;
    const double of_floor = score([&](const SeriesRisk& risk) -> const RiskPath& { return risk.floors[f]; });
    if (of_floor >= least) continue;
    least = of_floor;
    floor = risks[0].floors[f].name;
  }
  least = std::numeric_limits<double>::infinity();
  for (const bool filtered : {false, true}) {
    for (const double weight : {1.0, 0.75, 0.5, 0.25}) {
      const Combination candidate{weight, filtered, floor};
      const double of_candidate = score([&](const SeriesRisk& risk) { return risk.Combined(candidate); });
      if (of_candidate >= least) continue;
      least = of_candidate;
      best = candidate;
    }
  }
  return best;
}

}  // namespace eddy
