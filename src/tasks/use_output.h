// Where the verb of a task writes what it makes: a file, standard output, or JSON.
#pragma once

#include <string>
#include <string_view>

#include "tasks/task.h"

namespace eddy {

struct UseOutput {
  std::string path;  // empty for standard output
  bool json = false;
};

// --output, called `value`, and --json, one object "instead of" what is said.
void Declare(UseOutput& output, OptionTable& table, const std::string& value, const std::string& json_help);

// Whole or not at all. Throws Error when it cannot be written.
void WriteText(std::string_view text, const UseOutput& output, UseContext& context);

}  // namespace eddy
