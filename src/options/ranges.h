// ValueRange: what values an option takes, and how they are called.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace eddy {

struct ValueRange {
  std::string value;  // how a value is called: "N", "X", "FILE"
  // What is wrong with a text: "must be ..., but is ..."; empty where it is a value of the range.
  std::function<std::string(const std::string&)> problem;

  ValueRange Called(std::string name) const { return {std::move(name), problem}; }
};

ValueRange WholeNumber(uint64_t least, uint64_t most);  // N, both included
ValueRange Number(double least, double most);           // X, both included
ValueRange Above(double limit);                         // X, finite
ValueRange Probability();                               // P, in [0, 1)
ValueRange OneOf(std::vector<std::string> words);       // NAME; names the nearest
ValueRange AnyText(std::string value = "TEXT");         // any at all

}  // namespace eddy
