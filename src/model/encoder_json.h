// The layers of a network in the description of a model: "recurrent", an object, where there are recurrent layers alone;
// else "layers", an array of objects, each with its "kind", and "precision".
#pragma once

#include "eddy/encoder.h"
#include "model/json.h"
#include "model/safetensors.h"

namespace eddy {

void AddEncoder(Json& description, const EncoderOptions& options);
// Throws Error for what is missing, of another type, or far out of range; the layers themselves check the rest.
EncoderOptions EncoderFromJson(const Json& description);

// A description is read before any of its sizes is proved. Throws Error when layers of these options have more weights than
// all of `tensors` together: building them could take any amount of memory.
void RequireFits(const EncoderOptions& options, const NamedTensors& tensors);

}  // namespace eddy
