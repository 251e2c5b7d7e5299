#include "data/date_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "base/ascii.h"

namespace eddy {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"january", "february", "march",     "april",   "may",      "june",
                                                      "july",    "august",   "september", "october", "november", "december"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return IsUpper(c) || (c >= 'a' && c <= 'z'); }

// Takes the name of a month, or its first three letters (four for Sept), off the front of the text.
std::optional<int> TakeMonthName(std::string_view& text) {
  size_t length = 0;
  while (length < text.size() && IsLetter(text[length])) ++length;
  if (length < 3) return std::nullopt;
  for (size_t month = 0; month < kMonths.size(); ++month) {
    const std::string_view name = kMonths[month];
    const bool whole = length == name.size() || length == 3 || (length == 4 && month == 8);
    if (!whole || length > name.size()) continue;
    if (!std::equal(name.begin(), name.begin() + static_cast<ptrdiff_t>(length), text.begin(),
                    [](char a, char b) { return a == Lower(b); })) {
      continue;
    }
    text.remove_prefix(length);
    return static_cast<int>(month) + 1;
  }
  return std::nullopt;
}

// Runs of digits (N), of letters (A) and of anything else (S).
struct Tokens {
  std::string shape;
  std::vector<std::string_view> text;

  explicit Tokens(std::string_view cell) {
    const auto kind = [](char c) { return IsDigit(c) ? 'N' : IsLetter(c) ? 'A' : 'S'; };
    for (size_t begin = 0, end = 0; begin < cell.size(); begin = end) {
      while (end < cell.size() && kind(cell[end]) == kind(cell[begin])) ++end;
      shape += kind(cell[begin]);
      text.push_back(cell.substr(begin, end - begin));
    }
  }
  size_t digits(size_t i) const { return text[i].size(); }
  bool Is(size_t i, char letter) const { return text[i].size() == 1 && Lower(text[i][0]) == letter; }
  bool IsMonth(size_t i) const {
    std::string_view name = text[i];
    return TakeMonthName(name).has_value() && name.empty();
  }
};

// Where the date ends and, after a separator, a time of day begins; the whole cell without one.
size_t DateEnd(std::string_view cell) {
  size_t colon = cell.find(':');
  if (colon == std::string_view::npos) return cell.size();
  while (colon > 0 && IsDigit(cell[colon - 1])) --colon;
  while (colon > 0 && (cell[colon - 1] == ' ' || cell[colon - 1] == ',' || cell[colon - 1] == 'T')) --colon;
  return colon;
}

int LongYear(int year) { return year < 69 ? 2000 + year : 1900 + year; }

}  // namespace

