// The options of recurrent layers in the description of a model.
#pragma once

#include "eddy/recurrent.h"
#include "model/json.h"

namespace eddy {

Json ToJson(const StackOptions& options);
// Throws Error for what is missing, of another type, or far out of range; the layers themselves check the rest.
StackOptions StackOptionsFromJson(const Json& json);

}  // namespace eddy
