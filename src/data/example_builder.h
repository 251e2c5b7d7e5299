// Makes a set of examples of rows, which the readers of each format put in one by one.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/examples.h"

namespace eddy {

struct ExampleRow {
  std::string place;                        // for errors
  std::string text;                         // a sentence, or
  std::vector<std::vector<double>> values;  // the numbers of each column, NaN where missing
  std::string label;
  std::string series;  // where rows are steps: which series goes on here
};

class ExampleBuilder {
 public:
  // `fields` must outlive it.
  ExampleBuilder(const ExampleFields& fields, std::string_view source);
  void Add(ExampleRow row);  // throws Error for a row that does not fit
  ExampleSet Finish() &&;    // throws Error for no rows, and for a series without a value

 private:
  Example& ExampleOf(const ExampleRow& row);

  const ExampleFields& fields_;
  ExampleSet set_;
  std::unordered_map<std::string, size_t> series_;  // the places of those begun
};

}  // namespace eddy
