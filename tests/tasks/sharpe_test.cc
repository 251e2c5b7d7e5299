#include "metrics/sharpe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "eddy/random.h"
#include "floors/dense_logistic.h"
#include "metrics/normal.h"

namespace eddy {
namespace sharpe_test {

TEST(Sharpe, the_deflated_ratio_is_that_of_its_paper) {
  // Bailey and Lopez de Prado 2014, "A numerical example": 2.5 a year over 1,250 days of 250 a year, the best of 100.
  const SharpeRatio sharpe{2.5 / std::sqrt(250), -3, 10, 1250};
  const double best = ExpectedBestSharpe(0.5 / 250, 100);
  EXPECT_NEAR(best, 0.1132, 1e-4);
  EXPECT_NEAR(ProbabilisticSharpe(sharpe, best), 0.9004, 1e-4);
  EXPECT_EQ(ExpectedBestSharpe(1, 1), 0);
  EXPECT_LT(ExpectedBestSharpe(1, 10), ExpectedBestSharpe(1, 100));
}

TEST(Sharpe, moments_are_those_by_hand_and_constant_returns_have_no_ratio) {
  const SharpeRatio sharpe = SharpeOf(std::vector<double>{1, 2, 3, 4});
  EXPECT_NEAR(sharpe.ratio, 2.5 / std::sqrt(5.0 / 3), 1e-12);
  EXPECT_NEAR(sharpe.skewness, 0, 1e-12);
  EXPECT_NEAR(sharpe.kurtosis, (2 * (1.5 * 1.5 * 1.5 * 1.5) + 2 * (0.5 * 0.5 * 0.5 * 0.5)) / 4 / (1.25 * 1.25), 1e-12);
  EXPECT_EQ(SharpeOf(std::vector<double>{2, 2, 2}).ratio, 0);
  EXPECT_EQ(SharpeOf({}).periods, 0U);
  EXPECT_EQ(ProbabilisticSharpe(SharpeOf({}), 0), 0.5);
  EXPECT_NEAR(NormalQuantile(0.975), 1.959964, 1e-6);
}

TEST(StudentQuantile, it_is_that_of_tables_and_nears_the_normal_one) {
  EXPECT_NEAR(StudentQuantile(0.9, 1), 3.0777, 1e-3);
  EXPECT_NEAR(StudentQuantile(0.975, 1), 12.706, 1e-2);
  EXPECT_NEAR(StudentQuantile(0.9, 2), 1.8856, 1e-3);
  EXPECT_NEAR(StudentQuantile(0.975, 10), 2.2281, 1e-3);
  EXPECT_NEAR(StudentQuantile(0.9, 1e5), NormalQuantile(0.9), 1e-3);
  EXPECT_EQ(StudentQuantile(0.5, 3), 0);
}

TEST(DenseLogistic, it_finds_the_weights_that_made_the_classes) {
  Random random(2);
  std::vector<double> x;
  std::vector<uint8_t> positive;
  for (size_t i = 0; i < 20'000; ++i) {
    const double a = random.Normal(), b = random.Normal();
    x.insert(x.end(), {a, b});
    positive.push_back(random.Uniform() < 1 / (1 + std::exp(-(0.5 + a - 2 * b))));
  }
  const DenseLogistic model = FitDenseLogistic(x, 2, positive);
  EXPECT_NEAR(model.weights[0], 1, 0.1);
  EXPECT_NEAR(model.weights[1], -2, 0.1);
  EXPECT_NEAR(model.bias, 0.5, 0.1);
}

TEST(DenseLogistic, one_class_or_separable_ones_end_with_finite_weights) {
  const std::vector<double> x = {-1, -2, 1, 2};
  for (const std::vector<uint8_t>& positive : {std::vector<uint8_t>{0, 0, 1, 1}, {1, 1, 1, 1}, {0, 0, 0, 0}}) {
    const DenseLogistic model = FitDenseLogistic(x, 1, positive);
    EXPECT_TRUE(std::isfinite(model.weights[0]) && std::isfinite(model.bias));
  }
  EXPECT_GT(FitDenseLogistic(x, 1, std::vector<uint8_t>{0, 0, 1, 1}).LogOdds(std::vector<double>{1}), 0);
}

}  // namespace sharpe_test
}  // namespace eddy
