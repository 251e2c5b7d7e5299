// A description is read before any of its sizes is proved. This proves a stack's before it is built.
#pragma once

#include "eddy/recurrent.h"
#include "model/safetensors.h"

namespace eddy {

// Throws Error when so many weights are more than all of `tensors` together hold.
void RequireStored(double weights, const NamedTensors& tensors);
// Throws Error when a stack of these options has more weights than all of `tensors` together: the description is wrong, and
// building it could take any amount of memory.
void RequireFits(const StackOptions& options, const NamedTensors& tensors);

}  // namespace eddy
