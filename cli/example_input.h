// The examples that a verb learns to classify from, as options and as what they mean.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "tasks/class_data.h"

namespace eddy {

struct ExampleInput {
  std::string file;
  ExampleFields fields;
  std::string columns;  // a list
  bool no_header = false;
  std::string valid = "0.1";  // a share, or a file
};

void AddExampleInput(CLI::App& verb, ExampleInput& input);
// What is read: a .ts file and a folder say by themselves what is the label, and a folder holds texts unless told otherwise.
// Throws UsageError.
ExampleFields FieldsOf(const ExampleInput& input);
ClassData Load(const ExampleInput& input, const ExampleFields& fields);  // throws Error and UsageError

}  // namespace eddy
