// A table from comma-separated values (RFC 4180): quoted cells with doubled quotes and line ends inside, LF, CRLF or CR,
// an optional byte order mark, and a header line; a column without a name there has its number, from 1. The separator
// (comma, semicolon, tab or bar) is the one that the first line has most of, unless told. Blank lines are left out, but in a
// table of one column they are missing values (not at the end). Between tabs a quote is a character like others unless it is
// the first of a cell and another is the last: such tables are mostly written without quoting. Keeps the text once, and 4
// bytes a cell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/reading.h"

namespace eddy {

struct CsvFormat {
  char separator = '\0';            // 0 for the one that the first line has most of
  bool header = true;               // whether the first line names the columns; they are named 1, 2, 3 ... otherwise
  BadLines bad = {.strict = true};  // what is done about rows that do not fit
};

class CsvTable {
 public:
  size_t rows() const { return lines_.size(); }
  size_t columns() const { return names_.size(); }
  size_t bytes() const { return text_.size(); }  // of all cells
  const std::vector<std::string>& names() const { return names_; }
  const std::string& source() const { return source_; }
  char separator() const { return separator_; }
  size_t line(size_t row) const { return lines_[row]; }  // at which the row begins, from 1

  // Throws Error with the nearest name when there is no such column, and when several have this name.
  size_t Find(std::string_view name) const;
  std::string_view cell(size_t row,
                        size_t column) const;        // without spaces around it, unless quoted; valid as long as the table
  const LineSieve& sieve() const { return sieve_; }  // what became of the rows, for a reader that goes on to judge them

  // NaN for a missing value (see IsMissing). Throws Error with line and column for anything that is not a finite number.
  // Between semicolons, "3,5" is 3.5.
  double Number(size_t row, size_t column) const;

 private:
  friend CsvTable ParseCsv(std::string_view text, std::string_view source, const CsvFormat& format);
  CsvTable(const BadLines& bad, std::string_view source) : source_(source), sieve_(bad, source) {}
  std::string source_;
  std::string text_;  // all cells' characters, without quotes and separators
  LineSieve sieve_;
  char separator_ = ',';
  std::vector<std::string> names_;
  std::vector<uint32_t> cells_;  // [rows, columns]: where a cell ends in text_; it begins where the one before ends
  std::vector<uint32_t> lines_;  // [rows]
};

// Throws Error, naming the line, for text that is empty, has no rows or no column names. Rows of different numbers of cells,
// with an unfinished quoted cell, or not UTF-8 are errors where format.bad is strict, and skipped otherwise: the caller
// ends with sieve().Finish(). `source` names it in errors.
CsvTable ParseCsv(std::string_view text, std::string_view source, const CsvFormat& format = {});
CsvTable ReadCsv(const std::string& path);

// The place of `name` among the names of a table's columns. Throws Error with the nearest name when it is not there.
size_t FindColumn(const std::vector<std::string>& names, std::string_view name, std::string_view source);

// An empty cell, one of ? . - --, or in any case NA, N/A, n.a., NaN, NaT, null, None, #N/A and the other errors that
// spreadsheets write.
bool IsMissing(std::string_view cell);

// A finite number that takes up the whole of `text`, or nothing.
std::optional<double> ParseNumber(std::string_view text);

// One cell for output, quoted where needed.
std::string CsvCell(std::string_view text);

}  // namespace eddy
