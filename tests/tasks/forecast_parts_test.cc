#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "model/temporary_directory.h"
#include "tasks/forecast/defaults.h"
#include "tasks/forecast/head.h"
#include "tasks/forecast/references.h"
#include "tasks/forecast/series.h"
#include "tasks/forecast/split.h"
#include "tasks/forecast/start.h"

namespace eddy {
namespace forecast_parts_test {

TEST(References, they_are_the_last_value_the_trailing_mean_and_the_seasons_before) {
  const std::vector<double> values = {1, 2, 3, 11, 12, 13};
  const std::vector<uint8_t> observed(6, 1);
  const References references(values, observed, {3}, 3);
  std::vector<float> at(4 * References::Count(1));
  references.At(6, values[5], 4, at.data());
  const float expected[] = {13, 12, 11, 21, 12 + 17.0f / 3,   // the season rose by 10
                            13, 12, 12, 22, 12 + 10.0f / 3,   //
                            13, 12, 13, 23, 12 + 1,           //
                            13, 12, 11, 31, 12 + 17.0f / 3};  // two seasons later
  for (size_t i = 0; i < at.size(); ++i) EXPECT_FLOAT_EQ(13 + at[i], expected[i]) << i;
}

TEST(References, the_profile_of_a_season_averages_out_noise) {
  std::vector<double> values;
  Random random(4);
  for (size_t t = 0; t < 400; ++t) values.push_back((t % 4 == 0 ? 5 : 0) + random.Normal());
  const std::vector<uint8_t> observed(400, 1);
  const References references(values, observed, {4}, 4);
  std::vector<float> at(4 * References::Count(1));
  double latest = 0, profile = 0;
  for (size_t origin = 40; origin < 400; origin += 4) {
    references.At(origin, values[origin - 1], 4, at.data());
    for (size_t h = 0; h < 4; ++h) {
      const double truth = (h == 0 ? 5 : 0) - values[origin - 1];
      latest += std::abs(at[h * References::Count(1) + 2] - truth);
      profile += std::abs(at[h * References::Count(1) + 4] - truth);
    }
  }
  EXPECT_LT(profile, 0.8 * latest);
}

TEST(References, a_missing_value_is_that_of_the_season_before) {
  const std::vector<double> values = {1, 2, 3, 4, 4, 6};
  const std::vector<uint8_t> observed = {1, 1, 1, 1, 0, 1};
  const References references(values, observed, {3}, 3);
  std::vector<float> at(3 * References::Count(1));
  references.At(6, values[5], 3, at.data());
  EXPECT_EQ(6 + at[References::Count(1) + 2], 2);
}

TEST(References, a_season_longer_than_the_history_gives_the_last_value) {
  const std::vector<double> values = {1, 2};
  const std::vector<uint8_t> observed(2, 1);
  const References references(values, observed, {2, 5}, 2);
  std::vector<float> at(References::Count(2));
  references.At(2, values[1], 1, at.data());
  EXPECT_EQ(at, (std::vector<float>{0, -0.5, 0, 0, 0, 0, 0, 0})) << "as distances from it";
}

TEST(References,
     slopes_go_on_from_the_last_value_as_far_as_they_were_taken_over_four_times_and_the_damped_trend_is_the_floors) {
  const std::vector<double> values = {0, 4, 5, 7};
  const std::vector<uint8_t> observed(4, 1);
  const size_t count = References::Count(0, true);
  std::vector<float> at(6 * count);
  References references(values, observed, {}, 1, true);
  references.KeepFrom(4);
  references.At(4, values[3], 6, at.data());
  const float ahead[] = {1, 2, 3, 4, 4, 4};
  for (size_t h = 0; h < 6; ++h) {
    EXPECT_FLOAT_EQ(at[h * count + 2], 2 * ahead[h]) << "a row: 2 up";
    EXPECT_FLOAT_EQ(at[h * count + 3], 7.0f / 3 * static_cast<float>(h + 1)) << "of four rows there are three: 7 up";
  }
  references.At(4, values[3], 1, at.data());
  EXPECT_FLOAT_EQ(at[2], 2);
  const std::vector<double> damped = DampedTrend({values, observed}, 1, 6);
  references.At(4, values[3], 6, at.data());
  for (size_t h = 0; h < 6; ++h) EXPECT_FLOAT_EQ(7 + at[h * count + 4], static_cast<float>(damped[h])) << "as the floor's";
  References(values, observed, {}, 1, true).At(1, values[0], 1, at.data());
  EXPECT_EQ(at[2], 0) << "one row has no trend";
}

TEST(References, what_belongs_to_a_row_does_not_depend_on_later_rows) {
  std::vector<double> values(200), changed;
  Random random(3);
  for (double& value : values) value = random.Normal();
  const std::vector<uint8_t> observed(200, 1);
  changed = values;
  for (size_t t = 120; t < 200; ++t) changed[t] = 1e5;
  for (const std::vector<size_t>& seasons : {std::vector<size_t>{7, 28}, {}}) {
    const bool trends = seasons.empty();
    std::vector<float> a(10 * References::Count(seasons.size(), trends)), b(a);
    References(values, observed, seasons, 7, trends).At(120, values[119], 10, a.data());
    References(changed, observed, seasons, 7, trends).At(120, values[119], 10, b.data());
    EXPECT_EQ(a, b);
  }
}

Tensor RandomTensor(const Shape& shape, uint64_t seed) {
  Tensor tensor(shape);
  for (size_t i = 0; i < tensor.size(); ++i) tensor[i] = 4 * RandomAt(seed, i) - 2;
  return tensor;
}

TEST(MixReferences, quantiles_never_cross) {
  Threads threads(1);
  Tape tape(threads, Tape::Mode::kInference);
  for (size_t median : {0u, 2u, 4u}) {
    const Tensor raw = RandomTensor({50, 3, 7}, median);
    for (Real& value : raw.values()) value *= 40;
    const Tensor y = tape.Value(MixReferences(tape, tape.Constant(raw), RandomTensor({50, 3, 2}, 9), median));
    for (size_t i = 0; i < y.size(); i += 5) EXPECT_TRUE(std::is_sorted(&y[i], &y[i] + 5)) << i;
  }
}

// Float differences are coarse: enough to find a wrong sign, factor or term.
TEST(MixReferences, its_gradient_is_that_of_finite_differences) {
  Threads threads(1);
  const Tensor raw = RandomTensor({2, 3, 3 + 4}, 1), references = RandomTensor({2, 3, 3}, 2),
               target = RandomTensor({2, 3, 4}, 3);
  const size_t median = 1;
  Tape tape(threads);
  const Var x = tape.Differentiable(raw.Clone());
  tape.Backward(SquaredError(tape, MixReferences(tape, x, references, median), target));
  const Tensor grad = tape.Grad(x);
  const auto loss = [&](size_t i, Real by) {
    Tape inference(threads, Tape::Mode::kInference);
    Tensor moved = raw.Clone();
    moved[i] += by;
    const Var y = MixReferences(inference, inference.Constant(moved), references, median);
    return double{inference.Value(SquaredError(inference, y, target))[0]};
  };
  for (size_t i = 0; i < raw.size(); ++i) {
    constexpr Real kBy = 0.02f;
    EXPECT_NEAR(grad[i], (loss(i, kBy) - loss(i, -kBy)) / (2 * kBy), 2e-4 + 2e-3 * std::abs(grad[i])) << i;
  }
}

SeriesSet SetOf(const std::vector<size_t>& lengths) {
  std::string text = "name,y\n";
  for (size_t i = 0; i < lengths.size(); ++i) {
    for (size_t t = 0; t < lengths[i]; ++t) text += std::to_string(i) + "," + std::to_string(t) + "\n";
  }
  SeriesColumns columns;
  columns.target = "y";
  columns.series = "name";
  return ReadSeries(ParseCsv(text, "test"), columns);
}

// 240 rows that repeat themselves after twelve, and after 84; `time` gives each its time, if it has one.
std::vector<size_t> SeasonsBeside12(const std::function<std::string(size_t)>& time) {
  std::string text = "time,y\n";
  for (size_t t = 0; t < 240; ++t) text += fmt::format("{},{}\n", time(t), t % 12 + t * 7 % 12);
  SeriesColumns columns;
  columns.target = "y";
  columns.time = "time";
  return ReferenceSeasons(ReadSeries(ParseCsv(text, "test"), columns), std::vector<size_t>{240}, 12, 12);
}

TEST(ReferenceSeasons, seven_seasons_are_one_only_where_no_calendar_says_what_the_first_is) {
  EXPECT_EQ(SeasonsBeside12([](size_t t) { return fmt::format("{}", t); }), (std::vector<size_t>{12, 84}));
  EXPECT_EQ(SeasonsBeside12([](size_t t) { return fmt::format("{}-{:02}-01", 2000 + t / 12, t % 12 + 1); }),
            (std::vector<size_t>{12}))
      << "seven years of months are nothing";
}

TEST(SplitSeries, training_validation_and_what_is_held_out_do_not_overlap) {
  const SeriesSet set = SetOf({100, 60});
  const ForecastSplit split = SplitSeries(set, {.rows = 10, .from = {}}, 10);
  ASSERT_EQ(split.held_out.size(), 2u);
  EXPECT_EQ(split.held_out[0].origin, 90u);
  EXPECT_EQ(split.ends, (std::vector<size_t>{68, 38})) << "a quarter of what is not held out chooses";
  EXPECT_TRUE(split.spared[0].empty() && split.spared[1].empty()) << "two horizons are one stretch";
  EXPECT_EQ(split.validation.size(), 13u + 3u) << "each row of it begins a forecast that ends within it";
  for (const Window& window : split.validation) {
    EXPECT_GE(window.origin, split.ends[window.series]);
    EXPECT_LE(window.origin + 10, set.series[window.series].size() - 10);
  }
}

TEST(SplitSeries, few_series_are_judged_by_stretches_spread_over_their_past) {
  const ForecastSplit split = SplitSeries(SetOf({490}), {.rows = 10, .from = {}}, 10);
  ASSERT_EQ(split.spared[0].size(), 3u);
  EXPECT_EQ(split.ends[0], 450u) << "a quarter of the 120 rows that choose is the last";
  std::vector<uint8_t> chooses(480);
  for (const RowRange& stretch : split.spared[0]) std::fill_n(chooses.begin() + stretch.begin, 30, 1);
  std::fill(chooses.begin() + 450, chooses.end(), 1);
  EXPECT_EQ(std::count(chooses.begin(), chooses.end(), 1), 120) << "they do not overlap";
  EXPECT_GE(split.spared[0].front().begin, 120u - 30u) << "they lie in the last three quarters";
  for (const Window& window : split.validation) {
    for (size_t h = 0; h < 10; ++h) EXPECT_TRUE(chooses[window.origin + h]) << window.origin;
  }
  EXPECT_EQ(split.validation.size(), 4u * 21u);
}

TEST(SplitSeries, what_needs_no_training_is_judged_by_rolling_origins_before_what_is_held_out) {
  const ForecastSplit few = SplitSeries(SetOf({490, 90}), {.rows = 10, .from = {}}, 10);
  std::vector<Window> of_first, of_second;
  for (const Window& window : few.rolling) (window.series == 0 ? of_first : of_second).push_back(window);
  EXPECT_EQ(of_first.front().origin, 120u) << "a quarter is history alone";
  EXPECT_EQ(of_second.front().origin, 20u);
  EXPECT_GE(of_first.back().origin, 465u);
  EXPECT_LE(of_first.back().origin, 470u);
  EXPECT_GT(of_first.size(), 100u);
  EXPECT_LE(of_first.size(), 201u);
  const ForecastSplit many = SplitSeries(SetOf(std::vector<size_t>(40, 100)), {.rows = 10, .from = {}}, 10);
  EXPECT_EQ(many.rolling.size(), many.validation.size());
  EXPECT_EQ(SplitSeries(SetOf({14}), {.rows = 2, .from = {}}, 10).rolling.size(), 0u) << "there is no room for any";
}

TEST(ForecastSeries, a_spared_row_is_no_target_but_history) {
  const SeriesSet set = SetOf({40});
  ForecastDesign design;
  design.horizon = 4;
  design.columns = set.columns;
  ForecastSeries series(set, set.series[0], design, 40);
  const std::vector<float> features(series.Features(21), series.Features(21) + design.inputs());
  series.Spare(20, 22);
  std::vector<float> targets(4), weights(4);
  series.TargetsAt(19, targets.data(), weights.data());
  EXPECT_GT(weights[0], 0);
  EXPECT_EQ(weights[1], 0);
  EXPECT_EQ(weights[2], 0);
  EXPECT_GT(weights[3], 0);
  EXPECT_TRUE(std::equal(features.begin(), features.end(), series.Features(21)));
}

TEST(ForecastSeries, what_follows_trends_looks_at_each_row_as_it_would_if_the_series_ended_there) {
  SeriesSet set = SetOf({90});
  Series& series = set.series[0];
  Random random(5);
  double level = 100;
  for (double& value : series.target) value = level *= 1.05 + 0.05 * random.Normal();
  ForecastDesign design;
  design.columns = set.columns;
  design.horizon = 4;
  design.quantiles = {0.5};
  design.trends = true;
  const ForecastSeries whole(set, series, design, 90);
  const size_t references = 4 * design.references();
  std::vector<float> of_whole(references), of_cut(references), targets(4), weights(4);
  for (size_t row = 10; row < 84; ++row) {
    const ForecastSeries cut(set, series, design, row + 1);
    for (size_t i = 0; i < design.inputs(); ++i) {
      EXPECT_NEAR(whole.Features(row)[i], cut.Features(row)[i], 1e-4) << "row " << row << ", feature " << i;
    }
    whole.ReferencesAt(row + 1, of_whole.data());
    cut.ReferencesAt(row + 1, of_cut.data());
    for (size_t i = 0; i < references; ++i) EXPECT_NEAR(of_whole[i], of_cut[i], 1e-3 * (1 + std::abs(of_cut[i])));
    whole.TargetsAt(row + 1, targets.data(), weights.data());
    for (size_t h = 0; h < 4; ++h) {
      const float target = cut.FromLevel(row + 1, series.target[row + 1 + h]);
      EXPECT_NEAR(targets[h], target, 1e-4 * (1 + std::abs(target)));
    }
  }
}

TEST(RunningScale, growth_is_from_a_row_to_the_last_and_a_constant_has_none) {
  std::vector<double> doubling;
  for (int t = 0; t < 30; ++t) doubling.push_back(std::exp2(t));
  const std::vector<uint8_t> observed(30, 1);
  const std::vector<float> growth = RunningScale({doubling, observed}, 2).Growth();
  EXPECT_EQ(growth.back(), 1);
  EXPECT_NEAR(growth[27], 4, 0.2);
  EXPECT_EQ(growth[0], 100) << "at most";
  const std::vector<double> constant(30, 7);
  EXPECT_EQ(RunningScale({constant, observed}, 2).Growth(), std::vector<float>(30, 1));
}

TEST(ForecastSeries, one_of_which_the_end_is_kept_says_the_same_of_it) {
  const SeriesSet set = SetOf({60});
  for (const std::vector<size_t>& seasons : {std::vector<size_t>{}, {7}, {7, 80}}) {
    ForecastDesign design;
    design.horizon = 9;
    design.columns = set.columns;
    design.seasons = seasons;
    const size_t window = 5;
    const ForecastSeries whole(set, set.series[0], design, 40);
    ForecastSeries end(set, set.series[0], design, 40);
    end.KeepEnd(window);
    EXPECT_EQ(end.Level(40), whole.Level(40));
    for (size_t row = 40 - window; row < 40; ++row) {
      EXPECT_TRUE(std::equal(end.Features(row), end.Features(row) + design.inputs(), whole.Features(row))) << row;
    }
    std::vector<float> a(design.horizon * design.references()), b(a);
    end.ReferencesAt(40, a.data());
    whole.ReferencesAt(40, b.data());
    EXPECT_EQ(a, b);
  }
}

TEST(SplitSeries, of_a_long_series_a_tenth_chooses_and_of_many_series_a_horizon_or_two_of_each) {
  const ForecastSplit one = SplitSeries(SetOf({5000}), {.rows = 10, .from = {}}, 10);
  EXPECT_EQ(one.ends[0], 4990u - 499u / 4) << "in four stretches";
  EXPECT_GT(one.validation.size(), 200u);
  EXPECT_LE(one.validation.size(), 401u);
  const ForecastSplit many = SplitSeries(SetOf(std::vector<size_t>(40, 100)), {.rows = 10, .from = {}}, 10);
  EXPECT_EQ(many.ends, std::vector<size_t>(40, 80));
  EXPECT_EQ(many.validation.size(), 40u);
}

TEST(SplitSeries, short_series_give_what_they_can_spare) {
  const SeriesSet set = SetOf({100, 1, 5, 14});
  const ForecastSplit split = SplitSeries(set, {.rows = 10, .from = {}}, 10);
  EXPECT_EQ(split.ends, (std::vector<size_t>{68, 0, 0, 4})) << "what is held out trains nothing, however short a series is";
  EXPECT_EQ(split.untrained, 2u);
  EXPECT_EQ(split.held_out.size(), 2u) << "of the first and the last";
  EXPECT_EQ(split.validation.size(), 13u);
  EXPECT_THROW(SplitSeries(SetOf({2, 1}), {.rows = 0, .from = {}}, 1), Error);
}

TEST(SplitSeries, from_a_time_on_everything_is_held_out_a_horizon_at_a_time) {
  const SeriesSet set = SetOf({100});
  const std::vector<Window> windows = HeldOutWindows(set, {.rows = 0, .from = 71}, 10);  // row 70 is at time 71
  ASSERT_EQ(windows.size(), 3u);
  EXPECT_EQ(windows[0].origin, 70u);
  EXPECT_EQ(windows[2].origin, 90u);
  EXPECT_TRUE(HeldOutWindows(set, {.rows = 0, .from = {}}, 10).empty());
}

TEST(SplitSeries, where_nothing_is_left_to_train_on_or_to_judge_by_is_refused_with_the_figures) {
  const SeriesSet set = SetOf({300});
  for (const size_t rows : {293u, 294u, 298u, 299u, 300u, 5000u}) {
    EXPECT_ERROR(SplitSeries(set, {.rows = rows, .from = {}}, 6), fmt::format("longer than {} rows", rows + 7));
    EXPECT_ERROR(SplitSeries(set, {.rows = rows, .from = {}}, 6), "of 300 rows at most");
  }
  EXPECT_EQ(SplitSeries(set, {.rows = 292, .from = {}}, 6).ends[0], 8u);
  for (const size_t horizon : {150u, 299u, 300u, 5000u}) {
    EXPECT_ERROR(SplitSeries(set, {.rows = horizon, .from = {}}, horizon), fmt::format("a horizon of {}", horizon));
    EXPECT_ERROR(SplitSeries(set, {.rows = 290, .from = {}}, horizon), "290 that are held out");
  }
  EXPECT_ERROR(SplitSeries(set, {.rows = 0, .from = -5}, 6), "before the first of 300 rows");
  EXPECT_ERROR(SplitSeries(set, {.rows = 0, .from = 1}, 6), "before the first of 300 rows");
  EXPECT_ERROR(SplitSeries(set, {.rows = 0, .from = 6}, 6), "but is after 5");
  EXPECT_ERROR(SplitSeries(set, {.rows = 0, .from = 301}, 6), "behind all 300 rows");
  EXPECT_NO_THROW(SplitSeries(set, {.rows = 0, .from = 300}, 6));
  EXPECT_NO_THROW(SplitSeries(set, {.rows = 0, .from = {}}, 6)) << "nothing is to be held out";
}

TEST(DefaultForecastSetup, a_season_beyond_the_training_part_is_refused) {
  const SeriesSet set = SetOf({100});
  const ForecastSplit split = SplitSeries(set, {.rows = 10, .from = {}}, 10);
  EXPECT_ERROR(DefaultForecastSetup(set, split, 10, 68), "shorter than the 68 rows");
  EXPECT_EQ(DefaultForecastSetup(set, split, 10, 67).design.season, 67u);
}

}  // namespace forecast_parts_test
}  // namespace eddy
