// The rows of a table as series: grouped, sorted by time, and placed on the calendar of each series.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/series.h"

namespace eddy {

// The rows of one series, in the order of the table, then of time.
struct SeriesRows {
  std::string name;
  std::vector<size_t> rows;    // of the table
  std::vector<double> times;   // of the rows
  std::vector<size_t> places;  // of the rows among those of the series, with those that are put in; rising from 0
  Calendar calendar;
};

// By the names in a column, or one series of all rows.
std::vector<SeriesRows> GroupRows(const CsvTable& table, std::optional<size_t> series_column);

// Sorts the rows of each series by time, finds the calendars, and places the rows on them. Rows without a time column are
// steps 1, 2, 3 ... Adds to `notes`.
TimeAxis PlaceRows(const CsvTable& table, std::optional<size_t> time_column, const SeriesReading& reading,
                   std::vector<SeriesRows>& groups, std::vector<SeriesNote>& notes);

// "A, B, C and 4 more", for notes.
std::string ListNames(const std::vector<std::string>& names);

}  // namespace eddy
