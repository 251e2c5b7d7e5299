// Where the examples of a training come from: kept in the model, so that `evaluate` knows training data when it sees them
// and finds them again for the floors.
#pragma once

#include <string>
#include <vector>

#include "model/json.h"

namespace eddy {

struct DataSource {
  std::string file;
  std::string hash;             // of what was read of it
  std::string valid_file;       // empty where a share is held out
  double share = 0;             // which
  std::vector<size_t> counts;   // of each class, or of each tag's tokens, in the training part
  std::string valid_hash = {};  // of what was read of valid_file
  // How it was split: 1, all that is held out chooses and judges; 2, halves (data/halves.h).
  int split = 2;
};

Json ToJson(const DataSource& source);
DataSource DataSourceFromJson(const Json& json);  // throws Error

}  // namespace eddy
