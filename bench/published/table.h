// The command line of a published table and what it prints: the floors, then a row a model, ours beside the paper's.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "recipe.h"

namespace eddy::published {

struct Defaults {
  std::string program;      // "adding"
  std::string description;  // one line
  std::string data;         // where to get the folder that it reads; empty where it makes its data
  std::string models;       // separated by commas
  double minutes = 10;      // of processor time for each model and thread
  double rate = 0;          // the learning rate
  double clip = 1;          // the gradients' norm
};

struct Command {
  std::string folder, data;  // of the program's data, and where to get it
  std::vector<std::string> models;
  std::string table;             // only those tables whose titles have this in them
  std::optional<size_t> layers;  // of cells, in place of the recipe's
  double minutes = 0;
  double rate = 0;
  double clip = 0;
  uint64_t seed = 1;
  int threads = 1;
  bool json = false;

  TrainingOptions Training() const;                 // adam, a cosine over the minutes after a short rise
  std::string File(const std::string& name) const;  // in the folder; throws UsageError with `data` where it is missing
};

struct Published {
  std::map<std::string, double> figures;  // by model
  std::vector<std::pair<std::string, double>> floors;
};

// Trains and tests every model of the command, and prints the table, if it is one that is asked for.
void RunTable(const Command& command, Recipe recipe, const Published& published);

// Parses the command and runs the tables; one line on standard error and the exit code when anything is wrong: 1, or 2 for a
// wrong command and missing data.
int Main(int argc, char** argv, const Defaults& defaults, const std::function<void(const Command&)>& run);

}  // namespace eddy::published
