// Wrong commands: the one line that says what is wrong and what was probably meant.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace eddy {

// What is wrong with a command that CLI11 could not parse, on one line, with the nearest verb or option.
std::string DescribeUsageError(const CLI::App& app, const CLI::ParseError& error);

}  // namespace eddy
