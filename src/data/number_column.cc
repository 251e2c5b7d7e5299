#include "data/number_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "data/excerpt.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::array<std::string_view, 3> kThousandBlanks = {" ", "\u00a0", "\u202f"};
constexpr std::array<std::string_view, 5> kCurrencies = {"$", "\u20ac", "\u00a3", "\u00a5", "\u20b9"};

// What is left of a cell without what stands around the digits.
struct Digits {
  std::string text;  // digits and marks, and whatever does not belong there
  bool negative = false, percent = false;
};

bool TakeFront(std::string_view& text, std::string_view part) {
  if (!text.starts_with(part)) return false;
  text.remove_prefix(part.size());
  return true;
}

bool TakeBack(std::string_view& text, std::string_view part) {
  if (!text.ends_with(part)) return false;
  text.remove_suffix(part.size());
  return true;
}

Digits DigitsOf(std::string_view text) {
  Digits digits;
  if (text.size() > 2 && text.front() == '(' && text.back() == ')') {  // as accountants write -1
    digits.negative = true;
    text = text.substr(1, text.size() - 2);
  }
  bool sign = digits.negative, currency = false;
  for (bool more = true; more && !text.empty();) {
    more = std::any_of(kThousandBlanks.begin(), kThousandBlanks.end(),
                       [&](std::string_view blank) { return TakeFront(text, blank) || TakeBack(text, blank); });
    if (!currency) {
      currency = std::any_of(kCurrencies.begin(), kCurrencies.end(),
                             [&](std::string_view name) { return TakeFront(text, name) || TakeBack(text, name); });
      more = more || currency;
    }
    if (!sign && (text.starts_with('-') || text.starts_with('+') || text.starts_with("\u2212"))) {
      digits.negative = text[0] != '+';
      text.remove_prefix(text.starts_with("\u2212") ? 3 : 1);
      sign = more = true;
    }
    if (!digits.percent && TakeBack(text, "%")) digits.percent = more = true;
  }
  for (size_t i = 0; i < text.size(); ++i) {  // a blank between digits may be a mark of groups
    bool blank = false;
    for (const std::string_view each : kThousandBlanks) {
      if (!text.substr(i).starts_with(each)) continue;
      digits.text += ' ';
      i += each.size() - 1;
      blank = true;
      break;
    }
    if (!blank) digits.text += text[i];
  }
  return digits;
}

// Whether the marks of groups stand before each three digits of the whole part.
bool GroupsFit(std::string_view whole, char group) {
  const size_t first = whole.find(group);
  if (first == std::string_view::npos) return true;
  if (first == 0 || first > 3) return false;
  for (size_t i = first; i < whole.size(); i += 4) {
    if (whole[i] != group || i + 4 > whole.size() || whole.substr(i + 1, 3).find(group) != std::string_view::npos)
      return false;
  }
  return true;
}

std::optional<double> ParseDigits(const Digits& digits, const NumberMarks& marks) {
  std::string_view text = digits.text;
  if (text.empty() || text.find_first_not_of("0123456789.,' eE+-") != std::string_view::npos) return std::nullopt;
  if (text[0] == '-' || text[0] == '+') return std::nullopt;
  const size_t point = text.find(marks.decimal);
  const std::string_view whole = text.substr(0, std::min(point, text.size()));
  if (marks.group != '\0' && !GroupsFit(whole, marks.group)) return std::nullopt;
  std::string plain;
  for (const char c : whole) {
    if (marks.group == '\0' || c != marks.group) plain += c;
  }
  if (point != std::string_view::npos) plain += '.' + std::string(text.substr(point + 1));
  const std::optional<double> number = ParseNumber(plain);
  if (!number) return std::nullopt;
  return digits.negative ? -*number : *number;
}

// What one cell says of the marks; 0 where nothing. `either` is a mark that could be both.
struct Shown {
  char decimal = '\0', group = '\0', either = '\0';
};

