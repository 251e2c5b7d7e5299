#include "metrics/cost_curve.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace eddy {
namespace {

constexpr double kNever = 2;  // a threshold that no probability reaches

struct Cut {
  double threshold, missed, alarms;  // counts
};

struct Cuts {
  std::vector<Cut> all;  // from the highest threshold down
  double positives = 0, others = 0;

  // Missed and alarms as shares.
  double Missed(const Cut& cut) const { return positives > 0 ? cut.missed / positives : 0; }
  double Alarms(const Cut& cut) const { return others > 0 ? cut.alarms / others : 0; }
};

// Every threshold that tells some of the examples from others.
Cuts CutsOf(std::span<const double> probability, std::span<const uint8_t> positive) {
  std::vector<size_t> order(positive.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return probability[a] > probability[b]; });
  Cuts cuts;
  cuts.positives = static_cast<double>(std::count_if(positive.begin(), positive.end(), [](uint8_t p) { return p != 0; }));
  cuts.others = static_cast<double>(positive.size()) - cuts.positives;
  Cut cut{kNever, cuts.positives, 0};
  cuts.all.push_back(cut);
  for (size_t i = 0; i < order.size();) {
    const double p = probability[order[i]];
    for (; i < order.size() && probability[order[i]] == p; ++i) {
      (positive[order[i]] != 0 ? cut.missed : cut.alarms) += positive[order[i]] != 0 ? -1 : 1;
    }
    cut.threshold = i < order.size() ? (p + probability[order[i]]) / 2 : 0;
    cuts.all.push_back(cut);
  }
  return cuts;
}

CostedThreshold Costed(const Cuts& cuts, const Cut& cut, double ratio) {
  const double examples = std::max(1.0, cuts.positives + cuts.others);
  return {cut.threshold, cuts.Missed(cut), cuts.Alarms(cut), (ratio * cut.missed + cut.alarms) / examples};
}

// The last of `cuts` whose threshold is at least this one.
const Cut& CutAt(const Cuts& cuts, std::span<const double> sorted, double threshold) {
  const auto below = std::lower_bound(sorted.begin(), sorted.end(), threshold) - sorted.begin();
  const auto said = sorted.size() - static_cast<size_t>(below);  // examples that reach it
  const auto found = std::find_if(cuts.all.begin(), cuts.all.end(), [&](const Cut& cut) {
    return static_cast<size_t>(cuts.positives - cut.missed + cut.alarms) == said;
  });
  return *found;
}

std::vector<double> Sorted(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace

CostCurve DrawCostCurve(std::span<const double> probability, std::span<const uint8_t> positive) {
  const Cuts cuts = CutsOf(probability, positive);
  CostCurve curve;
  if (cuts.positives == 0 || cuts.others == 0) return curve;
  const std::vector<double> sorted = Sorted(probability);
  const double odds = cuts.positives / cuts.others;
  for (size_t i = 0; i < kCostPlaces; ++i) {
    const double weight = static_cast<double>(i) / (kCostPlaces - 1);
    const auto cost = [&](const Cut& cut) { return weight * cuts.Missed(cut) + (1 - weight) * cuts.Alarms(cut); };
    double lowest = std::numeric_limits<double>::infinity();
    for (const Cut& cut : cuts.all) lowest = std::min(lowest, cost(cut));
    curve.lowest.push_back(lowest);
    // weight / (1 - weight) = odds C, and so 1 / (1 + C) is:
    const double threshold = odds * (1 - weight) / (odds * (1 - weight) + weight);
    curve.said.push_back(cost(CutAt(cuts, sorted, i == 0 ? kNever : threshold)));
  }
  curve.area = std::accumulate(curve.lowest.begin(), curve.lowest.end(), 0.0) / kCostPlaces;
  return curve;
}

double SaidThreshold(double ratio) { return 1 / (1 + ratio); }

CostedThreshold BestThreshold(std::span<const double> probability, std::span<const uint8_t> positive, double ratio) {
  const Cuts cuts = CutsOf(probability, positive);
  CostedThreshold best = Costed(cuts, cuts.all.front(), ratio);
  for (const Cut& cut : cuts.all) {
    const CostedThreshold here = Costed(cuts, cut, ratio);
    if (here.cost < best.cost) best = here;
  }
  return best;
}

CostedThreshold CostOf(std::span<const double> probability, std::span<const uint8_t> positive, double ratio,
                       double threshold) {
  const Cuts cuts = CutsOf(probability, positive);
  CostedThreshold costed = Costed(cuts, CutAt(cuts, Sorted(probability), threshold), ratio);
  costed.threshold = threshold;
  return costed;
}

}  // namespace eddy
