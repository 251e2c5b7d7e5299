#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "prices/leak.h"
#include "tasks/risk/features.h"
#include "tasks/risk/floors.h"
#include "tasks/risk/head.h"
#include "tasks/risk/split.h"
#include "tasks/simulated_prices.h"

namespace eddy {
namespace risk_parts_test {

PriceColumns ColumnsOfTest() {
  PriceColumns columns;
  columns.price = "close";
  columns.time = "day";
  return columns;
}

TEST(RiskHead, tails_never_cross_whatever_the_numbers) {
  Random random(1);
  for (size_t i = 0; i < 1000; ++i) {
    std::vector<Real> raw(8);
    for (Real& number : raw) number = static_cast<Real>(20 * random.Normal());
    std::vector<TailRisk> tails(4);
    DecodeTails(raw.data(), 1.5, tails);
    for (size_t q = 0; q < 4; ++q) {
      EXPECT_LE(tails[q].shortfall, tails[q].value);
      EXPECT_LT(tails[q].value, 0);
      if (q > 0) {
        EXPECT_LE(tails[q - 1].value, tails[q].value);
        EXPECT_LE(tails[q - 1].shortfall, tails[q].shortfall);
      }
    }
  }
}

TEST(RiskHead, tails_that_are_encoded_come_back) {
  const std::vector<TailRisk> tails = {{-2.6, -3.2}, {-2.1, -2.7}, {-1.7, -2.3}};
  std::vector<Real> raw(6);
  EncodeTails(tails, raw.data());
  std::vector<TailRisk> back(3);
  DecodeTails(raw.data(), 1, back);
  for (size_t q = 0; q < 3; ++q) {
    EXPECT_NEAR(back[q].value, tails[q].value, 1e-4);
    EXPECT_NEAR(back[q].shortfall, tails[q].shortfall, 1e-4);
  }
}

TEST(RiskHead, the_losses_slopes_are_its_finite_differences) {
  Threads threads(1);
  const std::vector<double> levels = {0.01, 0.05};
  for (const ReturnDensity density : {ReturnDensity::kStudentT, ReturnDensity::kMixture}) {
    const size_t first = density == ReturnDensity::kStudentT ? 2 : 3, width = first + 4;
    for (const Real y : {Real(0.3), Real(-4), Real(-1.4), Real(12)}) {
      Tensor raw({1, width});
      const Real numbers[] = {Real(0.2), Real(-0.4), Real(0.7), Real(0.1), Real(0.5), Real(-0.3), Real(0.9)};
      for (size_t i = 0; i < width; ++i) raw[i] = numbers[i];
      Tensor targets({1});
      targets[0] = y;
      const auto loss_at = [&](const Tensor& at) {
        Tape tape(threads, Tape::Mode::kInference);
        return static_cast<double>(tape.Value(RiskLoss(tape, tape.Constant(at), targets, {}, levels, density))[0]);
      };
      Tape tape(threads);
      const Var x = tape.Differentiable(raw);
      tape.Backward(RiskLoss(tape, x, targets, {}, levels, density));
      const Tensor grad = tape.Grad(x);
      for (size_t i = 0; i < width; ++i) {
        constexpr Real kStep = Real(0.01);
        Tensor up = raw.Clone(), down = raw.Clone();
        up[i] += kStep;
        down[i] -= kStep;
        const double slope = (loss_at(up) - loss_at(down)) / (2 * kStep);
        EXPECT_NEAR(grad[i], slope, 2e-3 + 2e-3 * std::abs(slope)) << i << " at " << y;
      }
    }
  }
}

TEST(RiskSplit, no_target_is_in_two_parts) {
  PriceSet prices = ReadPrices(PriceTable(SimulatePrices(900, 1).returns), "p.csv", ColumnsOfTest());
  for (const size_t horizon : {1, 5}) {
    for (const size_t embargo : {0, 3}) {
      RiskOptions options;
      options.horizon = horizon;
      options.embargo = embargo;
      options.hold_out = 200;
      const RiskSplit split = SplitPrices(prices, options);
      EXPECT_EQ(split.begins[0], 700U);
      EXPECT_EQ(split.until, prices.series[0].times[700]);
      std::vector<int> part(901, 0);  // of the days: 1 trains, 2 chooses
      size_t trains = 0, chooses = 0;
      for (const int which : {1, 2}) {
        for (size_t i = 0; i <= 900; ++i) {
          if (split.uses[0][i] != (which == 1 ? OriginUse::kTrain : OriginUse::kValidate)) continue;
          (which == 1 ? trains : chooses) += 1;
          ASSERT_LE(i + horizon + embargo, 700U);
          for (size_t h = 0; h < horizon; ++h) {
            ASSERT_TRUE(part[i + h] == 0 || part[i + h] == which) << i;
            part[i + h] = which;
          }
        }
      }
      EXPECT_GT(trains, 400U);
      EXPECT_GT(chooses, 50U);
      for (size_t day = 0; day < 700; ++day) {  // between the parts lies the embargo
        for (size_t later = day; later <= day + embargo && later < 700; ++later) {
          EXPECT_FALSE(part[day] == 1 && part[later] == 2) << day;
          EXPECT_FALSE(part[day] == 2 && part[later] == 1) << day;
        }
      }
    }
  }
}

TEST(RiskFeatures, they_know_no_later_day) {
  const SimulatedPrices simulated = SimulatePrices(400, 2);
  PriceColumns columns = ColumnsOfTest();
  columns.realised = {"rv"};
  columns.covariates = {"other"};
  const std::string table = PriceTable(simulated.returns, {{"rv", simulated.variances}, {"other", simulated.returns}});
  const ReturnSeries series = ReadPrices(table, "p.csv", columns).series[0];
  RiskDesign design;
  design.columns = columns;
  design.levels = {0.05};
  const SeriesFit fit = FitSeries(series, design, 300);
  ReturnSeries other = series;
  for (size_t t = 350; t < 400; ++t) {
    other.returns[t] = 9;
    other.measures[t] = 9;
    other.covariates[t] = 9;
  }
  const std::vector<double> features = RawFeatures(series, fit, design), changed = RawFeatures(other, fit, design);
  const size_t D = CountFeatures(columns);
  for (size_t i = 0; i < 350 * D; ++i) ASSERT_EQ(features[i], changed[i]) << i;
  EXPECT_NE(features[350 * D], changed[350 * D]);
}

class ColumnTest : public testing::Test {
 protected:
  std::vector<ColumnTiming> Test(const std::vector<ExtraColumn>& extra) const {
    PriceColumns columns = ColumnsOfTest();
    for (const ExtraColumn& column : extra) columns.covariates.push_back(column.name);
    const PriceSet prices = ReadPrices(PriceTable(simulated_.returns, extra), "p.csv", columns);
    return TestColumns(prices, {prices.series[0].size()});
  }
  // The values of the day after each.
  static std::vector<double> Early(std::vector<double> values) {
    values.erase(values.begin());
    values.push_back(values.back());
    return values;
  }
  const SimulatedPrices simulated_ = SimulatePrices(1500, 4);
};

TEST_F(ColumnTest, what_is_known_at_the_end_of_the_day_passes) {
  Random random(3);
  std::vector<double> noise, implied, close;
  double log = 0;
  for (size_t t = 0; t < simulated_.returns.size(); ++t) {
    noise.push_back(random.Normal());
    implied.push_back(std::sqrt(simulated_.variances[t]) + 0.1 * noise[t]);
    close.push_back(std::exp(log += simulated_.returns[t] / 100));
  }
  const auto timings = Test({{"noise", noise},
                             {"own", simulated_.returns},
                             {"variance", simulated_.variances},
                             {"implied", Early(implied)},
                             {"closes", close}});
  for (const ColumnTiming& each : timings) EXPECT_FALSE(each.knows_future) << each.column << " " << each.own << each.next;
  EXPECT_NO_THROW(RequireNoneKnowsFuture(timings));
}

TEST_F(ColumnTest, planted_leaks_are_named_and_refused) {
  std::vector<double> size, close;
  double log = 0;
  for (const double r : simulated_.returns) {
    size.push_back(std::abs(r));
    close.push_back(std::exp(log += r / 100));
  }
  for (const ExtraColumn& leak : {ExtraColumn{"next_return", Early(simulated_.returns)},
                                  ExtraColumn{"next_size", Early(size)}, ExtraColumn{"next_close", Early(close)}}) {
    const std::vector<ColumnTiming> timings = Test({{"own", simulated_.returns}, leak});
    EXPECT_FALSE(timings[0].knows_future);
    EXPECT_TRUE(timings[1].knows_future) << leak.name;
    try {
      RequireNoneKnowsFuture(timings);
      ADD_FAILURE() << leak.name;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(leak.name), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find("future"), std::string::npos) << error.what();
    }
  }
}

}  // namespace risk_parts_test
}  // namespace eddy
