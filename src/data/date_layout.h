// How a column writes its dates and times: read from its cells, and used to write further ones in the same way.
//
//     2024-03-29, 2024/03/29, 20240329, 3/29/2024, 29.03.2024, 29-Mar-2024, Mar 29, 2024       days
//     2024-W13, 2024-W13-5; 2024-03, 202403, 03/2024, Mar-2024, 2024M03; 2024Q1, Q1 2024; 2024    weeks to years
//     a day with 13:00, 13:00:05, 13:00:05.250, 1:00 PM, after a blank, a comma or T; then Z, +01:00, +0100 or +01
//
// Years of two digits are 1969 to 2068. Names of months are English.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/date_time.h"
#include "eddy/tasks/forecast.h"

namespace eddy {

enum class DateUnit { kYear, kQuarter, kMonth, kWeek, kDay, kTime };  // the finest that a layout tells apart

class DateLayout {
 public:
  // The layouts in which the cell can be read, the likeliest first: two for 3/4/2024.
  static std::vector<DateLayout> Of(std::string_view cell);

  // The beginning of what the cell names.
  std::optional<Stamp> Parse(std::string_view cell) const;
  // Takes on what cells differ in: whether numbers have leading zeros, times have seconds, a clock of 12 hours, zones.
  void TakeStyle(std::span<const std::string_view> cells);
  // `local` is the time by a clock `zone` seconds east of UTC.
  std::string Format(double local, double zone) const;

  DateUnit unit() const { return has_time_ ? DateUnit::kTime : date_unit_; }
  bool zoned() const { return zoned_; }
  DateOrder order() const { return order_; }  // kAsShown for a layout of which no other reading is possible
  bool digits_only() const { return parts_.size() == 1 || parts_[0].field == Field::kCompactYear; }

 private:
  enum class Field {
    kLiteral,
    kYear,
    kCompactYear,
    kShortYear,
    kMonth,
    kCompactMonth,
    kDay,
    kCompactDay,
    kMonthName,
    kQuarter,
    kWeek,
    kWeekday
  };
  struct Part {
    Field field;
    std::string literal;
  };
  struct Date {
    double time = 0;
    bool one_digit = false;
  };

  static std::vector<DateLayout> OfDate(std::string_view date);
  void Add(Field field, std::string_view literal = {}) { parts_.push_back({field, std::string(literal)}); }
  std::optional<Date> TakeDatePart(std::string_view& text) const;

  std::vector<Part> parts_;
  DateUnit date_unit_ = DateUnit::kDay;
  DateOrder order_ = DateOrder::kAsShown;
  bool padded_ = true;  // months and days have two digits
  bool long_names_ = false, upper_ = false, lower_ = false;
  bool has_time_ = false;
  std::string separator_ = " ";  // between date and time
  Clock clock_;                  // how times of day are written
  bool zoned_ = false, z_ = false, colon_ = true;
};

}  // namespace eddy
