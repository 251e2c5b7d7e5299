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

  void ReserveSentences(size_t count, size_t bytes) { set_.ReserveSentences(count, bytes); }
  LineSieve& sieve() { return sieve_; }
  void Add(const ExampleRow& row);  // throws Error, having changed nothing, for a row that does not fit
  // Throws Error for no rows, and for too many that were bad.
  ExampleSet Finish(std::string format) &&;

 private:
  // A series while its rows come.
  struct Series {
    std::vector<double> values, times;  // [T, D], and [T] with ExampleFields::time
    std::string label, place;
  };

  void RequireLabel(const ExampleRow& row) const;
  void AddSentence(const ExampleRow& row);
  Series& SeriesOf(const ExampleRow& row);
  void SortByTime();
  void FinishSeries();
  void TellCut(size_t cut, const std::string& limit);

  const ExampleFields& fields_;
  LineSieve sieve_;
  ExampleSet set_;
  std::vector<Series> series_;
  std::unordered_map<std::string, size_t> begun_;  // where in series_, by name
  size_t cut_ = 0;                                 // sentences
};

}  // namespace eddy
