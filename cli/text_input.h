// The text that a verb learns from, as options and as what they mean.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "tasks/text_source.h"

namespace eddy {

struct TextInput {
  std::vector<std::string> files;
  bool bytes = false, words = false;  // characters otherwise
  TextOptions text;
  std::string valid = "0.1";  // a share, or a file
};

void AddTextInput(CLI::App& verb, TextInput& input);
LoadedText Load(const TextInput& input);  // throws Error and UsageError

}  // namespace eddy
