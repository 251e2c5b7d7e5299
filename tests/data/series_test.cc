#include "data/series.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/scaling.h"
#include "data/windows.h"
#include "eddy/error.h"

namespace eddy {
namespace {

SeriesSet Parse(std::string_view text, const SeriesColumns& columns) { return ReadSeries(ParseCsv(text, "t.csv"), columns); }

std::string Message(std::string_view text, const SeriesColumns& columns) {
  try {
    Parse(text, columns);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

SeriesColumns Columns(std::string target, std::string time = "", std::string series = "") {
  SeriesColumns columns;
  columns.target = std::move(target);
  columns.time = std::move(time);
  columns.series = std::move(series);
  return columns;
}

TEST(Series, several_series_may_be_interleaved_out_of_order_and_of_different_lengths) {
  const SeriesSet set = Parse("my id,t,y\nB \"x\",2,20\nA,3,3\nA,1,1\nB \"x\",1,10\nA,2,2\n", Columns("y", "t", "my id"));
  ASSERT_EQ(set.series.size(), 2u);
  EXPECT_EQ(set.series[0].name, "B \"x\"");
  EXPECT_EQ(set.series[0].target, (std::vector<double>{10, 20}));
  EXPECT_EQ(set.series[1].target, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(set.series[1].times, (std::vector<double>{1, 2, 3}));
}

TEST(Series, without_a_time_column_rows_are_steps_of_their_series) {
  const SeriesSet set = Parse("s,y\na,1\nb,5\na,2\n", Columns("y", "", "s"));
  EXPECT_EQ(set.series[0].times, (std::vector<double>{1, 2}));
  EXPECT_EQ(set.series[1].times, (std::vector<double>{1}));
  EXPECT_EQ(set.axis.Format(set.axis.Advance(2, 1)), "3");
}

TEST(Series, missing_values_are_marked_and_hold_the_last_value) {
  const SeriesSet set = Parse("y\nNA\n1\n\n3\nnan\n", Columns("y"));
  EXPECT_EQ(set.series[0].target, (std::vector<double>{1, 1, 3, 3})) << "rows before the first value are dropped";
  EXPECT_EQ(set.series[0].observed, (std::vector<uint8_t>{1, 0, 1, 0}));
}

TEST(Series, rows_that_are_left_out_are_put_in_as_missing) {
  const SeriesSet set = Parse("d,y\n2024-01-01,1\n2024-01-02,2\n2024-01-04,4\n", Columns("y", "d"));
  EXPECT_EQ(set.series[0].target, (std::vector<double>{1, 2, 2, 4}));
  EXPECT_EQ(set.series[0].observed, (std::vector<uint8_t>{1, 1, 0, 1}));
  EXPECT_EQ(set.axis.Format(set.series[0].times[2]), "2024-01-03");
}

TEST(Series, times_that_fit_no_step_or_leave_out_too_much_stay_rows) {
  EXPECT_EQ(Parse("d,y\n1,1\n2,2\n3.7,4\n", Columns("y", "d")).series[0].size(), 3u);
  EXPECT_EQ(Parse("d,y\n1,1\n2,2\n1000000000,4\n", Columns("y", "d")).series[0].size(), 3u);
  EXPECT_EQ(Parse("d,y\n1,1\n2,2\n1e300,4\n", Columns("y", "d")).series[0].size(), 3u);
}

TEST(Series, a_covariate_is_unknown_in_the_future_unless_declared) {
  SeriesColumns columns = Columns("y", "t");
  columns.covariates = {"seen", "planned"};
  columns.known = {"planned"};
  const std::string_view text = "t,y,seen,planned\n1,1,,5\n2,2,7,\n3,,999,6\n4,,999,7\n";
  const SeriesSet set = Parse(text, columns);
  const Series& series = set.series[0];
  ASSERT_EQ(series.size(), 2u);
  ASSERT_EQ(series.future(), 2u);
  const double nan = NAN;
  const std::vector<double> expected = {nan, 5, 7, 5, nan, 6, nan, 7};
  ASSERT_EQ(series.covariates.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_TRUE(series.covariates[i] == expected[i] || (std::isnan(expected[i]) && std::isnan(series.covariates[i]))) << i;
  }
  columns.known = {};
  EXPECT_EQ(Parse(text, columns).series[0].size(), 4u) << "without known covariates the last rows are merely missing";
  EXPECT_EQ(Parse(text, columns).series[0].future(), 0u);
}

TEST(Series, wrong_columns_are_errors_that_suggest_the_right_one) {
  EXPECT_NE(Message("date,value\n1,2\n", Columns("vlaue")).find("did you mean \"value\"?"), std::string::npos);
  EXPECT_NE(Message("date,value\n1,2\n", Columns("value", "value")).find("named twice"), std::string::npos);
  SeriesColumns columns = Columns("y");
  columns.covariates = {"holiday"};
  columns.known = {"holidays"};
  EXPECT_NE(Message("y,holiday\n1,2\n", columns).find("did you mean \"holiday\"?"), std::string::npos);
}

TEST(Series, bad_rows_are_errors_that_name_the_line) {
  EXPECT_EQ(Message("s,t,y\na,1,1\nb,1,1\na,2,2\na,1,3\n", Columns("y", "t", "s")),
            "read: t.csv line 5 column \"t\" must be a time that occurs once in series \"a\", but is \"1\" again");
  EXPECT_NE(Message("s,y\na,1\n,2\n", Columns("y", "", "s")).find("line 3 column \"s\""), std::string::npos);
  EXPECT_NE(Message("s,y\na,1\nb,\n", Columns("y", "", "s")).find("series \"b\""), std::string::npos);
  EXPECT_NE(Message("t,y\n1,1\n2,x\n", Columns("y", "t")).find("line 3 column \"y\""), std::string::npos);
  EXPECT_NE(Message("t,y\n1,1\n,2\n", Columns("y", "t")).find("line 3 column \"t\""), std::string::npos);
}

TEST(Series, the_weekly_record_of_carbon_dioxide_is_read_with_its_missing_weeks) {
  const SeriesSet set = ReadSeries(ReadCsv(EDDY_SOURCE_DIR "/examples/data/co2.csv"), Columns("co2", "date"));
  ASSERT_EQ(set.series[0].size(), 2284u);
  EXPECT_EQ(set.axis.StepName(), "week");
  EXPECT_EQ(std::count(set.series[0].observed.begin(), set.series[0].observed.end(), 0), 59);
  EXPECT_EQ(set.axis.Format(set.axis.Advance(set.series[0].times.back(), 1)), "20020105");
}

TEST(Scaling, comes_from_observed_values_and_can_be_undone) {
  const std::vector<double> values = {1, 1000, 3, 5};
  const std::vector<uint8_t> observed = {1, 0, 1, 1};
  const Scaling standard = ScalingOf(ScalingKind::kStandard, {values, observed});
  EXPECT_EQ(standard.shift, 3);
  EXPECT_NEAR(standard.scale, std::sqrt(8.0 / 3), 1e-12);
  EXPECT_NEAR(standard.Invert(standard.Apply(5)), 5, 1e-6);
  EXPECT_EQ(ScalingOf(ScalingKind::kMeanAbsolute, {values, observed}).scale, 3);
  EXPECT_EQ(ScalingOf(ScalingKind::kMeanAbsolute, {values, observed}).shift, 0);
  EXPECT_EQ(standard.Apply(NAN), 0);
  EXPECT_EQ(ParseScaling("standard"), ScalingKind::kStandard);
  EXPECT_THROW(ParseScaling("standrad"), Error);
}

TEST(Scaling, is_finite_and_positive_for_constant_zero_huge_and_missing_values) {
  const std::vector<std::vector<double>> cases = {
      {0, 0, 0}, {7, 7, 7}, {0.1, 0.1, 0.1}, {-1e9, -1e9, -1e9}, {1e308, 1e308, -1e308}, {1e-320, 0, 0}};
  for (const ScalingKind kind :
       {ScalingKind::kNone, ScalingKind::kMeanAbsolute, ScalingKind::kDeviation, ScalingKind::kStandard}) {
    for (const auto& values : cases) {
      for (const uint8_t seen : {uint8_t{0}, uint8_t{1}}) {
        const Scaling scaling = ScalingOf(kind, {values, std::vector<uint8_t>(values.size(), seen)});
        EXPECT_TRUE(std::isfinite(scaling.shift));
        EXPECT_TRUE(std::isfinite(scaling.scale) && scaling.scale > 0);
        EXPECT_TRUE(std::isfinite(scaling.Apply(values[0]))) << values[0];
      }
    }
  }
}

TEST(Windows, lie_inside_the_training_part_and_have_something_to_judge) {
  const SeriesSet set = Parse("s,y\na,1\na,2\na,3\na,\na,\na,6\na,7\nb,1\nb,2\nb,3\n", Columns("y", "", "s"));
  const std::vector<size_t> ends = HoldOutLast(set, 1);
  EXPECT_EQ(ends, (std::vector<size_t>{6, 2}));
  std::vector<uint32_t> origins;
  for (const Window& window : TrainingWindows(set, ends, 2, 2)) {
    EXPECT_EQ(window.series, 0u) << "the second is too short";
    origins.push_back(window.origin);
  }
  EXPECT_EQ(origins, (std::vector<uint32_t>{2, 4})) << "rows 3 and 4 are missing";
  EXPECT_EQ(TrainingWindows(set, ends, 1, 1, 3).size(), 3u);
  EXPECT_THROW(HoldOutLast(set, 3), Error) << "the second series would be all held out";
  EXPECT_EQ(HoldOutFrom(set, 3), (std::vector<size_t>{2, 2}));
  EXPECT_EQ(HoldOutFrom(set, 99), (std::vector<size_t>{7, 3}));
}

}  // namespace
}  // namespace eddy
