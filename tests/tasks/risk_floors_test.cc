#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "floors/garch.h"
#include "floors/log_har.h"
#include "floors/tail_risk.h"
#include "metrics/risk_tests.h"
#include "tasks/risk/floors.h"
#include "tasks/simulated_prices.h"

namespace eddy {
namespace risk_floors_test {

TEST(Garch, its_variances_follow_its_equation) {
  const Garch garch{0.1, 0.2, 0.3, 0.5, 2};
  const std::vector<double> variances = Variances(garch, std::vector<double>{1, -2});
  ASSERT_EQ(variances.size(), 3U);
  EXPECT_DOUBLE_EQ(variances[0], 2);
  EXPECT_DOUBLE_EQ(variances[1], 0.1 + 0.2 + 1);
  EXPECT_DOUBLE_EQ(variances[2], 0.1 + (0.2 + 0.3) * 4 + 0.5 * variances[1]);
  EXPECT_DOUBLE_EQ(VarianceOver(garch, 2, 2), 2 + 0.1 + 0.85 * 2);
}

TEST(Garch, a_fit_finds_the_process_again_and_no_neighbour_is_likelier) {
  const SimulatedPrices simulated = SimulatePrices(20000, 3);
  const Garch garch = FitGarch(simulated.returns, GarchKind::kLeverage);
  EXPECT_NEAR(garch.alpha, 0.03, 0.015);
  EXPECT_NEAR(garch.leverage, 0.12, 0.03);
  EXPECT_NEAR(garch.beta, 0.88, 0.02);
  EXPECT_NEAR(garch.omega, 0.03, 0.012);
  const double loss = NormalLoss(garch, simulated.returns);
  for (double Garch::*field : {&Garch::omega, &Garch::alpha, &Garch::leverage, &Garch::beta}) {
    for (const double factor : {0.98, 1.02}) {
      Garch other = garch;
      other.*field *= factor;
      EXPECT_GT(NormalLoss(other, simulated.returns), loss);
    }
  }
  EXPECT_LE(loss, NormalLoss(FitGarch(simulated.returns, GarchKind::kPlain), simulated.returns));
}

TEST(Garch, a_fit_scales_with_its_returns_and_bears_none_at_all) {
  SimulatedPrices simulated = SimulatePrices(1000, 5);
  const Garch one = FitGarch(simulated.returns, GarchKind::kPlain);
  for (double& x : simulated.returns) x *= 100;
  const Garch hundred = FitGarch(simulated.returns, GarchKind::kPlain);
  EXPECT_NEAR(hundred.alpha, one.alpha, 1e-4);
  EXPECT_NEAR(hundred.omega, 1e4 * one.omega, 1e4 * 1e-4);
  const std::vector<double> zeros(200, 0);
  const std::vector<double> variances = Variances(FitGarch(zeros, GarchKind::kLeverage), zeros);
  EXPECT_TRUE(std::all_of(variances.begin(), variances.end(), [](double v) { return v > 0 && v < 1; }));
}

TEST(TailRisk, empirical_tails_are_those_of_hand_and_normal_ones_those_of_tables) {
  const std::vector<double> values = {5, -3, 1, -1, 0, 2, 3, 4, 6, 7, 8};
  const TailRisk tail = EmpiricalTail(values, 0.15);  // between the second and the third of -3, -1, 0
  EXPECT_DOUBLE_EQ(tail.value, -0.5);
  EXPECT_DOUBLE_EQ(tail.shortfall, -2);
  EXPECT_NEAR(NormalTail(0.01).value, -2.3263478740, 1e-9);
  EXPECT_NEAR(NormalTail(0.01).shortfall, -2.6652142203, 1e-9);
  EXPECT_NEAR(NormalTail(0.05).value, -1.6448536270, 1e-9);
}

TEST(TailRisk, a_rolling_tail_is_that_of_its_window) {
  const SimulatedPrices simulated = SimulatePrices(300, 8);
  RollingTail rolling(100);
  for (size_t i = 0; i < 300; ++i) {
    rolling.Add(simulated.returns[i]);
    const size_t first = i + 1 - std::min<size_t>(i + 1, 100);
    const TailRisk all = EmpiricalTail(std::span(simulated.returns).subspan(first, i + 1 - first), 0.05);
    EXPECT_EQ(rolling.At(0.05).value, all.value);
    EXPECT_EQ(rolling.At(0.05).shortfall, all.shortfall);
  }
}

TEST(LogHar, it_finds_the_weights_that_made_the_series) {
  Random random(6);
  std::vector<double> logs(22, 0);
  const LogHar truth{{0.1, 0.3, 0.4, 0.2}, 0};
  for (size_t t = 22; t < 4000; ++t) logs.push_back(truth.Predict(logs, t) + 0.5 * random.Normal());
  std::vector<double> targets = logs;
  targets.push_back(std::nan(""));
  const LogHar har = FitLogHar(logs, targets, logs.size());
  for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(har.weights[i], truth.weights[i], 0.06) << i;
  EXPECT_NEAR(har.residual, 0.25, 0.02);
}

TEST(RiskTests, the_joint_score_is_least_at_the_true_tails) {
  Random random(2);
  std::vector<double> values;
  for (size_t i = 0; i < 200'000; ++i) values.push_back(random.Normal());
  const TailRisk truth = NormalTail(0.05);
  const auto score = [&](double v, double e) {
    double sum = 0;
    for (const double y : values) sum += JointScore(y, v, e, 0.05);
    return sum / static_cast<double>(values.size());
  };
  const double least = score(truth.value, truth.shortfall);
  for (const double factor : {0.9, 1.1}) {
    EXPECT_LT(least, score(truth.value * factor, truth.shortfall));
    EXPECT_LT(least, score(truth.value, truth.shortfall * factor));
  }
  EXPECT_NEAR(JointScore(-3, -2, -2.5, 0.05), 1 / (0.05 * 2.5) + 0.8 + std::log(2.5) - 1, 1e-12);
  EXPECT_TRUE(std::isfinite(JointScore(1, 0, 0, 0.05)));
}

TEST(RiskTests, backtests_have_the_figures_of_their_papers) {
  // -2 ln of the likelihood ratio by hand: 6 breaches of 255 days at 1% (Kupiec's table rejects 7 at 5%, not 6).
  EXPECT_NEAR(KupiecTest(6, 255, 0.01).statistic, 3.41536, 1e-4);
  EXPECT_GT(KupiecTest(6, 255, 0.01).p, 0.05);
  EXPECT_LT(KupiecTest(7, 255, 0.01).p, 0.05);
  EXPECT_EQ(KupiecTest(0, 0, 0.01).p, 1);
  std::vector<uint8_t> clustered(500, 0), alone(500, 0);
  for (size_t i = 0; i < 25; ++i) clustered[200 + i] = alone[20 * i] = 1;
  EXPECT_LT(ChristoffersenTest(clustered).p, 1e-6);
  EXPECT_GT(ChristoffersenTest(alone).p, 0.05);
  EXPECT_EQ(ChristoffersenTest(std::vector<uint8_t>(10, 0)).p, 1);
}

TEST(RiskTests, shortfalls_that_are_too_small_are_told_and_right_ones_are_not) {
  Random random(4);
  std::vector<double> right, wrong;
  const TailRisk tail = NormalTail(0.05);
  for (size_t i = 0; i < 2000; ++i) {
    const double y = random.Normal();
    right.push_back(AcerbiSzekelyTerm(y, tail.value, tail.shortfall, 0.05));
    wrong.push_back(AcerbiSzekelyTerm(1.5 * y, tail.value, tail.shortfall, 0.05));
  }
  EXPECT_GT(AcerbiSzekelyTest(right, 20, 1).p, 0.05);
  EXPECT_LT(AcerbiSzekelyTest(wrong, 20, 1).p, 0.01);
}

TEST(RiskTests, equal_losses_are_no_difference_and_an_interval_holds_its_mean) {
  Random random(9);
  std::vector<double> differences;
  for (size_t i = 0; i < 1000; ++i) differences.push_back(random.Normal());
  EXPECT_GT(DieboldMarianoTest(differences, 10).p, 0.01);
  const MeanInterval interval = BootstrapMean(differences, 20, 1);
  EXPECT_LT(interval.low, interval.mean);
  EXPECT_GT(interval.high, interval.mean);
  EXPECT_NEAR(interval.high - interval.low, 2 * 1.96 / std::sqrt(1000.0), 0.03);
  for (double& each : differences) each -= 0.3;
  EXPECT_LT(DieboldMarianoTest(differences, 10).p, 1e-6);
  EXPECT_LT(DieboldMarianoTest(differences, 10).statistic, 0);
  EXPECT_EQ(DieboldMarianoTest(std::vector<double>(50, 0), 3).p, 1);
}

class RiskFloors : public testing::Test {
 protected:
  RiskFloors()
      : prices_(ReadPrices(
            PriceTable(SimulatePrices(900, 1).returns), "prices.csv",
            {.price = "close", .time = "day", .series = {}, .high = {}, .low = {}, .realised = {}, .covariates = {}})) {
    design_.columns = prices_.columns;
    design_.levels = {0.01, 0.05};
  }
  const ReturnSeries& series() const { return prices_.series[0]; }
  std::vector<RiskPath> PathsOf(const ReturnSeries& series, const SeriesFit& fit) const {
    return FloorPaths(series, fit, HorizonReturns(series, design_.horizon),
                      HorizonDeviations(fit.leverage, series, fit.mean, design_.horizon), design_);
  }
  PriceSet prices_;
  RiskDesign design_;
};

TEST_F(RiskFloors, no_forecast_depends_on_what_comes_later) {
  for (const size_t horizon : {1, 5}) {
    design_.horizon = horizon;
    const SeriesFit fit = FitSeries(series(), design_, 600);
    ReturnSeries shorter = series();
    shorter.returns.resize(700);
    shorter.times.resize(700);
    const SeriesFit same = FitSeries(shorter, design_, 600);
    EXPECT_EQ(fit.leverage.alpha, same.leverage.alpha);
    const std::vector<RiskPath> all = PathsOf(series(), fit), part = PathsOf(shorter, same);
    ASSERT_EQ(all.size(), 7U);
    for (size_t f = 0; f < all.size(); ++f) {
      for (size_t i = 0; i < part[f].tails.size(); ++i) {
        EXPECT_EQ(all[f].tails[i].value, part[f].tails[i].value) << all[f].name << i;
        EXPECT_EQ(all[f].tails[i].shortfall, part[f].tails[i].shortfall) << all[f].name << i;
      }
    }
  }
}

TEST_F(RiskFloors, tails_are_losses_that_neither_cross_nor_miss_their_level_by_far) {
  const SeriesFit fit = FitSeries(series(), design_, 600);
  for (const RiskPath& floor : PathsOf(series(), fit)) {
    size_t breaches = 0;
    for (size_t i = 0; i < series().size(); ++i) {
      const TailRisk &low = floor.tails[2 * i], &high = floor.tails[2 * i + 1];
      EXPECT_LE(low.value, high.value);
      EXPECT_LE(low.shortfall, high.shortfall);
      EXPECT_LE(high.shortfall, high.value);
      EXPECT_LT(high.value, 0);
      if (i >= 600) breaches += series().returns[i] <= high.value;
    }
    EXPECT_GT(KupiecTest(breaches, 300, 0.05).p, 0.001) << floor.name << ": " << breaches;
  }
}

TEST_F(RiskFloors, prices_that_do_not_move_are_refused) {
  ReturnSeries still = series();
  std::fill(still.returns.begin(), still.returns.end(), 0.0);
  EXPECT_THROW(FitSeries(still, design_, 600), Error);
}

}  // namespace risk_floors_test
}  // namespace eddy
