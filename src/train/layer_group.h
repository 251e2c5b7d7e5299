// The parameters of a network by layer, as the curves of gradients show them.
#pragma once

#include <string>
#include <vector>

#include "eddy/parameter.h"

namespace eddy {

struct LayerGroup {
  std::string name;  // of the layer
  std::vector<Parameter*> parameters;
};

// In the order of each layer's first parameter. The layer of a parameter is what comes before the last dot of its name, and
// behind the member's number where there is an ensemble: the same layer of all members is one group.
std::vector<LayerGroup> GroupByLayer(const std::vector<Parameter*>& parameters);

}  // namespace eddy
