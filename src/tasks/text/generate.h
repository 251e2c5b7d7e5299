// Text that a language model goes on with.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "decode/sampling.h"
#include "eddy/tasks/text.h"
#include "tasks/text/model.h"

namespace eddy {

// Calls write(piece) as the text is made, the prompt first, as it was typed; false from it ends the text. The unknown token
// is never drawn. Returns how many tokens of the prompt the model does not know.
size_t Generate(const TextModel& model, const GenerateOptions& options,
                const std::function<bool(std::string_view piece)>& write);

}  // namespace eddy