std::vector<DateLayout> DateLayout::OfDate(std::string_view date) {
  const Tokens t(date);
  DateLayout layout;
  const auto year = [&](size_t i) { layout.Add(t.digits(i) == 4 ? Field::kYear : Field::kShortYear); };
  const auto separator = [&](size_t i) { layout.Add(Field::kLiteral, t.text[i]); };
  const auto name = [&](size_t i) {
    layout.Add(Field::kMonthName);
    layout.long_names_ = t.digits(i) > 4;
    layout.upper_ = IsUpper(t.text[i][1]);
    layout.lower_ = !IsUpper(t.text[i][0]);
  };
  const auto is_year = [&](size_t i) { return t.digits(i) == 4 || t.digits(i) == 2; };
  const auto is_part = [&](size_t i) { return t.digits(i) <= 2; };

  if (t.shape == "N" && (t.digits(0) == 4 || t.digits(0) == 6 || t.digits(0) == 8)) {
    layout.Add(t.digits(0) == 4 ? Field::kYear : Field::kCompactYear);
    if (t.digits(0) >= 6) layout.Add(Field::kCompactMonth);
    if (t.digits(0) == 8) layout.Add(Field::kCompactDay);
    layout.date_unit_ = t.digits(0) == 4 ? DateUnit::kYear : t.digits(0) == 6 ? DateUnit::kMonth : DateUnit::kDay;
  } else if (t.shape == "NSN" && (t.text[1] == "-" || t.text[1] == "/") &&
             ((t.digits(0) == 4 && is_part(2)) || (is_part(0) && t.digits(2) == 4))) {
    layout.date_unit_ = DateUnit::kMonth;
    layout.Add(t.digits(0) == 4 ? Field::kYear : Field::kMonth);
    separator(1);
    layout.Add(t.digits(0) == 4 ? Field::kMonth : Field::kYear);
  } else if (t.shape == "NSNSN" && t.digits(0) == 4 && is_part(2) && is_part(4)) {
    layout.Add(Field::kYear);
    separator(1);
    layout.Add(Field::kMonth);
    separator(3);
    layout.Add(Field::kDay);
  } else if (t.shape == "NSNSN" && is_part(0) && is_part(2) && is_year(4)) {
    const bool dots = t.text[1].starts_with('.');  // written only where the day comes first
    std::vector<DateLayout> both;
    for (const DateOrder order : {DateOrder::kDayFirst, DateOrder::kMonthFirst}) {
      layout = {};
      layout.order_ = dots ? DateOrder::kAsShown : order;
      layout.Add(order == DateOrder::kDayFirst ? Field::kDay : Field::kMonth);
      separator(1);
      layout.Add(order == DateOrder::kDayFirst ? Field::kMonth : Field::kDay);
      separator(3);
      year(4);
      both.push_back(layout);
      if (dots) break;
    }
    return both;
  } else if ((t.shape == "NSASN" || t.shape == "NAN") && t.IsMonth(t.text.size() / 2)) {
    const size_t last = t.text.size() - 1;
    const bool year_first = t.digits(0) == 4;
    if (!is_part(year_first ? last : 0) || (!year_first && !is_year(last))) return {};
    layout.Add(year_first ? Field::kYear : Field::kDay);
    if (last == 4) separator(1);
    name(last / 2);
    if (last == 4) separator(3);
    if (year_first) {
      layout.Add(Field::kDay);
    } else {
      year(last);
    }
  } else if (t.shape == "ASNSN" && t.IsMonth(0) && is_part(2) && t.digits(4) == 4) {
    name(0);
    separator(1);
    layout.Add(Field::kDay);
    separator(3);
    layout.Add(Field::kYear);
  } else if ((t.shape == "ASN" || t.shape == "AN") && t.IsMonth(0) && is_year(t.text.size() - 1)) {
    layout.date_unit_ = DateUnit::kMonth;
    name(0);
    if (t.text.size() == 3) separator(1);
    year(t.text.size() - 1);
  } else if (t.shape == "NSA" && t.IsMonth(2) && t.digits(0) == 4) {
    layout.date_unit_ = DateUnit::kMonth;
    layout.Add(Field::kYear);
    separator(1);
    name(2);
  } else if (t.shape == "ANSN" && t.Is(0, 'q') && t.digits(1) == 1 && t.digits(3) == 4) {
    layout.date_unit_ = DateUnit::kQuarter;
    layout.Add(Field::kLiteral, t.text[0]);
    layout.Add(Field::kQuarter);
    separator(2);
    layout.Add(Field::kYear);
  } else if (t.shape.starts_with("NAN") || t.shape.starts_with("NSAN")) {  // 1970Q1, 2015-W02, 2015-W02-1, 2024M03
    const size_t a = t.shape[1] == 'A' ? 1 : 2;
    if (t.digits(0) != 4) return {};
    layout.Add(Field::kYear);
    if (a == 2) separator(1);
    layout.Add(Field::kLiteral, t.text[a]);
    const size_t rest = t.text.size() - a - 2;
    if (t.Is(a, 'q') && t.digits(a + 1) == 1 && rest == 0) {
      layout.Add(Field::kQuarter);
      layout.date_unit_ = DateUnit::kQuarter;
    } else if (t.Is(a, 'm') && is_part(a + 1) && rest == 0) {
      layout.Add(Field::kMonth);
      layout.date_unit_ = DateUnit::kMonth;
    } else if (t.Is(a, 'w') && is_part(a + 1) && (rest == 0 || t.shape.ends_with("NSN"))) {
      layout.Add(Field::kWeek);
      layout.date_unit_ = rest == 0 ? DateUnit::kWeek : DateUnit::kDay;
      if (rest == 2) separator(a + 2);
      if (rest == 2) layout.Add(Field::kWeekday);
    } else {
      return {};
    }
  } else {
    return {};
  }
  return {layout};
}

