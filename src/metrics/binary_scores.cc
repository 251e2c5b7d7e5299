#include "metrics/binary_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace eddy {
namespace {

constexpr size_t kBins = 10;

}  // namespace

BinaryScores ScoreBinary(std::span<const double> probability, std::span<const uint8_t> positive) {
  const size_t n = positive.size();
  BinaryScores scores;
  scores.probability.assign(probability.begin(), probability.end());
  scores.positive.assign(positive.begin(), positive.end());
  scores.auc = scores.ks = scores.brier = std::numeric_limits<double>::quiet_NaN();
  if (n == 0) return scores;
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return probability[a] < probability[b]; });
  const auto all = static_cast<double>(std::count_if(positive.begin(), positive.end(), [](uint8_t p) { return p != 0; }));
  const double others = static_cast<double>(n) - all;
  double ups = 0, downs = 0, pairs = 0, farthest = 0, squares = 0;
  ReliabilityBin bin;
  for (size_t i = 0; i < n;) {
    double up = 0, down = 0;  // of one probability
    const double p = probability[order[i]];
    for (; i < n && probability[order[i]] == p; ++i) (positive[order[i]] != 0 ? up : down) += 1;
    pairs += up * (downs + down / 2);
    ups += up;
    downs += down;
    squares += up * (1 - p) * (1 - p) + down * p * p;
    if (all > 0 && others > 0) farthest = std::max(farthest, std::abs(ups / all - downs / others));
    bin.said += p * (up + down);
    bin.share += up;
    bin.examples += static_cast<size_t>(up + down);
    if (i < n && i * kBins < (scores.reliability.size() + 1) * n) continue;
    bin.said /= static_cast<double>(bin.examples);
    bin.share /= static_cast<double>(bin.examples);
    scores.reliability.push_back(bin);
    bin = {};
  }
  scores.brier = squares / static_cast<double>(n);
  if (all > 0 && others > 0) {
    scores.auc = pairs / (all * others);
    scores.ks = farthest;
  }
  return scores;
}

}  // namespace eddy
