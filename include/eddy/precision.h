// The numbers that products multiply. They are summed in float32, and everything else is in float32.
#pragma once

namespace eddy {

enum class Precision {
  kFloat32,
  // Operands rounded to bfloat16 (8 bits of exponent, 8 of mantissa). Twice as fast where the processor has instructions for
  // it (AVX512_BF16); elsewhere the same values at the speed of float32 or below.
  kBfloat16,
};

}  // namespace eddy
