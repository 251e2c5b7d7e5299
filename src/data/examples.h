// Examples: sequences to tell the class of. A sequence is a sentence, or a series of numbers in one or more columns; series
// may differ in length. Shapes: T steps, D columns.
#pragma once

#include <string>
#include <vector>

#include "data/reading.h"
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
  BadLines bad_lines = {};           // what is done about rows that cannot be read; not kept in a model

  bool is_text() const { return !text.empty(); }
};

struct Example {
  std::string text;
  // [T, D]. Missing values hold the last one before; those before the first are NaN.
  std::vector<double> values;
  std::string label;
  std::string place;  // such as "data.csv line 7"
};

struct ExampleSet {
  std::string source;  // the file, for errors
  std::vector<std::string> columns;
  std::vector<Example> examples;  // at least one, in the order of their first rows
  Reading reading = {};

  size_t size() const { return examples.size(); }
  size_t steps(size_t i) const { return examples[i].values.size() / columns.size(); }  // T of a series
};

// By the name of the file, and its beginning:
//     .ts                  a data set of the UCR and UEA archives (ts_file.h)
//     a folder             a folder for each class (class_folder.h)
//     { or [{              JSON: an object a line, or an array of objects; a series is an array of numbers, null where one
//                          is missing (example_lines.h)
//     __label__            sentences behind their label, as fastText reads them (label_lines.h)
//     any other            a table (csv.h; one named .tsv is separated by tabs); a series is the numbers of a cell with
//                          spaces between them, or, with ExampleFields::series, one number a row, or, with along_rows, the
//                          cells of a row
// Rows that do not fit (values that are no numbers, columns that differ in length, no label where one is wanted, another
// label than the series has) and series without a value are left out as ExampleFields::bad_lines says. Throws Error, naming
// the place, for a file that cannot be read, columns that are not there (with the nearest name), and for rows of series
// that are not in the order of what must be their time.
ExampleSet ReadExamples(const Data& data, const ExampleFields& fields);

// The fields with what can be told from the file itself, where not said: `text` and `label` of lines that begin with a
// label; along_rows, label_cell, `label` and `header` of a table without columns or text named; `label` and `text` of a
// folder; `label` of a .ts file. What is not a regular file stays as told. Throws Error where it cannot be read.
ExampleFields CompleteFields(const Data& data, ExampleFields fields);

}  // namespace eddy
