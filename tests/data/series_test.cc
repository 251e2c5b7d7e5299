#include "data/series.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "data/scaling.h"
#include "data/windows.h"
#include "eddy/error.h"
#include "eddy/random.h"

namespace eddy {
namespace series_test {

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
  EXPECT_EQ(Parse("d,y\n1,1\n2,2\n30,3\n31,4\n", Columns("y", "d")).series[0].size(), 4u);
}

std::string Note(const SeriesSet& set, SeriesNoteKind kind) {
  for (const SeriesNote& note : set.notes) {
    if (note.kind == kind) return note.text;
  }
  return "";
}

// Rows of a day, some of them changed.
std::string Days(size_t rows, const std::function<std::string(size_t, std::string)>& change) {
  TimeAxis axis = TimeAxis::Detect(std::vector<std::string_view>{"2024-01-01"}, "", "", std::vector<size_t>{2});
  std::string text = "d,y\n";
  for (size_t i = 0; i < rows; ++i) {
    const std::string day = change(i, axis.Format(19723 * kDay + static_cast<double>(i) * kDay));
    if (!day.empty()) text += fmt::format("{},{}\n", day, i);
  }
  return text;
}

TEST(Series, a_row_far_from_all_others_is_refused) {
  const auto typo = [](size_t i, std::string day) { return i == 20 ? "2204" + day.substr(4) : day; };
  const std::string message = Message(Days(60, typo), Columns("y", "d"));
  EXPECT_NE(message.find("t.csv line 22 column \"d\""), std::string::npos) << message;
  EXPECT_NE(message.find("2204-01-21"), std::string::npos) << message;
  const auto early = [](size_t i, std::string day) { return i == 20 ? "1924" + day.substr(4) : day; };
  EXPECT_NE(Message(Days(60, early), Columns("y", "d")).find("line 22 column \"d\""), std::string::npos);
  EXPECT_NE(Message("d,y\n1,1\n2,2\n1000000000,4\n", Columns("y", "d")).find("line 4 column \"d\""), std::string::npos);
  EXPECT_NE(Message("d,y\n1,1\n2,2\n1e300,4\n", Columns("y", "d")).find("line 4 column \"d\""), std::string::npos);
}

TEST(Series, a_gap_larger_than_all_others_is_noted_and_filled_up_to_the_length_of_the_series) {
  const auto gap = [](size_t i, std::string day) { return i >= 30 && i < 60 ? "" : day; };
  const SeriesSet set = Parse(Days(100, gap), Columns("y", "d"));
  EXPECT_EQ(set.series[0].size(), 100u);
  EXPECT_EQ(Note(set, SeriesNoteKind::kLargeGap),
            "A gap larger than all others: the series: 31 steps before 2024-03-01 (line 32).");
  EXPECT_EQ(Note(set, SeriesNoteKind::kFilled), "30 rows that are left out were put in as missing, in the series.");
  const auto year = [](size_t i, std::string day) { return i >= 30 && i < 400 ? "" : day; };
  const SeriesSet split = Parse(Days(430, year), Columns("y", "d"));
  EXPECT_EQ(split.series[0].size(), 60u);
  EXPECT_NE(Note(split, SeriesNoteKind::kNotFilled), "");
}

TEST(Series, times_without_a_step_are_refused_by_row) {
  Random random(1);
  std::string text = "t,y\n";
  double time = 0;
  for (int i = 0; i < 100; ++i) text += fmt::format("{:.3f},{}\n", time += 60 + 7000 * random.Uniform(), i);
  const std::string message = Message(text, Columns("y", "t"));
  EXPECT_NE(message.find("t.csv line"), std::string::npos) << message;
  EXPECT_NE(message.find("fit no step"), std::string::npos) << message;
}

TEST(Series, rows_a_little_early_or_late_are_on_the_step) {
  std::string text = "t,y\n";
  for (int i = 0; i < 100; ++i) {
    if (i != 50) text += fmt::format("{},{}\n", 300 * i + (i % 7 == 3 ? 4 : 0), i);
  }
  const SeriesSet set = Parse(text, Columns("y", "t"));
  EXPECT_EQ(set.series[0].size(), 100u);
  EXPECT_EQ(set.series[0].observed[50], 0);
}

TEST(Series, no_row_is_put_in_where_it_is_closed) {
  std::string text = "d,y\n";
  for (int day = 1; day <= 28; ++day) {
    for (int hour = 9; hour <= 12; ++hour) {
      if (day == 10 && hour == 11) continue;
      text += fmt::format("2024-01-{:02} {:02}:00,{}\n", day, hour, hour);
    }
  }
  const SeriesSet set = Parse(text, Columns("y", "d"));
  EXPECT_EQ(set.series[0].size(), 4u * 28);
  EXPECT_EQ(std::count(set.series[0].observed.begin(), set.series[0].observed.end(), 0), 1);
  EXPECT_EQ(Note(set, SeriesNoteKind::kCalendar),
            "Rows are an open hour apart: Monday to Sunday 09:00 to 12:00. Nothing is put in or forecast at other times.");
  EXPECT_EQ(set.axis.Format(set.TimeAfter(set.series[0], set.series[0].times.back(), 1)), "2024-01-29 09:00");

  const std::string few = "d,y\n2024-02-01 09:00,1\n2024-02-01 10:00,1\n2024-02-01 11:00,1\n2024-02-01 12:00,1\n";
  SeriesReading reading;
  EXPECT_EQ(ReadSeries(ParseCsv(few, "t.csv"), Columns("y", "d"), reading).axis.StepName(), "hour") << "too few to tell";
  reading.calendar = set.axis.calendar();
  const SeriesSet again = ReadSeries(ParseCsv(few, "t.csv"), Columns("y", "d"), reading);
  EXPECT_EQ(again.axis.StepName(), "open hour") << "as the model knows";
  EXPECT_EQ(again.axis.Format(again.TimeAfter(again.series[0], again.series[0].times.back(), 1)), "2024-02-02 09:00");
}

TEST(Series, each_series_has_its_own_calendar) {
  std::string text = "s,d,y\n";
  for (int day = 1; day <= 31; ++day) {
    for (int hour = 0; hour < 24; ++hour) {
      const auto row = [&](const char* shop) { text += fmt::format("{},2024-01-{:02} {:02}:00,1\n", shop, day, hour); };
      if (hour >= 9 && hour <= 17) row("morning");
      if (hour >= 14 && hour <= 22) row("late");
      if (hour % 6 == 0) row("every six hours");
      row("always");
    }
  }
  const SeriesSet set = Parse(text, Columns("y", "d", "s"));
  const std::vector<std::string> next = {"2024-02-01 00:00", "2024-02-01 00:00", "2024-02-01 09:00", "2024-02-01 14:00"};
  const std::vector<size_t> rows = {4 * 31, 24 * 31, 9 * 31, 9 * 31};
  for (size_t i = 0; i < 4; ++i) {
    const Series& series = set.series[i];
    EXPECT_EQ(series.size(), rows[i]) << series.name;
    EXPECT_EQ(set.axis.Format(set.TimeAfter(series, series.times.back(), 1)), next[i]) << series.name;
  }
  EXPECT_NE(Note(set, SeriesNoteKind::kOtherCalendar).find("every six hours (6 hours)"), std::string::npos);
}

TEST(Series, a_wide_table_is_a_series_a_column) {
  const std::string_view text = "day,name,A,B,C,temp\n2024-01-01,x,1,10,,5\n2024-01-03,x,3,30,,6\n2024-01-02,x,2,,,7\n";
  SeriesColumns columns;
  columns.time = "day";
  columns.each = {"B", "A"};
  columns.covariates = {"temp"};
  const SeriesSet set = Parse(text, columns);
  ASSERT_EQ(set.series.size(), 2u);
  EXPECT_EQ(set.series[0].name, "B");
  EXPECT_EQ(set.series[0].observed, (std::vector<uint8_t>{1, 0, 1}));
  EXPECT_EQ(set.series[1].target, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(set.series[1].covariates, (std::vector<double>{5, 7, 6}));
  columns.each = {};
  columns.each_of_numbers = true;
  const SeriesSet all = Parse(text, columns);
  ASSERT_EQ(all.series.size(), 2u) << "C is empty, name is none, temp is a covariate";
  EXPECT_EQ(Note(all, SeriesNoteKind::kLeftOut), "1 series without a single value left out: C.");
  columns.series = "name";
  EXPECT_NE(Message(text, columns), "");
}

TEST(Series, columns_of_names_become_covariates_of_zeros_and_ones) {
  SeriesColumns columns = Columns("y");
  columns.covariates = {"promo", "sky", "c"};
  columns.known = {"promo", "sky"};
  const SeriesSet set = Parse("y,promo,sky,c\n1,TRUE,rain,1\n2,FALSE,,2\n3,false,Sun,3\n", columns);
  EXPECT_EQ(set.columns.covariates, (std::vector<std::string>{"promo", "sky=rain", "sky=Sun", "c"}));
  EXPECT_EQ(set.columns.known, (std::vector<std::string>{"promo", "sky=rain", "sky=Sun"}));
  EXPECT_EQ(set.known, (std::vector<uint8_t>{1, 1, 1, 0}));
  EXPECT_EQ(set.series[0].covariates, (std::vector<double>{1, 1, 0, 1, 0, 1, 0, 2, 0, 0, 1, 3}));

  const SeriesSet again = Parse("y,promo,sky,c\n1,true,SUN,1\n2,FALSE,snow,2\n", set.columns);
  EXPECT_EQ(again.columns.covariates, set.columns.covariates) << "new data are read as the model's were";
  EXPECT_EQ(again.series[0].covariates, (std::vector<double>{1, 0, 1, 1, 0, 0, 0, 2}));
  EXPECT_NE(Note(again, SeriesNoteKind::kUnknownName).find("\"snow\" (line 3)"), std::string::npos);

  std::string many = "y,promo,sky,c\n";
  for (int i = 0; i < 100; ++i) many += fmt::format("{},TRUE,name {},1\n", i, i);
  EXPECT_NE(Message(many, columns).find("line 66 column \"sky\""), std::string::npos);
}

TEST(Series, values_too_large_to_be_squared_are_refused_by_row) {
  EXPECT_NE(Message("y\n1\n1e300\n", Columns("y")).find("t.csv line 3 column \"y\""), std::string::npos);
  EXPECT_EQ(Parse("y\n1\n-1e12\n", Columns("y")).series[0].target[1], -1e12);
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
  EXPECT_NE(Message("s,y\nb,\n", Columns("y", "", "s")).find("series \"b\""), std::string::npos);
  EXPECT_EQ(Note(Parse("s,y\na,1\nb,\n", Columns("y", "", "s")), SeriesNoteKind::kLeftOut),
            "1 series without a single value left out: b.");
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

TEST(Scaling, a_swing_is_told_from_its_level_as_far_as_doubles_do) {
  for (const double level : {0.0, 1e7, -1e7, 1e12}) {
    std::vector<double> values;
    for (int t = 0; t < 1000; ++t) values.push_back(level + 10 * std::sin(0.1 * t));
    const Scaling scaling = ScalingOf(ScalingKind::kStandard, {values, std::vector<uint8_t>(1000, 1)});
    EXPECT_NEAR(scaling.scale, 10 / std::sqrt(2), 0.2) << level;
    EXPECT_NEAR(scaling.Apply(level + 10) - scaling.Apply(level - 10), 20 / scaling.scale, 1e-3) << level;
  }
  const std::vector<double> constant(100'000, 0.1);
  EXPECT_NEAR(ScalingOf(ScalingKind::kStandard, {constant, std::vector<uint8_t>(constant.size(), 1)}).scale, 0.1, 1e-9)
      << "a constant has no swing, though sums of it are rounded";
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

}  // namespace series_test
}  // namespace eddy
