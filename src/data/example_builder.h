// Makes a set of examples of rows, which the readers of each format put in one by one.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/examples.h"

namespace eddy {

// What one example may cost: what is behind these is left out, and that is noted. A network that reads a sequence keeps
// kilobytes a step while it learns.
inline constexpr size_t kMostExampleBytes = size_t{1} << 17;  // of a text
inline constexpr size_t kMostExampleSteps = size_t{1} << 16;  // of a series

struct ExampleRow {
  std::string place;                        // for errors
  std::string text;                         // a sentence, or
  std::vector<std::vector<double>> values;  // the numbers of each column, NaN where missing
  std::string label;
  std::string series;  // where rows are steps: which series goes on here,
  double time = 0;     // and when, with ExampleFields::time
};

class ExampleBuilder {
 public:
  // `fields` must outlive it. `sieve` has counted the rows so far.
  ExampleBuilder(const ExampleFields& fields, std::string_view source, LineSieve sieve);
  ExampleBuilder(const ExampleFields& fields, std::string_view source)
      : ExampleBuilder(fields, source, LineSieve(fields.bad_lines, source)) {}

  LineSieve& sieve() { return sieve_; }
  void Add(ExampleRow row);  // throws Error, having changed nothing, for a row that does not fit
  // Throws Error for no rows, and for too many that were bad.
  ExampleSet Finish(std::string format) &&;

 private:
  Example& ExampleOf(const ExampleRow& row);
  void SortByTime();
  void CutLongOnes();

  const ExampleFields& fields_;
  LineSieve sieve_;
  ExampleSet set_;
  std::unordered_map<std::string, size_t> series_;  // the places of those begun
  std::vector<std::vector<double>> times_;          // of each, with ExampleFields::time
};

}  // namespace eddy
