#include "metrics/binary_scores.h"

#include <gtest/gtest.h>

#include <cmath>

#include "eddy/random.h"
#include "tasks/classify/scores.h"

namespace eddy {
namespace binary_scores_test {

TEST(BinaryScores, are_those_by_hand_with_ties) {
  const std::vector<double> probability = {0.1, 0.4, 0.4, 0.8};
  const std::vector<uint8_t> positive = {0, 0, 1, 1};
  const BinaryScores scores = ScoreBinary(probability, positive);
  EXPECT_DOUBLE_EQ(scores.auc, (1 + 0.5 + 1 + 1) / 4);
  EXPECT_DOUBLE_EQ(scores.ks, 0.5);
  EXPECT_NEAR(scores.brier, (0.01 + 0.16 + 0.36 + 0.04) / 4, 1e-12);
  size_t examples = 0;
  for (const ReliabilityBin& bin : scores.reliability) examples += bin.examples;
  EXPECT_EQ(examples, 4U);
}

TEST(BinaryScores, right_probabilities_are_reliable_and_their_complement_orders_the_other_way) {
  Random random(1);
  std::vector<double> probability, turned;
  std::vector<uint8_t> positive;
  for (size_t i = 0; i < 20'000; ++i) {
    probability.push_back(random.Uniform());
    turned.push_back(1 - probability.back());
    positive.push_back(random.Uniform() < probability.back());
  }
  const BinaryScores scores = ScoreBinary(probability, positive);
  ASSERT_EQ(scores.reliability.size(), 10U);
  for (const ReliabilityBin& bin : scores.reliability) EXPECT_NEAR(bin.said, bin.share, 0.04);
  EXPECT_NEAR(scores.brier, 1.0 / 6, 0.01);
  EXPECT_NEAR(scores.auc + ScoreBinary(turned, positive).auc, 1, 1e-12);
  EXPECT_NEAR(scores.auc, 5.0 / 6, 0.01);
}

TEST(BinaryScores, one_class_or_nothing_has_no_order) {
  EXPECT_TRUE(std::isnan(ScoreBinary(std::vector<double>{0.2, 0.3}, std::vector<uint8_t>{1, 1}).auc));
  EXPECT_TRUE(std::isnan(ScoreBinary({}, {}).brier));
  EXPECT_EQ(ScoreBinary(std::vector<double>(50, 0.5), std::vector<uint8_t>(50, 1)).reliability.size(), 1U);
}

TEST(BinaryScores, classes_have_them_where_there_are_two) {
  const std::vector<double> probabilities = {0.9, 0.1, 0.6, 0.4, 0.2, 0.8};
  const ClassScores two = ScoreProbabilities(probabilities, std::vector<int32_t>{0, 1, 1}, 2);
  ASSERT_TRUE(two.binary);
  EXPECT_DOUBLE_EQ(two.binary->auc, 1);
  EXPECT_FALSE(ScoreProbabilities(probabilities, std::vector<int32_t>{0, 2}, 3).binary);
  EXPECT_FALSE(ScorePredictions(std::vector<int32_t>{0}, std::vector<int32_t>{0}, 2).binary);
}

}  // namespace binary_scores_test
}  // namespace eddy
