#include "data/time_axis.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "eddy/error.h"
#include "eddy/random.h"
#include "model/temporary_directory.h"

namespace eddy {
namespace time_axis_test {

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
      {{"202310", "202311", "202312"}, "month", {"202401", "202402"}},
      {{"1000", "1001", "10000"}, "step", {"10001"}},
      {{"1/31/2019", "2/1/2019", "2/2/2019"}, "day", {"2/3/2019"}},
      {{"01/30/2019", "01/31/2019"}, "day", {"02/01/2019"}},
      {{"30.01.2019", "31.01.2019"}, "day", {"01.02.2019"}},
      {{"1.2.2019", "2.2.2019"}, "day", {"3.2.2019"}},
      {{"30/1/19", "31/1/19"}, "day", {"1/2/19"}},
      {{"30-Jan-2022", "31-Jan-2022"}, "day", {"01-Feb-2022"}},
      {{"30 january 2022", "31 january 2022"}, "day", {"01 february 2022"}},
      {{"Feb 27, 2024", "Feb 28, 2024"}, "day", {"Feb 29, 2024", "Mar 01, 2024"}},
      {{"Nov-2023", "Dec-2023"}, "month", {"Jan-2024"}},
      {{"11/2023", "12/2023"}, "month", {"01/2024"}},
      {{"2023M11", "2023M12"}, "month", {"2024M01"}},
      {{"1970Q1", "1970Q2", "1970Q3"}, "quarter", {"1970Q4", "1971Q1"}},
      {{"Q3 1970", "Q4 1970"}, "quarter", {"Q1 1971"}},
      {{"2015-W52", "2015-W53"}, "week", {"2016-W01"}},
      {{"2015-W53-6", "2015-W53-7"}, "day", {"2016-W01-1"}},
      {{"31/12/2023 10:00:00 PM", "31/12/2023 11:00:00 PM"}, "hour", {"01/01/2024 12:00:00 AM", "01/01/2024 01:00:00 AM"}},
      {{"1/31/2019 9:00", "1/31/2019 10:00"}, "hour", {"1/31/2019 11:00"}},
      {{"1/31/2019, 11:00 am", "1/31/2019, 12:00 pm"}, "hour", {"1/31/2019, 01:00 pm"}},
      {{"2024-01-01 00:00:00+0000", "2024-01-01 01:00:00+0000"}, "hour", {"2024-01-01 02:00:00+0000"}},
      {{"2024-02-29", "2024-03-28", "2024-04-30", "2024-05-31"}, "month", {"2024-06-30"}},
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
  EXPECT_EQ(read.axis.StepName(), "hour");
  EXPECT_EQ(read.axis.Format(read.times[0]), "2016-07-01 00:00");
}

// Times from `first` on, every `step` seconds, where `open` of the day of the week and the hour.
template <class Open>
std::vector<std::string> Times(double first, double step, size_t count, const Open& open) {
  const DateLayout layout = DateLayout::Of("2024-01-01")[0];
  std::vector<std::string> times;
  for (double time = first; times.size() < count; time += step) {
    const double day = std::floor(time / kDay);
    if (open(Weekday(day), (time - day * kDay) / kHour)) {
      times.push_back(layout.Format(time, 0) + " " + FormatTimeOfDay(time - day * kDay, {}));
    }
  }
  return times;
}

constexpr double kFirstMonday = 19723 * kDay;  // 2024-01-01

Read ReadStrings(const std::vector<std::string>& cells) {
  return ReadTimes(std::vector<std::string_view>(cells.begin(), cells.end()));
}

TEST(Calendar, hours_and_days_that_are_always_closed_are_found_and_never_entered) {
  struct Shop {
    std::function<bool(int, double)> open;
    std::string name, step;
  };
  const std::vector<Shop> shops = {
      {[](int, double hour) { return hour >= 9 && hour <= 12; }, "Monday to Sunday 09:00 to 12:00", "open hour"},
      {[](int day, double hour) { return day != 0 && hour >= 10 && hour <= 17; }, "Tuesday to Sunday 10:00 to 17:00",
       "open hour"},
      {[](int day, double hour) { return day < 5 ? hour >= 8 && hour <= 18 : day == 5 && hour >= 9 && hour <= 12; },
       "Monday to Friday 08:00 to 18:00, Saturday 09:00 to 12:00", "open hour"},
      {[](int, double hour) { return (hour >= 8 && hour <= 11) || (hour >= 14 && hour <= 17); },
       "Monday to Sunday 08:00 to 11:00 and 14:00 to 17:00", "open hour"},
      {[](int day, double hour) { return hour == 0 && day != 6; }, "Monday to Saturday", "open day"},
      {[](int day, double hour) { return hour == 0 && day < 5; }, "Monday to Friday", "weekday"},
      {[](int day, double hour) { return hour == 0 && (day == 1 || day == 2 || day == 4); }, "Tuesday to Wednesday, Friday",
       "open day"},
  };
  for (const Shop& shop : shops) {
    std::vector<std::string> times = Times(kFirstMonday, kHour, 400, shop.open);
    const std::vector<std::string> after(times.begin() + 250, times.end());
    times.resize(250);
    for (const size_t missing : {0u, 1u}) {  // with and without rows that are left out
      std::vector<std::string> rows = times;
      if (missing > 0) rows.erase(rows.begin() + 50);
      if (missing > 0) rows.erase(rows.begin() + 77);
      const Read read = ReadStrings(rows);
      EXPECT_EQ(read.axis.StepName(), shop.step) << shop.name;
      EXPECT_EQ(read.axis.calendar().DescribeOpen(), shop.name);
      for (size_t i = 0; i < after.size(); ++i) {
        const double time = read.axis.Advance(read.times.back(), i + 1);
        ASSERT_EQ(time, *read.axis.Parse(after[i])) << shop.name << " " << i;
        ASSERT_EQ(read.axis.StepsBetween(read.times.back(), time), i + 1) << shop.name;
      }
    }
  }
}

TEST(Calendar, what_is_missing_by_chance_is_not_closed) {
  Random random(1);
  const std::vector<std::string> hours =
      Times(kFirstMonday, kHour, 300, [&](int, double) { return random.Uniform() < 0.5; });
  EXPECT_EQ(ReadStrings(hours).axis.StepName(), "hour");
  const std::vector<std::string> days = Times(kFirstMonday, kDay, 40, [&](int, double) { return random.Uniform() < 0.5; });
  EXPECT_EQ(ReadStrings(days).axis.StepName(), "day");
  const std::vector<std::string> two_days = Times(kFirstMonday, kHour, 8, [](int, double hour) { return hour < 4; });
  EXPECT_EQ(ReadStrings(two_days).axis.StepName(), "hour") << "too few to tell";
}

TEST(Calendar, days_of_the_month_repeat) {
  std::vector<std::string> rows, after;
  for (int month = 1; month <= 12; ++month) {
    for (const char* day : {"01", "15"}) (month < 10 ? rows : after).push_back(fmt::format("2023-{:02}-{}", month, day));
  }
  const Read read = ReadStrings(rows);
  EXPECT_EQ(read.axis.StepName(), "half month");
  EXPECT_EQ(read.axis.calendar().DescribeOpen(), "days 1 and 15 of the month");
  EXPECT_EQ(read.axis.NaturalSeasons(), (std::vector<size_t>{2, 24}));
  for (size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(read.axis.Format(read.axis.Advance(read.times.back(), i + 1)), after[i]);
  }
  const Read ends =
      ReadStrings(std::vector<std::string>{"2023-01-15", "2023-01-31", "2023-02-15", "2023-02-28", "2023-03-15",
                                           "2023-03-31", "2023-04-15", "2023-04-30", "2023-05-15"});
  EXPECT_EQ(ends.axis.Format(ends.axis.Advance(ends.times.back(), 3)), "2023-06-30");
}

TEST(Calendar, seasons_are_counted_in_open_steps) {
  const auto open = [](int day, double hour) { return day < 5 && hour >= 9 && hour <= 16; };
  EXPECT_EQ(ReadStrings(Times(kFirstMonday, kHour, 200, open)).axis.NaturalSeasons(), (std::vector<size_t>{8, 40, 2087}));
}

TEST(TimeZone, offsets_go_on_by_the_rule_that_the_rows_show) {
  struct Zone {
    std::vector<std::string> rows;
    size_t steps;
    std::string last;
  };
  const std::vector<Zone> zones = {
      // Central Europe: the clock was set back on 2023-10-29, and is set forward on 2024-03-31 at 1:00 UTC.
      {{"2023-10-29T02:00:00+02:00", "2023-10-29T02:00:00+01:00", "2023-10-29T03:00:00+01:00"},
       1,
       "2023-10-29T04:00:00+01:00"},
      {{"2023-10-29T02:00:00+02:00", "2023-10-29T02:00:00+01:00", "2023-10-29T03:00:00+01:00"},
       24 * 154,
       "2024-03-31T04:00:00+02:00"},
      // New York: on 2024-03-10 at 2:00.
      {{"2023-11-05T01:00:00-04:00", "2023-11-05T01:00:00-05:00", "2023-11-05T02:00:00-05:00"},
       24 * 126 - 1,
       "2024-03-10T01:00:00-05:00"},
      {{"2023-11-05T01:00:00-04:00", "2023-11-05T01:00:00-05:00", "2023-11-05T02:00:00-05:00"},
       24 * 126,
       "2024-03-10T03:00:00-04:00"},
      // Sydney: summer ends on 2024-04-07 at 3:00.
      {{"2023-10-01T01:00:00+10:00", "2023-10-01T03:00:00+11:00", "2023-10-01T04:00:00+11:00"},
       24 * 189 - 1,
       "2024-04-07T02:00:00+10:00"},
      // No known rule: as a year before.
      {{"2022-05-01T00:00:00+03:00", "2022-11-01T00:00:00+05:00", "2023-05-01T00:00:00+03:00"},
       1,
       "2023-11-01T00:00:00+05:00"},
  };
  for (const Zone& zone : zones) {
    const Read read = ReadStrings(zone.rows);
    EXPECT_EQ(read.axis.Format(read.axis.Advance(read.times.back(), zone.steps)), zone.last);
    for (size_t i = 0; i < zone.rows.size(); ++i) EXPECT_EQ(read.axis.Format(read.times[i]), zone.rows[i]);
  }
}

TEST(TimeZone, days_are_days_of_the_place) {
  const Read read = ReadStrings(std::vector<std::string>{"2023-10-27 00:00+02:00", "2023-10-28 00:00+02:00",
                                                         "2023-10-29 00:00+02:00", "2023-10-30 00:00+01:00"});
  EXPECT_EQ(read.axis.StepName(), "day");
  EXPECT_EQ(read.axis.StepsBetween(read.times[2], read.times[3]), 1u) << "25 hours";
  EXPECT_EQ(read.axis.Format(read.axis.Advance(read.times.back(), 154)), "2024-04-01 00:00+02:00");
}

TEST(TimeAxis, day_and_month_are_told_apart_by_the_column_or_asked_for) {
  const auto read = [](const std::vector<std::string_view>& cells, DateOrder order) {
    const std::vector<size_t> lines = {2, 3, 4};
    return TimeAxis::Detect(cells, "when", "t.csv", lines, order);
  };
  const std::vector<std::string_view> unclear = {"1/2/2023", "2/2/2023", "3/2/2023"};
  EXPECT_EQ(read(unclear, DateOrder::kDayFirst).Parse("4/2/2023"), *Midnight(2023, 2, 4));
  EXPECT_EQ(read(unclear, DateOrder::kMonthFirst).Parse("4/2/2023"), *Midnight(2023, 4, 2));
  EXPECT_ERROR(read(unclear, DateOrder::kAsShown), "say whether the day or the month comes first");
  EXPECT_ERROR(read(unclear, DateOrder::kAsShown), "t.csv line 2 column \"when\"");
  EXPECT_EQ(read({"1/2/2023", "2/2/2023", "13/2/2023"}, DateOrder::kAsShown).Parse("3/2/2023"), *Midnight(2023, 2, 3));
  EXPECT_ERROR(read({"13/2/2023", "2/2/2023", "2/13/2023"}, DateOrder::kAsShown), "line 4");
  EXPECT_ERROR(read({"1/2/2023", "2/13/2023", "13/2/2023"}, DateOrder::kAsShown), "line 4");
  EXPECT_EQ(read(unclear, DateOrder::kDayFirst).Parse("2023-02-05"), *Midnight(2023, 2, 5)) << "as anyone writes it";
}

TEST(TimeAxis, a_mistyped_month_is_an_error_though_it_is_a_number) {
  std::vector<std::string_view> cells = {"202301", "202302", "202303", "202304", "202305", "202306",
                                         "202307", "202308", "202309", "202310", "202313", "202312"};
  EXPECT_ERROR(ReadTimes(cells), "line 12");
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
  for (const std::string_view bad :
       {"", "2016-13-01", "2016-02-30", "01/02/2016", "2016-07-01 24:00", "2016-07-01 13:00 PM", "2016-07-01 10:00+2",
        "2016-W54", "2016Q5", "32-Jan-2016", "1/1/2016 0:00 AM", "inf", "2016-07-01 ", "2016-07-01T10:00:00.5X"}) {
    EXPECT_NE(message({bad}).find("line 2 column \"when\""), std::string::npos) << bad;
  }
}

}  // namespace time_axis_test
}  // namespace eddy
