// What `eddy inspect` tells of a model file, as JSON and in words.
#pragma once

#include <string>

#include "inspect/inside.h"
#include "json_output.h"
#include "model/model_file.h"

namespace eddy {

// Under "weights", "arrays" (name, shape, norm, largest), "network", "data" (of text: the vocabulary's size and its first
// tokens) and "training".
void AddModel(OrderedJson& json, const Model& model);

// The same for people, from the JSON.
std::string DescribeModel(const OrderedJson& json);

// Tables: gradients, units, activations of each layer.
std::string DescribeInside(const Inside& inside);

}  // namespace eddy
