// Models that were compared, as bytes from one process to another: every figure to its last bit.
#pragma once

#include <string>
#include <vector>

#include "compare/comparison.h"

namespace eddy {

std::string Serialize(const std::vector<ComparedModel>& models);
std::vector<ComparedModel> ParseComparedModels(const std::string& bytes);  // throws Error

}  // namespace eddy
