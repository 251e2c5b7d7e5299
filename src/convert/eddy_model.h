// The recurrent layers of a model of Eddy: arrays NAME.0.W, NAME.0.U ... that are, all of them, those of a stack in the
// model's description.
#pragma once

#include "eddy/convert.h"
#include "model/model_file.h"

namespace eddy {

// Throws Error for a description that is broken. What is no plain stack, such as a hybrid, is left.
ConvertedLayers LayersFromModel(const Model& model);

}  // namespace eddy
