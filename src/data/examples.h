// Examples: sequences to tell the class of. A sequence is a sentence, or a series of numbers in one or more columns; series
// may differ in length. Shapes: T steps, D columns.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ragged.h"
#include "data/reading.h"
#include "data/repeated_texts.h"
#include "eddy/data.h"

namespace eddy {

// What is read of a file.
struct ExampleFields {
  std::string text;                  // the column of sentences; empty for series
  std::vector<std::string> columns;  // of the numbers: D names, or none for all that a .ts file has; none for sentences
  std::string label;                 // empty where labels are not wanted
  std::string series;                // the column that tells apart series whose steps are rows; empty for an example a row
  bool header = true;                // whether a table names its columns; they are 1, 2, 3 ... otherwise
  std::string time = {};             // of series whose steps are rows: the column of numbers or dates that orders them
  bool along_rows = false;           // whether a row of a table is a series, whose values are its cells (row_table.h)
  size_t label_cell = 1;             // of such a row: the place, from 1, of the cell that is no value but its label; 0: none
  // Of a table whose rows are series with their steps in columns (numbered_columns.h): for each of `columns` those of the
  // table in the order of time, or the one whose value is that of every step. Empty for others.
  std::vector<std::vector<std::string>> steps = {};
  bool newest_first = false;  // for CompleteFields(): the lowest number behind a name is the last step
  BadLines bad_lines = {};    // what is done about rows that cannot be read; not kept in a model

  bool is_text() const { return !text.empty(); }
};

class ExampleSet;

// One of a set, valid while that lives and nothing is added or taken out.
class Example {
 public:
  std::string_view text() const;
  // [T, D]. Missing values hold the last one before; those before the first are NaN.
  std::span<const double> values() const;
  std::string label() const;
  std::string place() const;  // such as "data.csv line 7"

 private:
  friend class ExampleSet;
  Example(const ExampleSet& set, size_t i) : set_(&set), i_(i) {}

  const ExampleSet* set_;
  size_t i_;
};

// Examples in columns: a sentence costs 32 bytes beside its own.
class ExampleSet {
 public:
  std::string source;  // the file, for errors
  std::vector<std::string> columns;
  Reading reading = {};

  explicit ExampleSet(std::string source = {}, std::vector<std::string> columns = {})
      : source(std::move(source)), columns(std::move(columns)) {}

  size_t size() const { return places_.size(); }
  size_t text_bytes() const { return texts_.elements(); }                      // of all sentences
  size_t steps(size_t i) const { return values_[i].size() / columns.size(); }  // T of a series
  Example operator[](size_t i) const { return {*this, i}; }

  void ReserveSentences(size_t count, size_t bytes);  // room for so many, of so many bytes together
  void AddSentence(std::string_view text, std::string_view label, std::string_view place);
  void AddSeries(std::span<const double> values, std::string_view label, std::string_view place);
  // Takes the examples at these rising places out; the others move up.
  ExampleSet TakeOut(std::span<const size_t> places);

 private:
  friend class Example;

  Ragged<char> texts_;     // of sentences
  Ragged<double> values_;  // of series
  RepeatedTexts labels_, places_;
};

// By the name of the file, and its beginning:
//     .ts                  a data set of the UCR and UEA archives (ts_file.h)
//     a folder             a folder for each class (class_folder.h)
//     { or [{              JSON: an object a line, or an array of objects; a series is an array of numbers, null where one
//                          is missing (example_lines.h)
//     __label__            sentences behind their label, as fastText reads them (label_lines.h)
//     any other            a table (csv.h; one named .tsv is separated by tabs); a series is the numbers of a cell with
//                          spaces between them, or, with ExampleFields::series, one number a row, or, with along_rows, the
//                          cells of a row, or, with steps, the cells of numbered columns
// Rows that do not fit (values that are no numbers, columns that differ in length, no label where one is wanted, another
// label than the series has) and series without a value are left out as ExampleFields::bad_lines says. Throws Error, naming
// the place, for a file that cannot be read, columns that are not there (with the nearest name), and for rows of series
// that are not in the order of what must be their time.
ExampleSet ReadExamples(const Data& data, const ExampleFields& fields);

// The fields with what can be told from the file itself, where not said: `text` and `label` of lines that begin with a
// label; `steps` of a table where one of `columns` is the name of numbered ones; of a table without columns or text named
// `columns` and `steps` where two names or more have as many numbers behind them, all columns of numbers being meant, and
// otherwise along_rows, label_cell, `label` and `header`; `label` and `text` of a folder; `label` of a .ts file. What is not
// a regular file stays as told. Throws Error where it cannot be read, and for steps in columns that do not fit
// (numbered_columns.h).
ExampleFields CompleteFields(const Data& data, ExampleFields fields);

}  // namespace eddy
