// The numbers of a column as tables and spreadsheets write them: 1234.5, 1,234.50, 1.234,50, 1 234,50, $9,779.16, 12 %,
// (3.50) for -3.50. Which of point and comma is the decimal mark is decided by all cells of the column.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "data/csv.h"

namespace eddy {

// The marks of a column: one before decimals, and one between groups of three digits (0 for none).
struct NumberMarks {
  char decimal = '.';
  char group = '\0';
};

// A finite number in these marks that takes up the whole of `text`, apart from a sign of a currency or percent.
std::optional<double> ParseNumber(std::string_view text, const NumberMarks& marks);

// NaN where missing (IsMissing). Throws Error with line and column for a cell that is no finite number, that contradicts the
// marks of other cells, or that has a percent sign where others have none. Where no cell tells, 1,234 is a thousand and
// more, but between semicolons 1.234.
std::vector<double> ReadNumbers(const CsvTable& table, size_t column);

// Whether at least half of the cells that are not missing are numbers.
bool HasNumbers(const CsvTable& table, size_t column);

}  // namespace eddy
