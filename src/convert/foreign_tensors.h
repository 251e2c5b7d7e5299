// Arrays of a safetensors file that another program wrote, as floats: F64 is rounded; F32, F16 and BF16 are exact.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/safetensors.h"

namespace eddy {

struct ForeignTensors {
  NamedTensors tensors;             // in the order of their data
  std::vector<std::string> others;  // "step (I64)": of whole numbers, of more than four dimensions, or empty
};

// Throws Error for what is no such file, is broken, or does not fit into memory.
ForeignTensors ReadForeignTensors(const std::string& path);
ForeignTensors ParseForeignTensors(std::string_view bytes);

}  // namespace eddy
