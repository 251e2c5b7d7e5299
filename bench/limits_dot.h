// The loops of bench/limits for narrow numbers, by instructions that multiply two bfloat16, or four bytes, and add them up.
#pragma once

#include <cstddef>

namespace limits {

struct Loop {
  size_t operations;           // of a step: multiplications and additions
  float (*run)(size_t steps);  // returns what depends on all of them, so that none can be left out
};

// Null where the processor has no such instruction.
const Loop* Bfloat16Loop();
const Loop* Int8Loop();

}  // namespace limits
