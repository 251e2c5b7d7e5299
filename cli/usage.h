// Wrong commands: the checks of option values and the one line that says what is wrong and what was probably meant.
#pragma once

#include <CLI/CLI.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace eddy {

// A command that cannot be meant: exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What is wrong with a command that CLI11 could not parse, on one line, with the nearest verb or option.
std::string DescribeUsageError(const CLI::App& app, const CLI::ParseError& error);

// The words between the commas of "a,b", spaces around them left out. Empty text has none.
std::vector<std::string> SplitList(const std::string& text);

// Checks of option values. Their messages follow the option's name.
CLI::Validator OneOf(std::vector<std::string> words);       // suggests the nearest
CLI::Validator NumberIn(double low, double high);           // both included
CLI::Validator WholeNumberIn(uint64_t low, uint64_t high);  // both included
CLI::Validator Probability();                               // in [0, 1)
CLI::Validator Above(double low);                           // finite

}  // namespace eddy
