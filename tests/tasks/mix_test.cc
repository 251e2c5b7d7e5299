#include "metrics/mix.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "eddy/random.h"
#include "metrics/temperature.h"
#include "tasks/classify/scores.h"

namespace eddy {
namespace mix_test {

struct Drawn {
  std::vector<double> first, second;  // [N, 3]
  std::vector<int32_t> targets;
};

// Targets drawn from the softmax of a first + b second.
Drawn Draw(double a, double b, int count) {
  Random random(1);
  Drawn drawn;
  for (int i = 0; i < count; ++i) {
    double logits[3], probabilities[3];
    for (double& logit : logits) {
      drawn.first.push_back(random.Normal());
      drawn.second.push_back(random.Normal());
      logit = a * drawn.first.back() + b * drawn.second.back();
    }
    Softmax(logits, probabilities);
    const double draw = random.Uniform();
    drawn.targets.push_back(draw < probabilities[0] ? 0 : draw < probabilities[0] + probabilities[1] ? 1 : 2);
  }
  return drawn;
}

TEST(mix, finds_the_factors_that_targets_were_drawn_by) {
  const Drawn drawn = Draw(0.5, 2, 20000);
  const Mix mix = FitMix(drawn.first, drawn.second, drawn.targets, 3);
  EXPECT_NEAR(mix.first, 0.5, 0.05);
  EXPECT_NEAR(mix.second, 2, 0.1);
  EXPECT_LT(mix.loss, FitTemperature(drawn.first, drawn.targets, 3).loss);
}

TEST(mix, leaves_out_what_speaks_against_the_truth) {
  const Drawn against = Draw(1.5, -1, 2000);
  const Mix first = FitMix(against.first, against.second, against.targets, 3);
  EXPECT_EQ(first.second, 0);
  EXPECT_EQ(first.first, 1 / FitTemperature(against.first, against.targets, 3).temperature);
  const Mix second = FitMix(against.second, against.first, against.targets, 3);
  EXPECT_EQ(second.first, 0);
  EXPECT_EQ(second.loss, first.loss);
}

TEST(mix, with_nothing_is_temperature_scaling) {
  const Drawn drawn = Draw(2, 0, 500);
  const std::vector<double> nothing(drawn.first.size());
  const Mix mix = FitMix(drawn.first, nothing, drawn.targets, 3);
  const Calibration alone = FitTemperature(drawn.first, drawn.targets, 3);
  EXPECT_NEAR(mix.first, 1 / alone.temperature, 1e-6);
  EXPECT_EQ(mix.second, 0);
  EXPECT_NEAR(mix.loss, alone.loss, 1e-9);
}

TEST(mix, of_one_right_answer_is_no_certainty) {
  const std::vector<double> first = {1, -1}, second = {0, 1};
  const std::vector<int32_t> targets = {0};
  const Mix mix = FitMix(first, second, targets, 2);
  EXPECT_TRUE(std::isfinite(mix.first) && std::isfinite(mix.second));
  EXPECT_NEAR(2 * mix.first - mix.second, std::log(2), 1e-3);
}

}  // namespace mix_test
}  // namespace eddy
