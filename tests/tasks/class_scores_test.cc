#include <gtest/gtest.h>

#include <cmath>

#include "eddy/random.h"
#include "metrics/temperature.h"
#include "tasks/classify/evaluation.h"
#include "tasks/classify/scores.h"

namespace eddy {
namespace class_scores_test {

const std::vector<int32_t> kTargets = {0, 0, 0, 1, 1, 2};

TEST(class_scores, are_those_of_a_confusion_matrix_worked_out_by_hand) {
  const std::vector<int32_t> predicted = {0, 0, 1, 1, 1, 0};
  const ClassScores scores = ScorePredictions(predicted, kTargets, 4);
  EXPECT_EQ(scores.confusion, (std::vector<size_t>{2, 1, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_DOUBLE_EQ(scores.accuracy, 4. / 6);
  // Class 0: 4 / 6, class 1: 4 / 5, class 2: 0; class 3 never occurs.
  EXPECT_DOUBLE_EQ(scores.macro_f1, (4. / 6 + 4. / 5) / 3);
  EXPECT_TRUE(std::isnan(scores.log_loss));
  EXPECT_TRUE(std::isnan(scores.calibration_error));
}

TEST(class_scores, of_probabilities_have_a_loss_and_a_calibration_error) {
  const std::vector<double> probabilities = {0.9, 0.1, 0.6, 0.4, 0.2, 0.8};
  const std::vector<int32_t> targets = {0, 1, 1};
  const ClassScores scores = ScoreProbabilities(probabilities, targets, 2);
  EXPECT_DOUBLE_EQ(scores.accuracy, 2. / 3);
  EXPECT_DOUBLE_EQ(scores.log_loss, -(std::log(0.9) + std::log(0.4) + std::log(0.8)) / 3);
  // Each in a bin of its own: gaps of 0.1, 0.6 and 0.2.
  EXPECT_NEAR(scores.calibration_error, 0.3, 1e-12);
  const std::vector<double> certain = {0, 1};
  EXPECT_NEAR(ScoreProbabilities(certain, std::vector<int32_t>{0}, 2).log_loss, 15 * std::log(10), 1e-9);
}

TEST(class_scores, of_nothing_are_undefined) {
  const ClassScores scores = ScoreProbabilities({}, {}, 2);
  EXPECT_EQ(scores.examples, 0u);
  EXPECT_TRUE(std::isnan(scores.accuracy) && std::isnan(scores.macro_f1));
}

TEST(majority_class, is_the_most_frequent_in_training_and_says_its_share) {
  const std::vector<size_t> counts = {1, 5, 1};
  const ClassFloor floor = MajorityClass(counts, kTargets);
  EXPECT_DOUBLE_EQ(floor.scores.accuracy, 2. / 6);
  EXPECT_DOUBLE_EQ(floor.scores.log_loss, -(4 * std::log(0.2) + 2 * std::log(0.6)) / 6);
}

TEST(temperature, undoes_the_scale_of_logits) {
  Random random(1);
  std::vector<double> logits;
  std::vector<int32_t> targets;
  for (int i = 0; i < 20000; ++i) {
    double row[3], probabilities[3];
    for (double& x : row) x = random.Normal();
    Softmax(row, probabilities);
    const double draw = random.Uniform();
    targets.push_back(draw < probabilities[0] ? 0 : draw < probabilities[0] + probabilities[1] ? 1 : 2);
    for (const double x : row) logits.push_back(3 * x);
  }
  const Calibration calibration = FitTemperature(logits, targets, 3);
  EXPECT_NEAR(calibration.temperature, 3, 0.15);
}

TEST(temperature, of_a_few_right_answers_is_no_certainty) {
  const std::vector<double> logits = {1, -1, -1, 1};
  const std::vector<int32_t> targets = {0, 1};
  const Calibration calibration = FitTemperature(logits, targets, 2);
  EXPECT_NEAR(1 / (1 + std::exp(-2 / calibration.temperature)), 3. / 4, 1e-4);
  EXPECT_NEAR(calibration.loss, -(3 * std::log(3. / 4) + std::log(1. / 4)) / 4, 1e-4);
}

}  // namespace class_scores_test
}  // namespace eddy
