// How a trained network's tails are put together with those of the floors, by what the origins show that choose.
#pragma once

#include <span>
#include <vector>

#include "tasks/risk/model.h"
#include "tasks/risk/split.h"

namespace eddy {

// The mean over these origins and all levels of the joint score; targets [T + 1].
double MeanScore(const RiskPath& path, std::span<const double> targets, std::span<const size_t> origins,
                 std::span<const double> levels);

// The best of the network's two kinds of tails at a few weights beside the best floor of those that go by the days before
// alone, by the mean score over the origins that choose, of all series. `risks` and `uses` are of each series. The network
// alone where none choose.
Combination ChooseCombination(std::span<const SeriesRisk> risks, std::span<const std::vector<OriginUse>> uses,
                              std::span<const double> levels);

}  // namespace eddy
