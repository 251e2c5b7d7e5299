// Examples: sequences to tell the class of. A sequence is a sentence, or a series of numbers in one or more columns; series
// may differ in length. Shapes: T steps, D columns.
#pragma once

#include <string>
#include <vector>

namespace eddy {

// What is read of a file.
struct ExampleFields {
  std::string text;                  // the column of sentences; empty for series
  std::vector<std::string> columns;  // of the numbers: D names, or none for all that a .ts file has; none for sentences
  std::string label;                 // empty where labels are not wanted
  std::string series;                // the column that tells apart series whose steps are rows; empty for an example a row
  bool header = true;                // whether a table names its columns; they are 1, 2, 3 ... otherwise

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

  size_t size() const { return examples.size(); }
  size_t steps(size_t i) const { return examples[i].values.size() / columns.size(); }  // T of a series
};

// By the name of the file:
//     .jsonl .ndjson   JSON lines: an object a line; a series is an array of numbers, null where one is missing
//     .ts              a data set of the UCR and UEA archives (ts_file.h)
//     a folder         a folder for each class (class_folder.h)
//     any other        a table (csv.h; one named .tsv is separated by tabs); a series is the numbers of a cell with spaces
//                      between them, or, with ExampleFields::series, one number a row
// Throws Error, naming the place, for a file that cannot be read, columns that are not there (with the nearest name) or
// differ in length, values that are not numbers, series without a value or with two labels, and examples without a label
// where labels are wanted.
ExampleSet ReadExamples(const std::string& path, const ExampleFields& fields);

}  // namespace eddy
