#include "data/row_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/ascii.h"
#include "base/counted.h"
#include "data/csv.h"
#include "data/example_builder.h"
#include "data/excerpt.h"
#include "data/tokenizer.h"

namespace eddy {
namespace {

constexpr double kMostWholeLabel = 1e15;  // whole numbers up to here are exact, and short to write

// Calls visit(line, number) for each line that is not blank, until it returns false.
template <class Visit>
void ForLines(std::string_view text, const Visit& visit) {
  for (size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!Trim(line).empty() && !visit(Trim(line, "\r"), number)) return;
  }
}

std::string_view FirstLine(std::string_view text) {
  std::string_view first;
  ForLines(text, [&](std::string_view line, size_t) { return first = line, false; });
  return first;
}

char SeparatorOf(std::string_view line) {
  for (const char separator : {'\t', ',', ';'}) {
    if (Trim(line).find(separator) != std::string_view::npos) return separator;
  }
  return ' ';
}

std::vector<std::string_view> CellsOf(std::string_view line, char separator) {
  std::vector<std::string_view> cells;
  if (separator == ' ') line = Trim(line);
  while (true) {
    std::string_view cell = line.substr(0, line.find(separator));
    const bool last = cell.size() == line.size();
    line.remove_prefix(std::min(cell.size() + 1, line.size()));
    if (separator == ' ') line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
    cell = Trim(cell);
    if (cell.size() > 1 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
    cells.push_back(cell);
    if (last) return cells;
  }
}

std::optional<double> Value(std::string_view cell) {
  if (IsMissing(cell) || cell == "?") return std::numeric_limits<double>::quiet_NaN();
  return ParseNumber(cell);
}

// Whether these are the names of columns: no numbers, or the numbers of steps behind a name.
bool AreNames(const std::vector<std::string_view>& cells) {
  const auto is_named = [](std::string_view cell) { return !Value(cell); };
  if (cells.size() < 2 || std::count_if(cells.begin() + 1, cells.end(), is_named) > 1) return true;
  if (!is_named(cells[0])) return false;
  for (size_t i = 2; i < cells.size(); ++i) {
    const std::optional<double> here = ParseNumber(cells[i]), before = ParseNumber(cells[i - 1]);
    if (!here || !before || *here != *before + 1) return false;
  }
  return cells.size() > 2;
}

std::string LabelOf(std::string_view cell) {
  const std::optional<double> number = ParseNumber(cell);
  const bool whole = number && std::abs(*number) < kMostWholeLabel && *number == std::floor(*number);
  return whole ? std::to_string(static_cast<int64_t>(*number)) : std::string(cell);
}

ExampleRow ReadRow(const std::vector<std::string_view>& cells, const ExampleFields& fields, std::string place) {
  ExampleRow row;
  row.place = std::move(place);
  std::vector<double>& values = row.values.emplace_back();
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i + 1 == fields.label_cell) continue;
    const std::optional<double> value = Value(cells[i]);
    if (!value) Fail("read", fmt::format("{} cell {}", row.place, i + 1), "a finite number", Excerpt(cells[i]));
    values.push_back(*value);
  }
  while (!values.empty() && std::isnan(values.back())) values.pop_back();
  Require(!values.empty(), "read", row.place, "a series with a value", "without");
  if (!fields.label.empty() && fields.label_cell > 0) row.label = LabelOf(cells[fields.label_cell - 1]);
  return row;
}

// Whether a line near the beginning, of at least three cells, has numbers in all of them but one, its label, at most.
bool HasRowOfNumbers(std::string_view text) {
  constexpr size_t kLines = 3, kLeastCells = 3;
  for (size_t i = 0; i < kLines && !text.empty(); ++i) {
    const std::string_view line = FirstLine(text);
    const std::vector<std::string_view> cells = CellsOf(line, SeparatorOf(line));
    const auto others = std::count_if(cells.begin(), cells.end(), [](std::string_view cell) { return !ParseNumber(cell); });
    if (cells.size() >= kLeastCells && others <= 1) return true;
    text.remove_prefix(std::min(text.size(), static_cast<size_t>(line.data() + line.size() - text.data()) + 1));
  }
  return false;
}

}  // namespace

ExampleFields CompleteRowFields(std::string_view text, ExampleFields fields) {
  if (!fields.along_rows && !HasRowOfNumbers(text)) return fields;
  const std::string_view line = FirstLine(text);
  const std::vector<std::string_view> cells = CellsOf(line, SeparatorOf(line));
  fields.along_rows = true;
  const bool told = !ParseNumber(fields.label) && std::find(cells.begin(), cells.end(), fields.label) != cells.end();
  fields.header = fields.header && (told || AreNames(cells));
  if (fields.header) {
    fields.label_cell = fields.label.empty() ? 0 : 1 + FindColumn({cells.begin(), cells.end()}, fields.label, "the table");
    return fields;
  }
  size_t cell = 0;
  const auto [end, error] = std::from_chars(fields.label.data(), fields.label.data() + fields.label.size(), cell);
  const bool number = error == std::errc() && end == fields.label.data() + fields.label.size() && !fields.label.empty();
  fields.label_cell = number ? cell : 1;
  if (fields.label.empty()) fields.label = std::to_string(fields.label_cell);
  return fields;
}

ExampleSet ParseRowTable(std::string_view text, std::string_view source, const ExampleFields& fields) {
  const std::string_view first = FirstLine(text);
  const char separator = SeparatorOf(first);
  const size_t count = CellsOf(first, separator).size();
  if (fields.label_cell > count) {
    Fail("read", source, fmt::format("with the label in cell {}", fields.label_cell), "of " + Counted(count, "cell"));
  }
  ExampleBuilder builder(fields, source);
  bool header = fields.header;
  ForLines(text, [&](std::string_view line, size_t number) {
    if (header) return header = false, true;
    builder.sieve().Take([&] {
      std::string place = fmt::format("{} line {}", source, number);
      RequireText(line, TextUnit::kCharacters, place);
      const std::vector<std::string_view> cells = CellsOf(line, separator);
      if (cells.size() != count) {
        Fail("read", place, fmt::format("of {}, as the first line", Counted(count, "cell")),
             fmt::format("of {}", cells.size()));
      }
      builder.Add(ReadRow(cells, fields, std::move(place)));
    });
    return true;
  });
  const size_t values = count - (fields.label_cell > 0 ? 1 : 0);
  return std::move(builder).Finish(
      fields.label_cell > 0
          ? fmt::format("a series a row: the label in cell {}, {} values in the others", fields.label_cell, values)
          : fmt::format("a series a row, of {} values", values));
}

}  // namespace eddy
