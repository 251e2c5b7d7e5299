// What the parts of a chain of converted layers (eddy/converted_chain.h) share.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "eddy/converted_chain.h"
#include "model/model_file.h"

namespace eddy {

inline constexpr const char* kChainTask = "chain";  // of its model on disk

struct LinkWidths {
  size_t input = 0, output = 0;  // 0 and 0 of an operation, 0 of the tokens that come in
};
LinkWidths WidthsOf(const ChainLink& link);
bool IsTable(const ChainLink& link);
std::vector<Parameter*> ParametersOf(ChainLink& link);
std::vector<const Parameter*> ParametersOf(const ChainLink& link);

// Throws Error where these links are no chain.
void RequireChain(std::span<const ChainLink> links);

// Throws Error for a model that is none or broken; runs its golden.
ConvertedChain ChainFromModel(const Model& model);

// The recurrent layers of a chain, whose other links are left.
ConvertedLayers LayersOf(ConvertedChain chain);

}  // namespace eddy
