// A trained language model with all that is needed to use it: how text becomes tokens, the network, and where it comes from.
#pragma once

#include <string>

#include "data/text.h"
#include "model/model_file.h"
#include "tasks/text/network.h"

namespace eddy {

inline constexpr const char* kTextTask = "text";

struct TextModel {
  TextFormat format;
  TextNetwork network;
  Json training;  // provenance, for people and `evaluate`: files, options, held-out loss and floor
};

// With a golden input and output.
Model PackTextModel(TextModel& model);
// Throws Error for a description or tensors that do not fit together, and when the golden output is not reproduced.
TextModel UnpackTextModel(const Model& model);

Json ToJson(const TextDesign& options);
TextDesign TextDesignFromJson(const Json& json);  // throws Error

}  // namespace eddy
