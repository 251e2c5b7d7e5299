#include "data/time_axis.h"

#include <gtest/gtest.h>

#include <cmath>

#include "eddy/error.h"

namespace eddy {
namespace {

struct Read {
  TimeAxis axis;
  std::vector<double> times;
};

Read ReadTimes(const std::vector<std::string_view>& cells) {
  std::vector<size_t> lines(cells.size());
  for (size_t i = 0; i < lines.size(); ++i) lines[i] = i + 2;
  Read read{TimeAxis::Detect(cells, "when", "t.csv", lines), {}};
  for (const std::string_view cell : cells) read.times.push_back(*read.axis.Parse(cell));
  read.axis.DetectStep(std::vector<std::vector<double>>{read.times});
  return read;
}

struct Case {
  std::vector<std::string_view> cells;
  std::string step;
  std::vector<std::string> next;
};

TEST(TimeAxis, the_step_is_found_and_times_go_on_in_the_same_format) {
  const std::vector<Case> cases = {
      {{"20011215", "20011222", "20011229"}, "week", {"20020105", "20020112"}},
      {{"2016-02-27", "2016-02-28"}, "day", {"2016-02-29", "2016-03-01"}},
      {{"2016/02/27", "2016/02/28"}, "day", {"2016/02/29"}},
      {{"2016-07-01 22:00:00", "2016-07-01 23:00:00"}, "hour", {"2016-07-02 00:00:00"}},
      {{"2016-07-01T22:00Z", "2016-07-01T22:15Z"}, "15 minutes", {"2016-07-01T22:30Z"}},
      {{"2016-07-01 22:00:00.5+02:00", "2016-07-01 22:00:01.0+02:00"}, "0.5 seconds", {"2016-07-01 22:00:01.500+02:00"}},
      {{"1958-11", "1958-12"}, "month", {"1959-01", "1959-02"}},
      {{"1958-07", "1958-10"}, "quarter", {"1959-01"}},
      {{"1958", "1959", "1961", "1962"}, "year", {"1963"}},
      {{"2019-12-31", "2020-01-31"}, "month", {"2020-02-29", "2020-03-31", "2020-04-30"}},
      {{"2020-01-15", "2020-02-15"}, "month", {"2020-03-15"}},
      {{"2024-03-27", "2024-03-28", "2024-03-29", "2024-04-01", "2024-04-02"},
       "weekday",
       {"2024-04-03", "2024-04-04", "2024-04-05", "2024-04-08"}},
      {{"1", "2", "3"}, "step", {"4", "5"}},
      {{"0.1", "0.2", "0.3", "0.4"}, "0.1 steps", {"0.5"}},
      {{"7"}, "step", {"8"}},
      {{"2016-07-01"}, "day", {"2016-07-02"}},
  };
  for (const Case& c : cases) {
    const Read read = ReadTimes(c.cells);
    EXPECT_EQ(read.axis.StepName(), c.step) << c.cells[0];
    for (size_t i = 0; i < c.next.size(); ++i) {
      EXPECT_EQ(read.axis.Format(read.axis.Advance(read.times.back(), i + 1)), c.next[i]);
    }
    for (size_t i = 0; i < c.cells.size(); ++i) {
      EXPECT_EQ(*read.axis.Parse(read.axis.Format(read.times[i])), read.times[i]) << c.cells[i];
    }
  }
}

TEST(TimeAxis, midnight_may_be_left_out) {
  const Read read = ReadTimes({"2016-07-01", "2016-07-01 01:00", "2016-07-01 02:00"});
  EXPECT_EQ(read.axis.format(), TimeFormat::kDateTime);
  EXPECT_EQ(read.axis.StepName(), "hour");
  EXPECT_EQ(read.axis.Format(read.times[0]), "2016-07-01 00:00");
}

TEST(TimeAxis, steps_between_two_times_are_counted_where_they_fit) {
  const Read hours = ReadTimes({"2016-07-01 00:00", "2016-07-01 01:00"});
  EXPECT_EQ(hours.axis.StepsBetween(0, 7200), 2u);
  EXPECT_EQ(hours.axis.StepsBetween(0, 7201), std::nullopt);
  EXPECT_EQ(hours.axis.StepsBetween(7200, 0), std::nullopt);
  for (const std::vector<std::string_view>& cells : {std::vector<std::string_view>{"2019-12-31", "2020-01-31"},
                                                     {"2024-03-29", "2024-04-01", "2024-04-02", "2024-04-03"},
                                                     {"0.1", "0.2"}}) {
    const Read read = ReadTimes(cells);
    for (size_t steps = 0; steps < 50; ++steps) {
      EXPECT_EQ(read.axis.StepsBetween(read.times[0], read.axis.Advance(read.times[0], steps)), steps) << cells[0];
    }
  }
}

TEST(TimeAxis, calendar_features_go_round_once_a_cycle) {
  const Read read = ReadTimes({"2016-07-01 00:00", "2016-07-01 01:00"});
  EXPECT_EQ(read.axis.FeatureNames(),
            (std::vector<std::string>{"day sine", "day cosine", "week sine", "week cosine", "year sine", "year cosine"}));
  float now[6], later[6];
  read.axis.Features(*read.axis.Parse("2024-07-01 06:00"), now);  // a Monday
  EXPECT_NEAR(now[0], 1, 1e-6);
  EXPECT_NEAR(now[1], 0, 1e-6);
  EXPECT_NEAR(now[2], std::sin(2 * M_PI * .25 / 7), 1e-6);
  read.axis.Features(*read.axis.Parse("2024-07-08 06:00"), later);
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(now[i], later[i], 1e-6);
  EXPECT_NE(now[4], later[4]);

  EXPECT_EQ(ReadTimes({"2016-01", "2016-02"}).axis.FeatureNames().size(), 2u);
  EXPECT_TRUE(ReadTimes({"2016", "2017"}).axis.FeatureNames().empty());
  EXPECT_TRUE(ReadTimes({"1", "2"}).axis.FeatureNames().empty());
}

TEST(TimeAxis, natural_seasons_are_a_day_a_week_and_a_year) {
  EXPECT_EQ(ReadTimes({"2016-07-01 00:00", "2016-07-01 01:00"}).axis.NaturalSeasons(), (std::vector<size_t>{24, 168, 8766}));
  EXPECT_EQ(ReadTimes({"20011215", "20011222"}).axis.NaturalSeasons(), (std::vector<size_t>{52}));
  EXPECT_EQ(ReadTimes({"2001-12", "2002-01"}).axis.NaturalSeasons(), (std::vector<size_t>{12}));
  EXPECT_TRUE(ReadTimes({"1", "2"}).axis.NaturalSeasons().empty());
}

TEST(TimeAxis, a_time_that_cannot_be_read_is_an_error_with_its_line_and_column) {
  const auto message = [](const std::vector<std::string_view>& cells) -> std::string {
    try {
      ReadTimes(cells);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message({"2016-07-01", "2016-07-02", "yesterday"}),
            "read: t.csv line 4 column \"when\" must be a time as in the rows before, such as \"2016-07-01\", but is "
            "\"yesterday\"");
  for (const std::string_view bad : {"", "2016-13-01", "2016-02-30", "01/02/2016", "2016-07-01 24:00", "2016-07-01 1:00",
                                     "2016-07-01 10:00+2", "inf", "2016-07-01 ", "2016-07-01T10:00:00.5X"}) {
    EXPECT_NE(message({bad}).find("line 2 column \"when\""), std::string::npos) << bad;
  }
}

}  // namespace
}  // namespace eddy