std::vector<DateLayout> DateLayout::Of(std::string_view cell) {
  std::vector<DateLayout> layouts = OfDate(cell.substr(0, DateEnd(cell)));
  std::erase_if(layouts, [&](const DateLayout& layout) { return !layout.Parse(cell); });
  return layouts;
}

std::optional<DateLayout::Date> DateLayout::TakeDatePart(std::string_view& text) const {
  std::optional<int> year, month = 1, day = 1, week, weekday = 1;
  Date date;
  for (const Part& part : parts_) {
    const size_t before = text.size();
    std::optional<int> value;
    switch (part.field) {
      case Field::kLiteral:
        if (!text.starts_with(part.literal)) return std::nullopt;
        text.remove_prefix(part.literal.size());
        continue;
      case Field::kYear:
      case Field::kCompactYear:
        value = year = TakeDigits(text, 4);
        break;
      case Field::kShortYear:
        value = TakeDigits(text, 2);
        if (value) year = LongYear(*value);
        break;
      case Field::kCompactMonth:
      case Field::kMonth:
        value = month = TakeDigits(text, part.field == Field::kMonth ? 1 : 2, 2);
        date.one_digit = date.one_digit || before - text.size() == 1;
        break;
      case Field::kCompactDay:
      case Field::kDay:
        value = day = TakeDigits(text, part.field == Field::kDay ? 1 : 2, 2);
        date.one_digit = date.one_digit || before - text.size() == 1;
        break;
      case Field::kMonthName:
        value = month = TakeMonthName(text);
        break;
      case Field::kQuarter:
        value = TakeDigits(text, 1);
        if (value && (*value < 1 || *value > 4)) return std::nullopt;
        if (value) month = 3 * *value - 2;
        break;
      case Field::kWeek:
        value = week = TakeDigits(text, 1, 2);
        date.one_digit = date.one_digit || before - text.size() == 1;
        break;
      case Field::kWeekday:
        value = weekday = TakeDigits(text, 1);
        if (value && (*value < 1 || *value > 7)) return std::nullopt;
        break;
    }
    if (!value) return std::nullopt;
  }
  if (parts_[0].field == Field::kCompactYear && date_unit_ == DateUnit::kMonth && (*year < 1800 || *year > 2199)) {
    return std::nullopt;  // six digits that are a number
  }
  if (!week) {
    const std::optional<double> midnight = Midnight(year, month, day);
    if (!midnight) return std::nullopt;
    date.time = *midnight;
    return date;
  }
  const std::optional<double> monday = MondayOf(*year, *week);
  if (!monday) return std::nullopt;
  date.time = *monday + kDay * (*weekday - 1);
  return date;
}

std::optional<Stamp> DateLayout::Parse(std::string_view cell) const {
  const std::optional<Date> date = TakeDatePart(cell);
  if (!date) return std::nullopt;
  Stamp stamp;
  stamp.time = date->time;
  if (cell.empty()) return stamp;  // midnight, which some writers leave out
  if (date_unit_ != DateUnit::kDay || !Take(cell, ", T")) return std::nullopt;
  Take(cell, " ");
  Clock clock;
  const std::optional<double> time = TakeTimeOfDay(cell, clock);
  if (!time) return std::nullopt;
  stamp.time += *time;
  Take(cell, " ");
  stamp.zoned = !cell.empty();
  if (stamp.zoned) {
    const std::optional<double> zone = TakeZone(cell);
    if (!zone || !cell.empty()) return std::nullopt;
    stamp.zone = *zone;
    stamp.time -= *zone;
  }
  return stamp;
}

