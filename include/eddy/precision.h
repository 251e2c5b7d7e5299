// The numbers that products multiply. They are summed in float32 (whole numbers exactly), and everything else is in float32.
#pragma once

#include <string_view>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

enum class Precision {
  kFloat32,
  // Operands rounded to bfloat16 (8 bits of exponent, 8 of mantissa). Twice as fast where the processor has instructions for
  // it (AVX512_BF16); elsewhere the same values at the speed of float32 or below.
  kBfloat16,
  // For inference: operands as whole numbers within +-127 times a scale, one for each row of weights and one for each row
  // that is multiplied by them, at its own largest value (over each 1024 inputs). Four times as fast with AVX512_VNNI.
  kInt8,
};

std::string_view PrecisionName(Precision precision);  // "float32", "bf16", "int8"
Precision PrecisionFromName(std::string_view name);   // throws Error for any other

}  // namespace eddy
EDDY_API_END
