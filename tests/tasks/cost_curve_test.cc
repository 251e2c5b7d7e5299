#include "metrics/cost_curve.h"

#include <gtest/gtest.h>

#include "eddy/random.h"

namespace eddy {
namespace cost_curve_test {

using Bytes = std::vector<uint8_t>;
using Numbers = std::vector<double>;

TEST(cost_curve, thresholds_cost_what_they_cost_by_hand) {
  const Numbers probability = {0.1, 0.3, 0.3, 0.8};
  const Bytes positive = {0, 1, 0, 1};
  // A missed one costs 3: half of two are missed at 0.5, none at 0.3 with one alarm of two.
  const CostedThreshold half = CostOf(probability, positive, 3, 0.5);
  EXPECT_DOUBLE_EQ(half.missed, 0.5);
  EXPECT_DOUBLE_EQ(half.alarms, 0);
  EXPECT_DOUBLE_EQ(half.cost, 3.0 / 4);
  const CostedThreshold low = CostOf(probability, positive, 3, 0.3);
  EXPECT_DOUBLE_EQ(low.missed, 0);
  EXPECT_DOUBLE_EQ(low.alarms, 0.5);
  EXPECT_DOUBLE_EQ(low.cost, 1.0 / 4);
  EXPECT_DOUBLE_EQ(CostOf(probability, positive, 3, 0).cost, 2.0 / 4);
  EXPECT_DOUBLE_EQ(CostOf(probability, positive, 3, 1.5).cost, 6.0 / 4);
}

TEST(cost_curve, the_best_threshold_lies_between_two_probabilities_and_moves_with_the_costs) {
  const Numbers probability = {0.1, 0.3, 0.3, 0.8};
  const Bytes positive = {0, 1, 0, 1};
  EXPECT_DOUBLE_EQ(BestThreshold(probability, positive, 3).threshold, 0.2);
  EXPECT_DOUBLE_EQ(BestThreshold(probability, positive, 3).cost, 1.0 / 4);
  EXPECT_DOUBLE_EQ(BestThreshold(probability, positive, 0.5).threshold, 0.55);
  EXPECT_GT(BestThreshold(probability, Bytes{0, 0, 0, 0}, 3).threshold, 1);  // nobody is worth an alarm
  EXPECT_DOUBLE_EQ(BestThreshold(probability, Bytes{1, 1, 1, 1}, 3).threshold, 0);
}

TEST(cost_curve, perfect_order_costs_nothing_and_none_costs_as_much_as_no_look) {
  const Bytes positive = {0, 1, 0, 1};
  const CostCurve perfect = DrawCostCurve(Numbers{0.1, 0.9, 0.2, 0.8}, positive);
  for (const double cost : perfect.lowest) EXPECT_DOUBLE_EQ(cost, 0);
  const CostCurve none = DrawCostCurve(Numbers(4, 0.5), positive);
  ASSERT_EQ(none.lowest.size(), kCostPlaces);
  for (size_t i = 0; i < kCostPlaces; ++i) {
    const double weight = static_cast<double>(i) / (kCostPlaces - 1);
    EXPECT_NEAR(none.lowest[i], std::min(weight, 1 - weight), 1e-12);
  }
  EXPECT_NEAR(none.area, 0.25, 0.01);
}

// Where costs and share make the odds 1 to 1, the threshold is the share of the class.
TEST(cost_curve, true_probabilities_say_the_best_thresholds_and_untrue_ones_do_not) {
  Random random(3);
  Numbers probability, untrue;
  Bytes positive;
  for (size_t i = 0; i < 20'000; ++i) {
    const double p = 0.4 * random.Uniform();
    probability.push_back(p);
    untrue.push_back(p / (p + (1 - p) / 4));  // of one who saw the class four times as often
    positive.push_back(random.Uniform() < p);
  }
  const CostCurve good = DrawCostCurve(probability, positive), bad = DrawCostCurve(untrue, positive);
  double excess = 0;
  for (size_t i = 0; i < kCostPlaces; ++i) {
    EXPECT_GE(good.said[i], good.lowest[i] - 1e-12);
    EXPECT_NEAR(good.said[i], good.lowest[i], 0.01);
    EXPECT_NEAR(bad.lowest[i], good.lowest[i], 1e-12);  // the order is the same
    excess = std::max(excess, bad.said[i] - bad.lowest[i]);
  }
  EXPECT_GT(excess, 0.05);
  EXPECT_NEAR(CostOf(probability, positive, 4, SaidThreshold(4)).cost, BestThreshold(probability, positive, 4).cost, 0.01);
}

TEST(cost_curve, of_one_class_or_nothing_there_is_none) {
  EXPECT_TRUE(DrawCostCurve(Numbers{0.2, 0.3}, Bytes{1, 1}).lowest.empty());
  EXPECT_TRUE(DrawCostCurve({}, {}).lowest.empty());
  EXPECT_DOUBLE_EQ(CostOf({}, {}, 2, 0.5).cost, 0);
}

}  // namespace cost_curve_test
}  // namespace eddy