void DateLayout::TakeStyle(std::span<const std::string_view> cells) {
  bool any_zone = false;
  for (std::string_view cell : cells) {
    std::string_view rest = cell;
    const std::optional<Date> date = TakeDatePart(rest);
    if (!date) continue;
    padded_ = padded_ && !date->one_digit;
    if (rest.empty()) continue;
    const size_t end = DateEnd(cell);
    const size_t begin = std::min(cell.find_first_of("0123456789", end), cell.size());
    std::string_view time = cell.substr(begin);
    Clock clock;
    if (!TakeTimeOfDay(time, clock)) continue;
    if (!has_time_) {
      has_time_ = true;
      separator_ = cell.substr(end, begin - end);
      clock_ = clock;
    }
    clock_.padded = clock_.padded && clock.padded;
    clock_.seconds = clock_.seconds || clock.seconds;
    Take(time, " ");
    if (time.empty() || any_zone) continue;
    any_zone = zoned_ = true;
    z_ = !time.starts_with('+') && !time.starts_with('-');
    colon_ = z_ || time.find(':') != std::string_view::npos;
  }
}

std::string DateLayout::Format(double local, double zone) const {
  // Beyond these years std::chrono ends; a forecast that far is no date in any case.
  const double day = std::clamp(std::floor(local / kDay), -1e7, 1e7);
  const std::chrono::year_month_day date(std::chrono::sys_days(std::chrono::days(static_cast<int>(day))));
  const unsigned month = static_cast<unsigned>(date.month());
  const bool by_week = std::any_of(parts_.begin(), parts_.end(), [](const Part& p) { return p.field == Field::kWeek; });
  const YearAndWeek week = WeekOf(day);
  const int year = by_week ? week.year : static_cast<int>(date.year());
  const auto number = [&](auto value) { return padded_ ? fmt::format("{:02}", value) : fmt::format("{}", value); };
  std::string text;
  for (const Part& part : parts_) {
    switch (part.field) {
      case Field::kLiteral:
        text += part.literal;
        break;
      case Field::kYear:
      case Field::kCompactYear:
        text += fmt::format("{:04}", year);
        break;
      case Field::kShortYear:
        text += fmt::format("{:02}", std::abs(year) % 100);
        break;
      case Field::kMonth:
        text += number(month);
        break;
      case Field::kCompactMonth:
        text += fmt::format("{:02}", month);
        break;
      case Field::kDay:
        text += number(static_cast<unsigned>(date.day()));
        break;
      case Field::kCompactDay:
        text += fmt::format("{:02}", static_cast<unsigned>(date.day()));
        break;
      case Field::kMonthName: {
        std::string name(kMonths[month - 1].substr(0, long_names_ ? std::string_view::npos : 3));
        for (size_t i = 0; i < name.size() && !lower_; ++i) {
          if (i == 0 || upper_) name[i] = static_cast<char>(name[i] - 'a' + 'A');
        }
        text += name;
        break;
      }
      case Field::kQuarter:
        text += fmt::format("{}", (month + 2) / 3);
        break;
      case Field::kWeek:
        text += number(week.week);
        break;
      case Field::kWeekday:
        text += fmt::format("{}", Weekday(day) + 1);
        break;
    }
  }
  if (!has_time_) return text;
  text += separator_ + FormatTimeOfDay(local - day * kDay, clock_);
  if (!zoned_) return text;
  if (zone == 0 && z_) return text + 'Z';
  const int minutes = static_cast<int>(std::abs(zone) / 60);
  return text + fmt::format("{}{:02}{}{:02}", zone < 0 ? '-' : '+', minutes / 60, colon_ ? ":" : "", minutes % 60);
}

}  // namespace eddy
