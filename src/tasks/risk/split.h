// Which origins of a series train a network of risk, which choose among its states, and which judge it.
//
// What judges is at the end. Of what lies before it, every fifth block of days chooses, and the others train: origins whose
// horizon, and an embargo after it, would reach into another part are left out (purged cross-validation, Lopez de Prado
// 2018, chapter 7), so that no target is in two parts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tasks/risk/design.h"

namespace eddy {

enum class OriginUse : uint8_t { kNone, kTrain, kValidate };

struct RiskSplit {
  std::vector<size_t> begins;                // of each series' judged origins; all before them may be learned from
  std::vector<std::vector<OriginUse>> uses;  // of each series' origins, [T + 1]; all kNone for one too short to learn from
  double until = 0;                          // the first time that is judged in any series; after the last where none is
  size_t untrained = 0;                      // series that are too short
};

// Throws Error where no series is long enough, or nothing would be left to
// judge by though something should.
RiskSplit SplitPrices(const PriceSet& prices, const RiskOptions& options);

// The origins from `begin` on whose horizon is known, `horizon` apart.
std::vector<size_t> JudgedOrigins(size_t returns, size_t begin, size_t horizon);

}  // namespace eddy
