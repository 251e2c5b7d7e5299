// The order of rows that are the steps of series.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "data/csv.h"

namespace eddy {

// What a cell orders rows by: a number, or a date or time (date_time.h); nothing for any other.
std::optional<double> TimeKey(std::string_view cell);

// Throws Error where rows of some series lie in another order than a column says that is clearly their time, but not told to
// be: one not in `used` whose cells are all numbers or dates, different from each other in each series, and that is either
// called like a time or would have steps of one length in each series, once sorted.
void RequireOrder(const CsvTable& table, size_t series, const std::vector<size_t>& used);

}  // namespace eddy