Shown MarksOf(const std::string& text) {
  Shown shown;
  const size_t last = text.find_last_of(".,");
  for (const char c : {' ', '\''}) {
    if (text.find(c) != std::string::npos) shown.group = c;
  }
  if (last == std::string::npos) return shown;
  const char mark = text[last], other = mark == '.' ? ',' : '.';
  const auto count = std::count(text.begin(), text.end(), mark);
  if (text.find(other) != std::string::npos) {
    shown.decimal = mark;
    shown.group = other;
  } else if (count > 1) {
    shown.group = mark;
  } else if (shown.group != '\0' || text.size() - last - 1 != 3 || last == 0 || last > 3 || text[0] == '0') {
    shown.decimal = mark;
  } else {
    shown.either = mark;
  }
  return shown;
}

NumberMarks DecideMarks(const std::vector<Digits>& cells, char separator) {
  char decimal = '\0', group = '\0', either = '\0';
  for (const Digits& cell : cells) {
    const Shown shown = MarksOf(cell.text);
    if (decimal == '\0') decimal = shown.decimal;
    if (group == '\0') group = shown.group;
    if (either == '\0') either = shown.either;
  }
  if (decimal == '\0') {
    if (group == '.' || group == ',') {
      decimal = group == '.' ? ',' : '.';
    } else if (either == ',') {
      decimal = separator == ';' || group != '\0' ? ',' : '.';
    } else {
      decimal = '.';
    }
  }
  if (group == '\0') group = decimal == '.' ? ',' : '.';
  return {decimal, group == decimal ? '\0' : group};
}

}  // namespace

std::optional<double> ParseNumber(std::string_view text, const NumberMarks& marks) {
  return ParseDigits(DigitsOf(text), marks);
}

std::vector<double> ReadNumbers(const CsvTable& table, size_t column) {
  std::vector<double> numbers(table.rows(), std::numeric_limits<double>::quiet_NaN());
  bool plain = true;
  for (size_t row = 0; row < table.rows() && plain; ++row) {
    const std::string_view cell = table.cell(row, column);
    if (IsMissing(cell)) continue;
    const std::optional<double> number = ParseNumber(cell);
    plain = number.has_value();
    if (plain) numbers[row] = *number;
  }
  if (plain) return numbers;

  std::vector<Digits> cells;
  std::vector<size_t> rows;
  for (size_t row = 0; row < table.rows(); ++row) {
    if (IsMissing(table.cell(row, column))) continue;
    cells.push_back(DigitsOf(table.cell(row, column)));
    rows.push_back(row);
  }
  const NumberMarks marks = DecideMarks(cells, table.separator());
  for (size_t i = 0; i < cells.size(); ++i) {
    const auto fail = [&](std::string_view expected) {
      Fail("read", fmt::format("{} line {} column {}", table.source(), table.line(rows[i]), Excerpt(table.names()[column])),
           expected, Excerpt(table.cell(rows[i], column)));
    };
    const std::optional<double> number = ParseDigits(cells[i], marks);
    if (!number) {
      const bool other = marks.decimal == '.' ? ParseDigits(cells[i], {',', '.'}).has_value()
                                              : ParseDigits(cells[i], {'.', ','}).has_value();
      fail(other
               ? fmt::format("a finite number with a decimal {}, as in other rows", marks.decimal == '.' ? "point" : "comma")
               : std::string("a finite number"));
    }
    if (cells[i].percent != cells[0].percent) fail(cells[0].percent ? "a number with %, as in the first row" : "without %");
    numbers[rows[i]] = *number;
  }
  return numbers;
}

bool HasNumbers(const CsvTable& table, size_t column) {
  size_t numbers = 0, present = 0;
  for (size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    if (IsMissing(cell)) continue;
    ++present;
    numbers += ParseNumber(cell, {'.', ','}) || ParseNumber(cell, {',', '.'}) || ParseNumber(cell, {',', ' '}) ||
               ParseNumber(cell, {'.', ' '}) || ParseNumber(cell, {'.', '\''});
  }
  return 2 * numbers >= present;
}

}  // namespace eddy
